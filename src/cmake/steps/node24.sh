# Node 24 as npm ships it: an engine to build with and to test on.
cp -R "$COIL_SOURCE_NODE24/bin" "$COIL_DESTDIR$COIL_PREFIX/"
