# CMake toolchain file of the sub-build in src/. COIL_TOOLS holds wrappers that set Emscripten's
# environment; its own toolchain file is not used, since it needs emcc's directory laid out as the
# emsdk does.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES COIL_TOOLS)
set(CMAKE_C_COMPILER "${COIL_TOOLS}/emcc")
set(CMAKE_ASM_COMPILER "${COIL_TOOLS}/emcc")
set(CMAKE_AR "${COIL_TOOLS}/emar")
set(CMAKE_RANLIB "${COIL_TOOLS}/emranlib")
set(CMAKE_C_COMPILER_WORKS ON)
set(CMAKE_ASM_COMPILER_WORKS ON)
