# Sourced by every step that runs emcc: finds the compiler, and the cache of its system libraries.
#   COIL_EMSCRIPTEN  the private Debian root (unset when emcc comes from PATH or EMSDK)
#   COIL_NODE24      runs Emscripten's own JavaScript
#   COIL_SYSROOT     the finished cache of system libraries (unset while it is being made)
EM_NODE_JS=$COIL_NODE24/bin/node
export EM_NODE_JS
if [ -n "${COIL_EMSCRIPTEN:-}" ]; then
    EM_CONFIG=$COIL_EMSCRIPTEN/emscripten.config
    NODE_PATH=$COIL_EMSCRIPTEN/usr/share/nodejs
    PATH=$COIL_EMSCRIPTEN/usr/share/emscripten:$PATH
    export EM_CONFIG NODE_PATH
elif [ -n "${COIL_EMSDK_PATH:-}" ]; then
    PATH=$COIL_EMSDK_PATH:$PATH
fi
if [ -n "${COIL_SYSROOT:-}" ]; then
    # Frozen: a library that is missing from the cache is an error here, not a silent build of it.
    EM_CACHE=$COIL_SYSROOT/cache
    EM_FROZEN_CACHE=1
    export EM_FROZEN_CACHE
fi
export EM_CACHE PATH

# The ABI of every object in the distribution. Wheels are compiled with the same flags.
COIL_ABI_FLAGS='-fPIC -fwasm-exceptions -sSUPPORT_LONGJMP=wasm'
# Paths of the build host must not appear in the distribution.
COIL_CFLAGS="$COIL_ABI_FLAGS -O2 -g0 -ffile-prefix-map=$PWD=. -ffile-prefix-map=${COIL_PREFIX:-.}=."
# __DATE__ and __TIME__ are those of CPython's release, not of the build.
SOURCE_DATE_EPOCH=1785888000
export SOURCE_DATE_EPOCH
