# CPython's own tests with what they read of the source beside them, patched like the interpreter's
# library, and compiled: the interpreter under test would otherwise compile each module at each run.
source=$COIL_SOURCE_CPYTHON
out=$COIL_DESTDIR$COIL_PREFIX

cd "$source"
for patch in "$COIL_ROOT"/src/cpython/patches/*.patch; do
    [ -e "$patch" ] || continue
    git apply --whitespace=nowarn -p1 "$patch"
done
# The tests find Tools, Grammar and Parser as neighbours of the folder above "test".
cp -R Lib Tools Grammar Parser "$out/"
# Files that are meant not to compile make the status 1; what matters is that test_grammar did.
"$COIL_PYTHON_NATIVE/bin/python3.13" -m compileall -qq -j "$COIL_JOBS" \
    -s "$out" -p "$COIL_PREFIX" "$out/Lib/test" || :
[ -f "$out/Lib/test/__pycache__/test_grammar.cpython-313.pyc" ]
