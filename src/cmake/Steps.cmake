# The cached steps: toolchain, engines, C libraries, CPython. Each script says what it makes.

include_guard(GLOBAL)

set(STEPS "${COIL_SOURCE_DIR}/src/cmake/steps")
set(em_files "${STEPS}/emscripten.env.sh")

coil_step(node24 SCRIPT "${STEPS}/node24.sh" PINS node24)
coil_step(node26 SCRIPT "${STEPS}/node26.sh" PINS node26)
coil_step(python-native SCRIPT "${STEPS}/python-native.sh" PINS cpython)

if(COIL_EMSDK_PATH)
  set(em_environment "COIL_EMSDK_PATH=${COIL_EMSDK_PATH}")
  set(em_depends node24)
else()
  coil_step(emscripten SCRIPT "${STEPS}/emscripten.sh"
    FILES "${COIL_SOURCE_DIR}/src/cmake/toolchain/make-debian-root.sh"
          "${COIL_SOURCE_DIR}/src/cmake/toolchain/debian-packages.txt"
    NETWORK)
  set(COIL_EMSCRIPTEN_ROOT "${COIL_PREFIX_emscripten}")
  set(em_environment "")
  set(em_depends node24 emscripten)
endif()
coil_step(sysroot SCRIPT "${STEPS}/sysroot.sh" FILES ${em_files} DEPENDS ${em_depends}
  ENVIRONMENT ${em_environment})
list(APPEND em_depends sysroot)

foreach(library zlib bzip2 xz libffi sqlite openssl)
  coil_step(${library} SCRIPT "${STEPS}/${library}.sh" PINS ${library} FILES ${em_files}
    DEPENDS ${em_depends} ENVIRONMENT ${em_environment})
endforeach()

file(GLOB patches CONFIGURE_DEPENDS "${COIL_SOURCE_DIR}/src/cpython/patches/*.patch")
coil_step(python-wasm SCRIPT "${STEPS}/python-wasm.sh" PINS cpython
  FILES ${em_files} ${patches} "${COIL_SOURCE_DIR}/src/cpython/config.site"
        "${COIL_SOURCE_DIR}/src/cpython/Setup.local" "${COIL_SOURCE_DIR}/src/cpython/install.sh"
        "${COIL_SOURCE_DIR}/src/cpython/profile/interpreter.profdata"
  DEPENDS ${em_depends} python-native zlib bzip2 xz libffi sqlite
  ENVIRONMENT ${em_environment} "COIL_PROFILE=${COIL_PROFILE}")
coil_step(openssl-modules SCRIPT "${STEPS}/openssl-modules.sh" PINS cpython FILES ${em_files}
  DEPENDS ${em_depends} openssl python-wasm ENVIRONMENT ${em_environment})
file(GLOB library_patches CONFIGURE_DEPENDS "${COIL_SOURCE_DIR}/src/cpython/patches/library/*.patch")
coil_step(standard-library SCRIPT "${STEPS}/standard-library.sh" FILES ${library_patches}
  DEPENDS python-wasm)
