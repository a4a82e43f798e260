# Downloads the wheels that the file COIL_WHEELS pins, for the target, as they are on the package index.
PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 "$COIL_PYTHON_NATIVE/bin/python3.13" -m pip download \
    --require-hashes --only-binary :all: --no-deps --no-cache-dir --quiet \
    --implementation cp --python-version 3.13 --abi cp313 --abi abi3 --abi none \
    --platform pyemscripten_2025_0_wasm32 --platform pyodide_2025_0_wasm32 --platform any \
    --dest "$COIL_DESTDIR$COIL_PREFIX" --requirement "$COIL_ROOT/$COIL_WHEELS"
