# libjpeg-turbo as a static library, for pillow. Its SIMD is assembly of other machines.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
cmake -S "$COIL_SOURCE_LIBJPEG_TURBO" -B . -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_TOOLCHAIN_FILE="$COIL_ROOT/src/cmake/Emscripten.cmake" \
    -DCOIL_TOOLS="$(dirname "$(command -v emcc)")" \
    -DCMAKE_C_FLAGS="$COIL_CFLAGS -ffile-prefix-map=$COIL_SOURCE_LIBJPEG_TURBO=libjpeg-turbo" \
    -DWITH_SIMD=OFF -DWITH_TURBOJPEG=OFF -DENABLE_SHARED=OFF -DENABLE_STATIC=ON \
    -DCMAKE_INSTALL_PREFIX="$COIL_PREFIX" -DCMAKE_INSTALL_LIBDIR=lib
cmake --build . --parallel "$COIL_JOBS" --target jpeg-static
mkdir -p "$COIL_DESTDIR$COIL_PREFIX/lib" "$COIL_DESTDIR$COIL_PREFIX/include"
cp libjpeg.a "$COIL_DESTDIR$COIL_PREFIX/lib/"
cp jconfig.h "$COIL_SOURCE_LIBJPEG_TURBO"/src/jpeglib.h "$COIL_SOURCE_LIBJPEG_TURBO"/src/jmorecfg.h \
    "$COIL_SOURCE_LIBJPEG_TURBO"/src/jerror.h "$COIL_DESTDIR$COIL_PREFIX/include/"
