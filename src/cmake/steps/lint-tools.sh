#!/bin/sh
# Installs the linters that requirements.txt pins, for the Python that the build makes for itself: a
# host's Python may lack pip, and mypy is compiled for one version. A plain directory on PYTHONPATH,
# not a virtual environment, since an environment knows its own path and cannot be moved into the cache.
set -eu

PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 "$COIL_PYTHON_NATIVE/bin/python3.13" -m pip install \
    --require-hashes --only-binary :all: --no-deps --no-compile --no-cache-dir --quiet \
    --root-user-action ignore --target "$COIL_DESTDIR$COIL_PREFIX" \
    --requirement "$COIL_ROOT/src/cmake/tools/requirements.txt"
