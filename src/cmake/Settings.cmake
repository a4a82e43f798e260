# Options of the build that a user may set with -D.

include_guard(GLOBAL)
include(ProcessorCount)

if(DEFINED ENV{XDG_CACHE_HOME})
  set(default_cache "$ENV{XDG_CACHE_HOME}/coil")
else()
  set(default_cache "$ENV{HOME}/.cache/coil")
endif()
ProcessorCount(processors)

set(COIL_CACHE "${default_cache}" CACHE PATH "Downloads and results of build steps, keyed by content")
set(COIL_OFFLINE OFF CACHE BOOL "Use what the cache holds; never download")
set(COIL_JOBS "${processors}" CACHE STRING "Processes that one build step may use")
set(COIL_DEBIAN_MIRROR "" CACHE STRING "Base URL of a Debian mirror (found by itself on Debian)")
# Measured with tests/bench (--control, --coil-b): 10 % less CPU time of a mixed job on Node 26, 1 % or
# less lost on Node 24.
set(COIL_ROUTE_INDIRECT_CALLS ON CACHE BOOL "Route call_indirect through one thunk per signature")
