# CPython for the build host: compiles the standard library, runs the cross build's own scripts and is
# the reference that tests and benchmarks compare with. Not optimised by profile, to save minutes.
"$COIL_SOURCE_CPYTHON/configure" -q --prefix="$COIL_PREFIX" --with-ensurepip=install \
    --disable-test-modules CFLAGS='-O2 -g0'
make --silent -j"$COIL_JOBS"
make --silent install DESTDIR="$COIL_DESTDIR"
# The regression suite runs on it too: its tests, without compiled copies of all of them.
cp -R "$COIL_SOURCE_CPYTHON/Lib/test" "$COIL_DESTDIR$COIL_PREFIX/lib/python3.13/"
find "$COIL_DESTDIR$COIL_PREFIX/lib/python3.13/test" -name __pycache__ -prune -exec rm -rf {} +
