# Host programs that the build needs. Included before project(): even the generator's own program may
# be missing on a fresh machine.

include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/HostPackages.cmake")

# See HostPackages.cmake.
set(COIL_HOST_NEEDS
  "ninja|ninja-build"
  "make|make"
  "cc|gcc"
  "git|git"
  "xz|xz-utils"
  "npm|npm"
  "zlib.h|zlib1g-dev"
  "bzlib.h|libbz2-dev"
  "lzma.h|liblzma-dev"
  "sqlite3.h|libsqlite3-dev"
  "openssl/ssl.h|libssl-dev"
  "ffi.h|libffi-dev")

# emcc on PATH or in EMSDK is used when its version is right; otherwise a private Debian root is made.
function(coil_find_emcc out)
  find_program(COIL_EMCC emcc HINTS "$ENV{EMSDK}/upstream/emscripten")
  set(${out} "" PARENT_SCOPE)
  if(NOT COIL_EMCC)
    return()
  endif()
  execute_process(COMMAND "${COIL_EMCC}" --version OUTPUT_VARIABLE text ERROR_QUIET)
  if(text MATCHES " ${COIL_EMSCRIPTEN_VERSION} ")
    get_filename_component(directory "${COIL_EMCC}" DIRECTORY)
    set(${out} "${directory}" PARENT_SCOPE)
  else()
    message(STATUS "Ignoring ${COIL_EMCC}: it is not Emscripten ${COIL_EMSCRIPTEN_VERSION}")
  endif()
endfunction()

include("${CMAKE_CURRENT_LIST_DIR}/Pins.cmake")
coil_find_emcc(COIL_EMSDK_PATH)
if(NOT COIL_EMSDK_PATH)
  list(APPEND COIL_HOST_NEEDS "mmdebstrap|mmdebstrap"
       "/usr/share/keyrings/debian-archive-keyring.gpg|debian-archive-keyring")
endif()
coil_missing_packages(missing ${COIL_HOST_NEEDS})
if(missing)
  coil_install_packages(${missing})
endif()
find_program(COIL_PYTHON python3 REQUIRED)
