# liblzma as a static library, without threads.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
# shellcheck disable=SC2086
emconfigure "$COIL_SOURCE_XZ/configure" --quiet --host=wasm32-unknown-emscripten \
    --prefix="$COIL_PREFIX" --disable-shared --enable-static --disable-nls --enable-threads=no \
    --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo --disable-lzma-links \
    --disable-scripts --disable-doc CFLAGS="$COIL_CFLAGS -ffile-prefix-map=$COIL_SOURCE_XZ=xz" \
    LDFLAGS='-O1 -sASSERTIONS=0 -fwasm-exceptions'
emmake make -j"$COIL_JOBS" --silent
emmake make --silent install DESTDIR="$COIL_DESTDIR"
