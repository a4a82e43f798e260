# SQLite as a static library. Its sources come unmerged: the host's C compiler builds the small
# interpreter that merges them into sqlite3.c.
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
cd "$COIL_SOURCE_SQLITE"
CC=cc ./configure --disable-shared --disable-readline --disable-tcl > /dev/null
make --silent sqlite3.c
# shellcheck disable=SC2086
emcc $COIL_CFLAGS -ffile-prefix-map="$PWD"=sqlite -c sqlite3.c \
    -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS -DSQLITE_ENABLE_FTS4 \
    -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE -DSQLITE_ENABLE_GEOPOLY -DSQLITE_ENABLE_MATH_FUNCTIONS \
    -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_OMIT_POPEN -DHAVE_USLEEP=1
emar rcs libsqlite3.a sqlite3.o
mkdir -p "$COIL_DESTDIR$COIL_PREFIX/lib" "$COIL_DESTDIR$COIL_PREFIX/include"
cp libsqlite3.a "$COIL_DESTDIR$COIL_PREFIX/lib/"
cp sqlite3.h src/sqlite3ext.h "$COIL_DESTDIR$COIL_PREFIX/include/"
