# Installs the build backends that packages/build/requirements.txt pins. A plain directory on PYTHONPATH,
# as for the linters (lint-tools.sh); the programs among them are found in its bin/.
PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 "$COIL_PYTHON_NATIVE/bin/python3.13" -m pip install \
    --require-hashes --only-binary :all: --no-deps --no-compile --no-cache-dir --quiet \
    --root-user-action ignore --target "$COIL_DESTDIR$COIL_PREFIX" \
    --requirement "$COIL_ROOT/packages/build/requirements.txt"
