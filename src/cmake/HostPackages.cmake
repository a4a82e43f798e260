# Programs and headers of the host, and Debian's packages that have them.

include_guard(GLOBAL)

# The folders where the C compiler looks for headers: they differ between systems. None without a
# compiler: all headers' packages are then asked for together with it.
function(coil_header_folders out)
  set(folders "")
  find_program(compiler cc NO_CACHE)
  if(compiler)
    execute_process(COMMAND "${compiler}" -E -Wp,-v -x c /dev/null
                    OUTPUT_QUIET ERROR_VARIABLE verbose)
    string(REGEX MATCHALL "\n /[^\n]*" folders "\n${verbose}")
    list(TRANSFORM folders STRIP)
  endif()
  set(${out} "${folders}" PARENT_SCOPE)
endfunction()

# coil_missing_packages(<out> <need>...): the packages of the needs that this machine does not meet. A
# need is <file>|<package>, the file a program (or several names of one, with commas between), a C
# header or an absolute path.
function(coil_missing_packages out)
  set(missing "")
  coil_header_folders(header_folders)
  foreach(need IN LISTS ARGN)
    string(REPLACE "|" ";" need "${need}")
    list(POP_FRONT need program package)
    if(IS_ABSOLUTE "${program}")
      set(found "${program}")
    elseif(program MATCHES "\\.h$")
      find_file(found "${program}" PATHS ${header_folders} NO_DEFAULT_PATH NO_CACHE)
    else()
      string(REPLACE "," ";" names "${program}")
      find_program(found NAMES ${names} NO_CACHE)
    endif()
    if(NOT found OR NOT EXISTS "${found}")
      list(APPEND missing "${package}")
    endif()
    unset(found)
  endforeach()
  list(REMOVE_DUPLICATES missing)
  set(${out} "${missing}" PARENT_SCOPE)
endfunction()

# coil_install_packages(<package>...): installs them, or ends with a message that names them.
function(coil_install_packages)
  list(JOIN ARGN " " names)
  execute_process(COMMAND id -u OUTPUT_VARIABLE user OUTPUT_STRIP_TRAILING_WHITESPACE)
  find_program(apt apt-get NO_CACHE)
  if(NOT apt OR NOT user EQUAL 0)
    message(FATAL_ERROR "Missing on this machine: ${names}\n"
                        "Install them (on Debian or Ubuntu: sudo apt-get install ${names}) "
                        "and run the same command again.")
  endif()
  if(COIL_OFFLINE)
    message(FATAL_ERROR "Missing on this machine: ${names}. COIL_OFFLINE forbids installing them.")
  endif()
  message(STATUS "Installing ${names}")
  set(ENV{DEBIAN_FRONTEND} noninteractive)
  execute_process(COMMAND "${apt}" update -q OUTPUT_QUIET ERROR_VARIABLE update_errors)
  execute_process(COMMAND "${apt}" install -q -y --no-install-recommends ${ARGN}
                  OUTPUT_VARIABLE log ERROR_VARIABLE log RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "apt-get could not install ${names}:\n${update_errors}\n${log}")
  endif()
endfunction()
