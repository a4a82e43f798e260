# Emscripten's system libraries in the variants that the distribution links, built once.
# Trial links name exactly what is needed; embuilder's lists hold many more variants.
EM_CACHE=$COIL_DESTDIR$COIL_PREFIX/cache
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"

cat > main.cpp <<'CPP'
#include <cmath>
#include <iostream>
#include <stdexcept>
int main() { try { throw std::runtime_error("x"); } catch (std::exception &e) { std::cout << e.what(); } }
CPP
echo 'int side(void) { return 1; }' > side.c
printf '#include <setjmp.h>\n#include <emscripten.h>\njmp_buf b; int main(void) { return setjmp(b); }\n' > main.c

# An optimised link with ASSERTIONS=0 needs the release libraries only: -O0 would build each of them
# a second time with debug checks.
link='-O2 -sASSERTIONS=0 -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB'
for pic in '' '-sMAIN_MODULE=1 -Wno-experimental'; do
    # shellcheck disable=SC2086  # these are lists of flags
    em++ $COIL_ABI_FLAGS $link $pic main.cpp -o main.mjs
    # shellcheck disable=SC2086
    emcc $COIL_ABI_FLAGS $link $pic main.c -o main.mjs
done
# shellcheck disable=SC2086
emcc $COIL_ABI_FLAGS -O2 -sASSERTIONS=0 -sSIDE_MODULE=1 side.c -o side.so
rm -rf "$EM_CACHE/build"
