# Wheels: what packages/build needs, and a target for each recipe. Nothing here is part of the
# distribution; `packages` makes the quick ones, `package-NAME` one of them.

include_guard(GLOBAL)

set(packages "${COIL_SOURCE_DIR}/packages")
coil_step(build-tools SCRIPT "${STEPS}/build-tools.sh" FILES "${packages}/build/requirements.txt"
  DEPENDS python-native NETWORK)
coil_step(libjpeg-turbo SCRIPT "${STEPS}/libjpeg-turbo.sh" PINS libjpeg-turbo FILES ${em_files}
  DEPENDS ${em_depends} ENVIRONMENT ${em_environment})
# Only packages written in Rust need it.
coil_step(rust SCRIPT "${STEPS}/rust.sh" NETWORK)
# Wheels of others, by a file of versions and hashes.
function(coil_wheels name file)
  coil_step(${name} SCRIPT "${STEPS}/wheels.sh" FILES "${COIL_SOURCE_DIR}/${file}"
    DEPENDS python-native ENVIRONMENT "COIL_WHEELS=${file}" NETWORK)
  set(COIL_PREFIX_${name} "${COIL_PREFIX_${name}}" PARENT_SCOPE)
  set(COIL_COMPLETE_${name} "${COIL_COMPLETE_${name}}" PARENT_SCOPE)
endfunction()
coil_wheels(pure-wheels packages/pure.txt)
coil_wheels(published-wheels tests/packages/published.txt)

set(libraries "")
foreach(library zlib libjpeg-turbo)
  list(APPEND libraries "\"${library}\": \"${COIL_PREFIX_${library}}\"")
endforeach()
list(JOIN libraries ", " libraries)
set(package_settings "${CMAKE_BINARY_DIR}/packages/settings.json")
file(CONFIGURE OUTPUT "${package_settings}" @ONLY CONTENT [=[{
 "cache": "@COIL_CACHE@",
 "offline": "@COIL_OFFLINE@",
 "jobs": "@COIL_JOBS@",
 "python": "@native_python@",
 "node": "@node24@",
 "cli": "@COIL_DIST@/bin/coil",
 "tools": "@tools@",
 "headers": "@COIL_PREFIX_python-wasm@/include/python3.13",
 "sysconfig_data": "@sysconfig_data@",
 "build_tools": "@COIL_PREFIX_build-tools@",
 "libraries": {@libraries@},
 "rust": "@COIL_PREFIX_rust@",
 "pure": "@COIL_PREFIX_pure-wheels@",
 "toolchain": ["sysroot-@COIL_KEY_sysroot@"]
}
]=])

add_custom_target(package-inputs)
add_dependencies(package-inputs distribution build-tools libjpeg-turbo pure-wheels)
set(build_packages "${native_python}" "${packages}/build" --settings "${package_settings}")
add_custom_target(packages COMMAND ${build_packages} quick cached
  DEPENDS package-inputs USES_TERMINAL VERBATIM)
file(GLOB recipes CONFIGURE_DEPENDS "${packages}/recipes/*/recipe.toml")
foreach(recipe IN LISTS recipes)
  cmake_path(GET recipe PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  set(out "${CMAKE_BINARY_DIR}/packages/${name}")
  add_custom_target(package-${name} COMMAND ${build_packages} --out "${out}" ${name}
    DEPENDS package-inputs USES_TERMINAL VERBATIM)
  file(STRINGS "${recipe}" rust REGEX "^rust = true$")
  if(rust)
    add_dependencies(package-${name} rust)
  endif()
endforeach()
