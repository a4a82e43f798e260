# Sourced by the python-wasm step after make: puts what later steps need into $out.
#   lib/libpython3.13.a  every static library to link   lib/stdlib/  the patched standard library
#   include/python3.13   headers, with pyconfig.h        lib/sysconfigdata/  the build's sysconfig data
#   lib-dynload/         extension modules of CPython's own tests, as side modules
mkdir -p "$out/lib" "$out/include/python3.13" "$out/lib/sysconfigdata" "$out/lib-dynload"
cp libpython3.13.a Modules/_hacl/*.a Modules/expat/*.a Modules/_decimal/libmpdec/*.a "$out/lib/"
cp -R "$source/Include/." "$out/include/python3.13/"
cp pyconfig.h "$out/include/python3.13/"
cp -R "$source/Lib" "$out/lib/stdlib"
find "$out/lib/stdlib" -name __pycache__ -prune -exec rm -rf {} +
cp "$(cat pybuilddir.txt)"/_sysconfigdata_*.py "$out/lib/sysconfigdata/"
cp Makefile Modules/Setup.local pyconfig.h "$out/lib/sysconfigdata/"
emmake make --silent -j"$COIL_JOBS" sharedmods
find . -name '*.so' -exec cp {} "$out/lib-dynload/" \;
