# Build steps whose results live in the cache, keyed by the content of everything that made them.
#
# A step is a shell script that turns pinned sources, files of this repository and the results of other
# steps into a directory. The key is a hash over all of these, so a second build, also from another
# clone, finds the result; a changed patch or flag makes a new one beside the old. ExternalProject was
# the alternative: its stamps belong to one build tree and know nothing of content.

include_guard(GLOBAL)

# coil_step(<name> SCRIPT <file> [PINS <pin>...] [FILES <file>...] [DEPENDS <step>...]
#           [ENVIRONMENT <NAME=value>...] [NETWORK])
#
# NETWORK: the script itself downloads (through a package manager), so COIL_OFFLINE forbids running it.
#
# Adds target <name>. Sets COIL_PREFIX_<name>, the directory that will hold the result, and
# COIL_COMPLETE_<name>, the file that exists when it does. The script is run by RunStep.cmake, which
# says what it gets.
function(coil_step name)
  cmake_parse_arguments(PARSE_ARGV 1 STEP "NETWORK" "SCRIPT" "PINS;FILES;DEPENDS;ENVIRONMENT")
  coil_step_key("${name}" key)
  set(prefix "${COIL_CACHE}/built/${name}-${key}")
  set(environment ${STEP_ENVIRONMENT})
  set(markers "")
  foreach(dependency IN LISTS STEP_DEPENDS)
    string(TOUPPER "${dependency}" upper)
    string(REPLACE "-" "_" upper "${upper}")
    list(APPEND environment "COIL_${upper}=${COIL_PREFIX_${dependency}}")
    list(APPEND markers "${COIL_COMPLETE_${dependency}}")
  endforeach()
  set(description "${CMAKE_BINARY_DIR}/steps/${name}.cmake")
  coil_write_step("${description}")
  add_custom_command(
    OUTPUT "${prefix}/.complete"
    COMMAND "${CMAKE_COMMAND}" "-DSTEP_FILE=${description}" -P "${COIL_SOURCE_DIR}/src/cmake/RunStep.cmake"
    DEPENDS ${markers} "${STEP_SCRIPT}" ${STEP_FILES}
    COMMENT "Step ${name} (${key})"
    VERBATIM)
  add_custom_target("${name}" DEPENDS "${prefix}/.complete")
  set(COIL_PREFIX_${name} "${prefix}" PARENT_SCOPE)
  set(COIL_COMPLETE_${name} "${prefix}/.complete" PARENT_SCOPE)
  set(COIL_KEY_${name} "${key}" PARENT_SCOPE)
endfunction()

# Hashes all that a step is made of. Reads the caller's STEP_ variables.
macro(coil_step_key name out)
  set(material "${name}\n${STEP_ENVIRONMENT}\n")
  foreach(pin IN LISTS STEP_PINS)
    get_property(origins GLOBAL PROPERTY COIL_PIN_${pin}_ORIGINS)
    string(APPEND material "pin ${pin} ${origins}\n")
  endforeach()
  foreach(file IN ITEMS "${STEP_SCRIPT}" LISTS STEP_FILES)
    file(SHA256 "${file}" hash)
    file(RELATIVE_PATH relative "${COIL_SOURCE_DIR}" "${file}")
    string(APPEND material "file ${relative} ${hash}\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  endforeach()
  foreach(dependency IN LISTS STEP_DEPENDS)
    string(APPEND material "step ${dependency} ${COIL_KEY_${dependency}}\n")
  endforeach()
  string(SHA256 hash "${material}")
  string(SUBSTRING "${hash}" 0 16 ${out})
endmacro()

# Writes what RunStep.cmake needs. Reads the caller's variables.
macro(coil_write_step file)
  string(CONFIGURE [[
set(STEP_NAME "@name@")
set(STEP_KEY "@key@")
set(STEP_PREFIX "@prefix@")
set(STEP_SCRIPT "@STEP_SCRIPT@")
set(STEP_PINS "@STEP_PINS@")
set(STEP_NETWORK "@STEP_NETWORK@")
set(STEP_ENVIRONMENT [=[@environment@]=])
set(COIL_CACHE "@COIL_CACHE@")
set(COIL_OFFLINE "@COIL_OFFLINE@")
set(COIL_JOBS "@COIL_JOBS@")
set(COIL_DEBIAN_MIRROR "@COIL_DEBIAN_MIRROR@")
set(COIL_EMSCRIPTEN_ROOT "@COIL_EMSCRIPTEN_ROOT@")
set(COIL_SOURCE_DIR "@COIL_SOURCE_DIR@")
]] step_text @ONLY)
  file(CONFIGURE OUTPUT "${file}" CONTENT "${step_text}" @ONLY)
endmacro()
