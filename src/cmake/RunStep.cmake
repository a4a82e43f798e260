# cmake -DSTEP_FILE=<description> -P RunStep.cmake: makes the result of one step, unless it is there.
#
# The step's script is run by sh in an empty work directory with this environment:
#   COIL_SOURCE_<PIN>   unpacked source of each pin (the archive's single top directory)
#   COIL_<STEP>         result of each step it depends on
#   COIL_PREFIX         where the result will live
#   COIL_DESTDIR        where to put it now: the script fills $COIL_DESTDIR$COIL_PREFIX
#   COIL_ROOT           this repository
#   COIL_JOBS           how many processes to use
# Whatever goes wrong, the cache holds either the whole result or nothing of it.

cmake_minimum_required(VERSION 3.25)
include("${STEP_FILE}")
include("${CMAKE_CURRENT_LIST_DIR}/Pins.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/Fetch.cmake")

function(unpack pin work)
  coil_fetch("${pin}" archive)
  set(directory "${work}/source-${pin}")
  file(MAKE_DIRECTORY "${directory}")
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${directory}")
  file(GLOB top LIST_DIRECTORIES true "${directory}/*")
  list(LENGTH top count)
  if(NOT count EQUAL 1)
    set(top "${directory}")
  endif()
  string(TOUPPER "COIL_SOURCE_${pin}" name)
  string(REPLACE "-" "_" name "${name}")
  set(ENV{${name}} "${top}")
endfunction()

# On a full disk the log is cut before it says so.
function(check_disk)
  execute_process(COMMAND head -c 65536 /dev/zero OUTPUT_FILE "${work}/probe" ERROR_QUIET)
  file(SIZE "${work}/probe" size)
  if(size LESS 65536)
    file(REMOVE_RECURSE "${work}")
    message(FATAL_ERROR "Step ${STEP_NAME} failed: disk full (${COIL_CACHE}). Make room, or choose "
                        "another cache with -DCOIL_CACHE, and run the same command again.")
  endif()
endfunction()

function(show_failure log code)
  check_disk()
  file(STRINGS "${log}" lines)
  list(LENGTH lines count)
  math(EXPR first "${count} - 40")
  if(first LESS 0)
    set(first 0)
  endif()
  list(SUBLIST lines ${first} -1 tail)
  list(JOIN tail "\n  " text)
  message(FATAL_ERROR "Step ${STEP_NAME} failed (${code}). Last lines of ${log}:\n  ${text}")
endfunction()

file(MAKE_DIRECTORY "${COIL_CACHE}/locks" "${COIL_CACHE}/built" "${COIL_CACHE}/logs")
file(LOCK "${COIL_CACHE}/locks/${STEP_NAME}-${STEP_KEY}" GUARD PROCESS TIMEOUT 7200)
if(EXISTS "${STEP_PREFIX}/.complete")
  file(TOUCH "${STEP_PREFIX}/.complete")
  return()
endif()

if(STEP_NETWORK AND COIL_OFFLINE)
  message(FATAL_ERROR "Step ${STEP_NAME} needs the network: COIL_OFFLINE is on and the cache "
                      "(${COIL_CACHE}/built) does not have its result. Build once without COIL_OFFLINE.")
endif()

set(work "${COIL_CACHE}/work/${STEP_NAME}-${STEP_KEY}")
set(log "${COIL_CACHE}/logs/${STEP_NAME}-${STEP_KEY}.log")
file(REMOVE_RECURSE "${work}" "${STEP_PREFIX}")
file(MAKE_DIRECTORY "${work}/build")
foreach(pin IN LISTS STEP_PINS)
  unpack("${pin}" "${work}")
endforeach()
foreach(assignment IN LISTS STEP_ENVIRONMENT)
  string(REGEX MATCH "^([^=]+)=(.*)$" ignored "${assignment}")
  set(ENV{${CMAKE_MATCH_1}} "${CMAKE_MATCH_2}")
endforeach()
# git apply passes over files without a word where it finds a repository that they do not belong to;
# the cache may lie in one.
set(ENV{GIT_CEILING_DIRECTORIES} "${COIL_CACHE}/work")
set(ENV{COIL_PREFIX} "${STEP_PREFIX}")
set(ENV{COIL_DESTDIR} "${work}/install")
set(ENV{COIL_ROOT} "${COIL_SOURCE_DIR}")
set(ENV{COIL_JOBS} "${COIL_JOBS}")
file(MAKE_DIRECTORY "${work}/install${STEP_PREFIX}")

string(TIMESTAMP started "%s")
execute_process(COMMAND sh -eu "${STEP_SCRIPT}" WORKING_DIRECTORY "${work}/build"
                OUTPUT_FILE "${log}" ERROR_FILE "${log}" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  show_failure("${log}" "${code}")
endif()
string(TIMESTAMP ended "%s")
math(EXPR seconds "${ended} - ${started}")
file(WRITE "${work}/install${STEP_PREFIX}/.complete" "${STEP_NAME} ${STEP_KEY} ${seconds} s\n")
file(RENAME "${work}/install${STEP_PREFIX}" "${STEP_PREFIX}")
file(REMOVE_RECURSE "${work}")
message(STATUS "Step ${STEP_NAME}: ${seconds} s")
