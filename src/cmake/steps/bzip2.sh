# bzip2 as a static library.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
cd "$COIL_SOURCE_BZIP2"
for source in blocksort huffman crctable randtable compress decompress bzlib; do
    # shellcheck disable=SC2086
    emcc $COIL_CFLAGS -ffile-prefix-map="$PWD"=bzip2 -D_FILE_OFFSET_BITS=64 -c "$source.c"
done
emar rcs libbz2.a ./*.o
mkdir -p "$COIL_DESTDIR$COIL_PREFIX/lib" "$COIL_DESTDIR$COIL_PREFIX/include"
cp libbz2.a "$COIL_DESTDIR$COIL_PREFIX/lib/"
cp bzlib.h "$COIL_DESTDIR$COIL_PREFIX/include/"
