#!/bin/sh
# Installs the npm packages that package-lock.json pins (each with its hash): what compiles, bundles and
# checks our JavaScript. Out of the source tree, so that clones share them and a build leaves no trace.
set -eu

out=$COIL_DESTDIR$COIL_PREFIX
cp "$COIL_ROOT/package.json" "$COIL_ROOT/package-lock.json" "$COIL_ROOT/.npmrc" "$out/"
cd "$out"
npm ci --ignore-scripts --no-progress --loglevel=error
