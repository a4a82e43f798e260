# Host programs that the build needs. Included before project(): even the generator's own program may
# be missing on a fresh machine.

include_guard(GLOBAL)

# <program, C header or absolute file>|<Debian package>, one a line.
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

function(coil_missing_packages out)
  set(missing "")
  coil_header_folders(header_folders)
  foreach(need IN LISTS COIL_HOST_NEEDS)
    string(REPLACE "|" ";" need "${need}")
    list(POP_FRONT need program package)
    if(IS_ABSOLUTE "${program}")
      set(found "${program}")
    elseif(program MATCHES "\\.h$")
      find_file(found "${program}" PATHS ${header_folders} NO_DEFAULT_PATH NO_CACHE)
    else()
      find_program(found "${program}" NO_CACHE)
    endif()
    if(NOT found OR NOT EXISTS "${found}")
      list(APPEND missing "${package}")
    endif()
    unset(found)
  endforeach()
  list(REMOVE_DUPLICATES missing)
  set(${out} "${missing}" PARENT_SCOPE)
endfunction()

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

include("${CMAKE_CURRENT_LIST_DIR}/Pins.cmake")
coil_find_emcc(COIL_EMSDK_PATH)
if(NOT COIL_EMSDK_PATH)
  list(APPEND COIL_HOST_NEEDS "mmdebstrap|mmdebstrap"
       "/usr/share/keyrings/debian-archive-keyring.gpg|debian-archive-keyring")
endif()
coil_missing_packages(missing)
if(missing)
  coil_install_packages(${missing})
endif()
find_program(COIL_PYTHON python3 REQUIRED)
