# Targets `lint` and `format`, and the test `lint`. The tools are pinned and come as two cached steps:
# those from Python packages (lint-tools) and those from npm packages (node-modules).

include_guard(GLOBAL)

coil_step(lint-tools SCRIPT "${COIL_SOURCE_DIR}/src/cmake/steps/lint-tools.sh"
  FILES "${COIL_SOURCE_DIR}/src/cmake/tools/requirements.txt"
  DEPENDS python-native NETWORK)
if(NOT TARGET node-modules)
  coil_step(node-modules SCRIPT "${COIL_SOURCE_DIR}/src/cmake/steps/node-modules.sh"
    FILES "${COIL_SOURCE_DIR}/package.json" "${COIL_SOURCE_DIR}/package-lock.json"
          "${COIL_SOURCE_DIR}/.npmrc"
    NETWORK)
endif()

# What C files are checked with: the target and the headers that the wasm half compiles with.
set(lint_tidy
  "--tidy-arg=--target=wasm32-unknown-emscripten"
  "--tidy-arg=--sysroot=${COIL_PREFIX_sysroot}/cache/sysroot"
  "--tidy-arg=-I${COIL_PREFIX_python-wasm}/include/python3.13"
  "--tidy-arg=-I${COIL_PREFIX_libffi}/include"
  "--tidy-arg=-I${COIL_SOURCE_DIR}/src/runtime"
  "--tidy-arg=-I${COIL_SOURCE_DIR}/pyjs_bridge/c")
set(lint_command "${COIL_PREFIX_python-native}/bin/python3.13"
  "${COIL_SOURCE_DIR}/src/cmake/tools/lint.py"
  --tools "${COIL_PREFIX_lint-tools}" --node-modules "${COIL_PREFIX_node-modules}/node_modules")

add_custom_target(lint-inputs)
add_dependencies(lint-inputs lint-tools node-modules python-wasm libffi)
add_custom_target(lint COMMAND ${lint_command} lint ${lint_tidy} VERBATIM USES_TERMINAL)
add_custom_target(format COMMAND ${lint_command} format VERBATIM USES_TERMINAL)
add_dependencies(lint lint-inputs)
add_dependencies(format lint-inputs)

enable_testing()
add_test(NAME lint COMMAND ${lint_command} lint ${lint_tidy})
