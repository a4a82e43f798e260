# _hashlib and _ssl as side modules, with the library that both need. They are files of the
# distribution that no start reads: what imports them loads them.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
out=$COIL_DESTDIR$COIL_PREFIX
suffix=cpython-313-wasm32-emscripten.so
# Not libcrypto.so: LD_LIBRARY_PATH may name a folder where the host has its own.
library=libcoil_crypto.so
ln -s "$COIL_SOURCE_CPYTHON/Modules" modules
include="-I$COIL_PYTHON_WASM/include/python3.13 -I$COIL_PYTHON_WASM/include/python3.13/internal"
for name in _hashopenssl _ssl; do
    # shellcheck disable=SC2086  # these are lists of flags
    emcc $COIL_ABI_FLAGS -O2 -g0 -DNDEBUG -DPy_BUILD_CORE_MODULE $include -Imodules \
        "-I$COIL_OPENSSL/include" -c "modules/$name.c" -o "$name.o"
done

# The library shows what these modules and libssl use, and the linker drops the rest.
emnm --defined-only --extern-only --just-symbol-name "$COIL_OPENSSL/lib/libcrypto.a" | sort -u > defined
emnm --undefined-only --just-symbol-name _hashopenssl.o _ssl.o "$COIL_OPENSSL/lib/libssl.a" |
    sort -u > used
comm -12 defined used | sed -n 's/^[A-Za-z_].*$/_&/p' > exports

link="$COIL_ABI_FLAGS -O2 -g0 -sASSERTIONS=0 -sWASM_BIGINT -sSIDE_MODULE=2 -Wno-experimental"
# shellcheck disable=SC2086
emcc $link -sEXPORTED_FUNCTIONS=@exports "$COIL_OPENSSL/lib/libcrypto.a" -o "$library"
# shellcheck disable=SC2086,SC2016
emcc $link -sEXPORTED_FUNCTIONS=_PyInit__hashlib -Wl,-rpath,'$ORIGIN' \
    _hashopenssl.o "$library" -o "_hashlib.$suffix"
# shellcheck disable=SC2086,SC2016
emcc $link -sEXPORTED_FUNCTIONS=_PyInit__ssl -Wl,-rpath,'$ORIGIN' \
    _ssl.o "$COIL_OPENSSL/lib/libssl.a" "$library" -o "_ssl.$suffix"
mkdir -p "$out"
cp "$library" "_hashlib.$suffix" "_ssl.$suffix" "$out/"
