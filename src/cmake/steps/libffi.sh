# libffi as a static library. Compiled directly: Debian's source has no configure script, and making
# one would ask for autoconf, automake, libtool and texinfo.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
cd "$COIL_SOURCE_LIBFFI"
sed -e 's/@VERSION@/3.5.2/' -e 's/@TARGET@/wasm32/g' -e 's/@HAVE_LONG_DOUBLE@/1/' \
    -e 's/@FFI_VERSION_STRING@/3.5.2/' -e 's/@FFI_VERSION_NUMBER@/30502/' \
    -e 's/@FFI_EXEC_TRAMPOLINE_TABLE@/0/g' include/ffi.h.in > include/ffi.h
cp src/wasm/ffitarget.h include/
cat > include/fficonfig.h <<'CONFIG'
#define EH_FRAME_FLAGS "aw"
#define HAVE_ALLOCA_H 1
#define HAVE_LONG_DOUBLE 1
#define HAVE_MEMCPY 1
#define SIZEOF_DOUBLE 8
#define SIZEOF_LONG_DOUBLE 16
#define SIZEOF_SIZE_T 4
#define STDC_HEADERS 1
#ifdef LIBFFI_ASM
#  define FFI_HIDDEN(name) .hidden name
#else
#  define FFI_HIDDEN __attribute__((visibility("hidden")))
#endif
CONFIG
for source in src/prep_cif.c src/types.c src/raw_api.c src/java_raw_api.c src/closures.c src/wasm/ffi.c; do
    # shellcheck disable=SC2086
    emcc $COIL_CFLAGS -ffile-prefix-map="$PWD"=libffi -Iinclude -DHAVE_CONFIG_H -c "$source" \
        -o "$(echo "$source" | tr / _).o"
done
emar rcs libffi.a ./*.o
mkdir -p "$COIL_DESTDIR$COIL_PREFIX/lib" "$COIL_DESTDIR$COIL_PREFIX/include"
cp libffi.a "$COIL_DESTDIR$COIL_PREFIX/lib/"
cp include/ffi.h include/ffitarget.h "$COIL_DESTDIR$COIL_PREFIX/include/"
