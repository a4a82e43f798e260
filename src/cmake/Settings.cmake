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
set(COIL_INTERRUPT_TICK ON CACHE BOOL "Interrupt Python; OFF shows what that costs (tests/bench)")

# "use": compile CPython by the committed profile; "generate": a build that makes a new one (target
# profile); "none".
set(COIL_PROFILE use CACHE STRING "Profile of CPython: use, generate or none")
set_property(CACHE COIL_PROFILE PROPERTY STRINGS use generate none)
if(NOT COIL_PROFILE MATCHES "^(use|generate|none)$")
  message(FATAL_ERROR "COIL_PROFILE is \"${COIL_PROFILE}\"; it can be use, generate or none.")
endif()
