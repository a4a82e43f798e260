# Node 26 as npm ships it: an engine to build with and to test on.
cp -R "$COIL_SOURCE_NODE26/bin" "$COIL_DESTDIR$COIL_PREFIX/"
