# The browsers that tests run in. Only tests need them, so they are not part of Bootstrap.cmake: target
# `browsers`, on which `test-inputs` depends, runs this file as a script and installs what is missing.

include("${CMAKE_CURRENT_LIST_DIR}/HostPackages.cmake")

set(chromium_names chromium chromium-browser google-chrome-stable google-chrome)
set(firefox_names firefox-esr firefox)
list(JOIN chromium_names "," chromium_need)
list(JOIN firefox_names "," firefox_need)

if(CMAKE_SCRIPT_MODE_FILE)
  coil_missing_packages(missing "${chromium_need}|chromium" "${firefox_need}|firefox-esr")
  if(missing)
    coil_install_packages(${missing})
  endif()
  return()
endif()

# Where they are now, or the names under which PATH will have them.
find_program(COIL_CHROMIUM NAMES ${chromium_names} DOC "Chromium, for tests")
find_program(COIL_FIREFOX NAMES ${firefox_names} DOC "Firefox, for tests")
set(chromium_program "${COIL_CHROMIUM}")
set(firefox_program "${COIL_FIREFOX}")
if(NOT COIL_CHROMIUM)
  set(chromium_program chromium)
endif()
if(NOT COIL_FIREFOX)
  set(firefox_program firefox-esr)
endif()
if(NOT COIL_CHROMIUM OR NOT COIL_FIREFOX)
  add_custom_target(browsers
    COMMAND "${CMAKE_COMMAND}" "-DCOIL_OFFLINE=${COIL_OFFLINE}" -P "${CMAKE_CURRENT_LIST_FILE}"
    USES_TERMINAL VERBATIM)
else()
  add_custom_target(browsers)
endif()
