# The distribution, build/dist: the linked interpreter, the packed standard library, the JavaScript.

include_guard(GLOBAL)
include(ExternalProject)
include(Lint)

set(COIL_DIST "${CMAKE_BINARY_DIR}/dist")
set(native_python "${COIL_PREFIX_python-native}/bin/python3.13")
set(node24 "${COIL_PREFIX_node24}/bin/node")

# Wrappers that run Emscripten's tools in their environment, for the sub-build and for wheels.
set(tools "${CMAKE_BINARY_DIR}/tools")
foreach(tool emcc em++ emar emranlib)
  file(CONFIGURE OUTPUT "${tools}/${tool}" @ONLY CONTENT [=[#!/bin/sh
# Generated: runs @tool@ with the build's toolchain.
COIL_NODE24='@COIL_PREFIX_node24@' COIL_SYSROOT='@COIL_PREFIX_sysroot@'
COIL_EMSCRIPTEN='@COIL_PREFIX_emscripten@' COIL_EMSDK_PATH='@COIL_EMSDK_PATH@'
. '@COIL_SOURCE_DIR@/src/cmake/steps/emscripten.env.sh'
exec @tool@ "$@"
]=])
  file(CHMOD "${tools}/${tool}" PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endforeach()

ExternalProject_Add(interpreter
  SOURCE_DIR "${COIL_SOURCE_DIR}/src"
  BINARY_DIR "${CMAKE_BINARY_DIR}/interpreter"
  CMAKE_GENERATOR Ninja
  CMAKE_ARGS "-DCMAKE_TOOLCHAIN_FILE=${COIL_SOURCE_DIR}/src/cmake/Emscripten.cmake"
    "-DCOIL_TOOLS=${tools}" "-DCOIL_PYTHON=${native_python}"
    "-DCOIL_PYTHON_WASM=${COIL_PREFIX_python-wasm}" "-DCOIL_ZLIB=${COIL_PREFIX_zlib}"
    "-DCOIL_BZIP2=${COIL_PREFIX_bzip2}" "-DCOIL_XZ=${COIL_PREFIX_xz}"
    "-DCOIL_LIBFFI=${COIL_PREFIX_libffi}" "-DCOIL_SQLITE=${COIL_PREFIX_sqlite}"
    "-DCOIL_ROUTE_INDIRECT_CALLS=${COIL_ROUTE_INDIRECT_CALLS}"
    "-DCOIL_INTERRUPT_TICK=${COIL_INTERRUPT_TICK}" "-DCOIL_NODE=${node24}"
    "-DCOIL_PROFILE=${COIL_PROFILE}"
  DEPENDS python-wasm
  BUILD_ALWAYS ON
  # The copy is part of building, not of installing: what reads the byproducts would start before it.
  BUILD_COMMAND "${CMAKE_COMMAND}" --build <BINARY_DIR>
  COMMAND "${CMAKE_COMMAND}" -E copy_if_different
    <BINARY_DIR>/pyodide.asm.mjs <BINARY_DIR>/pyodide.asm.wasm "${COIL_DIST}"
  BUILD_BYPRODUCTS "${COIL_DIST}/pyodide.asm.mjs" "${COIL_DIST}/pyodide.asm.wasm"
  USES_TERMINAL_BUILD ON
  INSTALL_COMMAND "")
file(MAKE_DIRECTORY "${COIL_DIST}")

# The standard library: sysconfig data without the build host, our own packages, then the archives.
set(python_packages "${COIL_SOURCE_DIR}/src/python/pyodide" "${COIL_SOURCE_DIR}/src/python/_pyodide")
list(TRANSFORM python_packages APPEND "/*.py" OUTPUT_VARIABLE python_globs)
file(GLOB_RECURSE python_sources CONFIGURE_DEPENDS ${python_globs})
list(TRANSFORM python_packages PREPEND "--extra=" OUTPUT_VARIABLE python_extras)
set(sysconfig_name _sysconfigdata__emscripten_wasm32-emscripten.py)
set(sysconfig_data "${CMAKE_BINARY_DIR}/sysconfigdata/${sysconfig_name}")
add_custom_command(
  OUTPUT "${sysconfig_data}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/sysconfigdata"
  COMMAND "${native_python}" "${COIL_SOURCE_DIR}/src/cpython/sysconfig_data.py"
    "${COIL_PREFIX_python-wasm}/lib/sysconfigdata/${sysconfig_name}" "${sysconfig_data}"
    "${COIL_CACHE}" "${COIL_SOURCE_DIR}"
  DEPENDS "${COIL_COMPLETE_python-wasm}" "${COIL_SOURCE_DIR}/src/cpython/sysconfig_data.py"
  VERBATIM)
add_custom_command(
  OUTPUT "${COIL_DIST}/python_stdlib.zip"
  BYPRODUCTS "${COIL_DIST}/python_stdlib_src.zip" "${COIL_DIST}/python_stdlib_test.zip"
  COMMAND "${native_python}" "${COIL_SOURCE_DIR}/src/python/tools/pack_stdlib.py"
    --lib "${COIL_PREFIX_standard-library}/Lib" --extra "${sysconfig_data}" --out "${COIL_DIST}"
    --jobs "${COIL_JOBS}" ${python_extras}
  DEPENDS "${sysconfig_data}" "${COIL_SOURCE_DIR}/src/python/tools/pack_stdlib.py" ${python_sources}
    "${COIL_COMPLETE_standard-library}"
  COMMENT "Packing the standard library"
  VERBATIM)
add_custom_target(stdlib-archives DEPENDS "${COIL_DIST}/python_stdlib.zip")

# Side modules of the standard library.
set(library_suffix cpython-313-wasm32-emscripten.so)
set(stdlib_libraries libcoil_crypto.so _hashlib.${library_suffix} _ssl.${library_suffix})
list(TRANSFORM stdlib_libraries PREPEND "${COIL_PREFIX_openssl-modules}/"
  OUTPUT_VARIABLE built_libraries)
list(TRANSFORM stdlib_libraries PREPEND "${COIL_DIST}/")
add_custom_command(
  OUTPUT ${stdlib_libraries}
  COMMAND "${CMAKE_COMMAND}" -E copy ${built_libraries} "${COIL_DIST}"
  DEPENDS "${COIL_COMPLETE_openssl-modules}"
  VERBATIM)

# The JavaScript side of the bridge, as one function that the bundles below contain.
set(bridge_factory "${CMAKE_BINARY_DIR}/bridge/factory.mjs")
file(GLOB bridge_sources CONFIGURE_DEPENDS "${COIL_SOURCE_DIR}/pyjs_bridge/js/*.ts")
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/bridge")
add_custom_command(
  OUTPUT "${bridge_factory}"
  COMMAND "${node24}" "${COIL_SOURCE_DIR}/pyjs_bridge/build.mjs" "--out=${bridge_factory}"
    "--node-modules=${COIL_PREFIX_node-modules}/node_modules"
  DEPENDS ${bridge_sources} "${COIL_SOURCE_DIR}/pyjs_bridge/build.mjs"
    "${COIL_COMPLETE_node-modules}" "${COIL_COMPLETE_node24}"
  COMMENT "Bundling the bridge"
  VERBATIM)

# The JavaScript: bundled last, since the sizes and hashes of all other files go into it.
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS "${COIL_SOURCE_DIR}/web/src/*.ts")
file(GLOB web_types CONFIGURE_DEPENDS "${COIL_SOURCE_DIR}/web/types/*.ts")
add_custom_command(
  OUTPUT "${COIL_DIST}/bin/coil"
  COMMAND "${node24}" "${COIL_SOURCE_DIR}/web/build.mjs" "--outdir=${COIL_DIST}"
    "--bridge=${bridge_factory}"
    "--node-modules=${COIL_PREFIX_node-modules}/node_modules"
  DEPENDS ${web_sources} ${web_types} "${bridge_factory}" "${COIL_SOURCE_DIR}/web/build.mjs" "${COIL_SOURCE_DIR}/web/package.json"
    "${COIL_COMPLETE_node-modules}" "${COIL_COMPLETE_node24}" interpreter stdlib-archives
    "${COIL_DIST}/python_stdlib.zip" ${stdlib_libraries} "${COIL_DIST}/pyodide.asm.wasm" "${COIL_DIST}/pyodide.asm.mjs"
  COMMENT "Bundling the loader and the command line"
  VERBATIM)
