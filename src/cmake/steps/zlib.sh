# zlib as a static library. Compiled directly: its configure runs test programs of the build host.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
cd "$COIL_SOURCE_ZLIB"
for source in adler32 crc32 deflate infback inffast inflate inftrees trees zutil compress uncompr \
    gzclose gzlib gzread gzwrite; do
    # shellcheck disable=SC2086
    emcc $COIL_CFLAGS -ffile-prefix-map="$PWD"=zlib -DHAVE_UNISTD_H -D_LARGEFILE64_SOURCE=1 -c "$source.c"
done
emar rcs libz.a ./*.o
mkdir -p "$COIL_DESTDIR$COIL_PREFIX/lib" "$COIL_DESTDIR$COIL_PREFIX/include"
cp libz.a "$COIL_DESTDIR$COIL_PREFIX/lib/"
cp zlib.h zconf.h "$COIL_DESTDIR$COIL_PREFIX/include/"
