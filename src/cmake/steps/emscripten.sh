# Emscripten from Debian, in a private root; refuses it when a tool that shapes the output differs.
"$COIL_ROOT/src/cmake/toolchain/make-debian-root.sh" "$COIL_DESTDIR$COIL_PREFIX" "$COIL_PREFIX"

expected=$COIL_ROOT/src/cmake/toolchain/debian-packages.txt
actual=$COIL_DESTDIR$COIL_PREFIX/debian-packages.txt
for package in emscripten clang-21 libclang-cpp21 libllvm21 lld-21 binaryen; do
    want=$(grep "^$package " "$expected")
    have=$(grep "^$package " "$actual" || :)
    if [ "$want" != "$have" ]; then
        echo "Debian now has another $package than the pinned one." \
            "pinned: $want; found: ${have:-none}." \
            "Install Emscripten 6.0.5 with the emsdk and put emcc on PATH, or pin the new one in" \
            "src/cmake/toolchain/debian-packages.txt after running all tests." >&2
        exit 1
    fi
done
# The rest does not shape the output: report, do not refuse.
diff "$expected" "$actual" || echo "Packages other than the pinned tools differ (see above)."