add_custom_target(distribution ALL DEPENDS "${COIL_DIST}/bin/coil")

# The README's main job: the example program under Coil.
set(example "${COIL_SOURCE_DIR}/src/python/examples/wordcount/wordcount.py")
add_custom_target(run-example
  COMMAND "${node24}" "${COIL_DIST}/bin/coil" "${example}"
  WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
  DEPENDS distribution
  USES_TERMINAL VERBATIM)

# Makes the profile that CPython is compiled by, from what a training program does in this build.
if(COIL_PROFILE STREQUAL "generate")
  find_program(COIL_PROFDATA NAMES llvm-profdata-21 llvm-profdata REQUIRED NO_DEFAULT_PATH
    HINTS "${COIL_EMSCRIPTEN_ROOT}/usr/bin" "${COIL_EMSDK_PATH}/../bin")
  set(profile "${COIL_SOURCE_DIR}/src/cpython/profile")
  add_custom_target(profile
    COMMAND "${CMAKE_COMMAND}" -E env PYTHONHASHSEED=0
      "${node24}" "${COIL_DIST}/bin/coil" "${profile}/training.py" "${CMAKE_BINARY_DIR}/profile.raw"
    COMMAND "${COIL_PROFDATA}" merge -sparse "${CMAKE_BINARY_DIR}/profile.raw"
      -o "${profile}/interpreter.profdata"
    DEPENDS distribution "${profile}/training.py"
    USES_TERMINAL VERBATIM)
endif()

# What the tests use besides the distribution.
include(Browsers)
add_custom_target(test-inputs)
add_dependencies(test-inputs distribution node26 lint-inputs browsers)
