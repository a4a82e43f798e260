# The standard library as the distribution has it: CPython's, patched, with the patches besides that
# touch Python code alone. They are a step of their own, so that changing one compiles nothing.
out=$COIL_DESTDIR$COIL_PREFIX
mkdir Lib
cp -R "$COIL_PYTHON_WASM/lib/stdlib/." Lib/
for patch in "$COIL_ROOT"/src/cpython/patches/library/*.patch; do
    git apply --whitespace=nowarn -p1 "$patch" || { echo "$patch does not apply" >&2; exit 1; }
done
mkdir -p "$out"
mv Lib "$out/Lib"
