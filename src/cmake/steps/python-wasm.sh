# CPython for wasm: libpython.a with every extension module that can work, the static libraries beside
# it, headers, the standard library (patched) and the build's sysconfig data.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
build_python=$COIL_PYTHON_NATIVE/bin/python3.13
build=$PWD
# Relative: getpath.c compiles the path of the sources in.
source=../source-cpython/$(basename "$COIL_SOURCE_CPYTHON")
out=$COIL_DESTDIR$COIL_PREFIX

cd "$source"
for patch in "$COIL_ROOT"/src/cpython/patches/*.patch; do
    [ -e "$patch" ] || continue
    git apply --whitespace=nowarn -p1 "$patch" || { echo "$patch does not apply" >&2; exit 1; }
done
cp "$COIL_ROOT/src/cpython/Setup.local" Modules/Setup.local.coil
cd "$build"
mkdir -p Modules
cp "$COIL_ROOT/src/cpython/Setup.local" Modules/Setup.local

# The paths below never reach the distribution: the objects map them away, and the sysconfig data is
# rewritten by the packaging of the standard library.
include="-I$COIL_ZLIB/include -I$COIL_BZIP2/include -I$COIL_XZ/include -I$COIL_LIBFFI/include"
include="$include -I$COIL_SQLITE/include"
export CONFIG_SITE="$COIL_ROOT/src/cpython/config.site"
export ZLIB_CFLAGS="-I$COIL_ZLIB/include" ZLIB_LIBS="-L$COIL_ZLIB/lib -lz"
export BZIP2_CFLAGS="-I$COIL_BZIP2/include" BZIP2_LIBS="-L$COIL_BZIP2/lib -lbz2"
export LIBLZMA_CFLAGS="-I$COIL_XZ/include" LIBLZMA_LIBS="-L$COIL_XZ/lib -llzma"
export LIBFFI_CFLAGS="-I$COIL_LIBFFI/include" LIBFFI_LIBS="-L$COIL_LIBFFI/lib -lffi"
export LIBSQLITE3_CFLAGS="-I$COIL_SQLITE/include" LIBSQLITE3_LIBS="-L$COIL_SQLITE/lib -lsqlite3"
export PATH="$COIL_NODE24/bin:$PATH"

maps="-ffile-prefix-map=$COIL_SOURCE_CPYTHON=cpython -ffile-prefix-map=$source=cpython"
maps="$maps -ffile-prefix-map=$build=build"

# HAVE_LARGEFILE_SUPPORT: configure forces it off for Emscripten, whose off_t has long had 64 bits.
# The target "node" keeps fcntl and termios; its link flags (NODERAWFS) are never used: the
# distribution is linked elsewhere.
emconfigure "$source/configure" -q --host=wasm32-unknown-emscripten \
    --build="$("$source/config.guess")" --with-build-python="$build_python" \
    --prefix=/ --with-emscripten-target=node --enable-wasm-dynamic-linking \
    --without-ensurepip --with-pkg-config=no --with-pymalloc --without-mimalloc \
    CFLAGS="$COIL_ABI_FLAGS -g0 $maps" \
    OPT='-DNDEBUG -O3 -Wall' \
    LDFLAGS='-fwasm-exceptions -sSUPPORT_LONGJMP=wasm -O1 -sASSERTIONS=0' \
    CPPFLAGS="$include -DHAVE_LARGEFILE_SUPPORT=1"

# What a training program did decides what is inlined and what lies together (src/cpython/profile).
# Not through configure, which would pass the flags on to wheels. A function that a patch has changed
# since is compiled without its counts.
case $COIL_PROFILE in
use)
    cp "$COIL_ROOT/src/cpython/profile/interpreter.profdata" .
    profile="-fprofile-use=$build/interpreter.profdata -Wno-profile-instr-unprofiled"
    profile="$profile -Wno-profile-instr-out-of-date"
    ;;
generate) profile=-fprofile-generate ;;
none) profile= ;;
esac
emmake make --silent -j"$COIL_JOBS" CFLAGS_NODIST="$profile" libpython3.13.a pybuilddir.txt

. "$COIL_ROOT/src/cpython/install.sh"
