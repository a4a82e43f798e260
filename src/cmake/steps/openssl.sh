# libcrypto and libssl as static libraries: what CPython's _ssl and _hashlib use of them. Left out are
# what Python has no way to ask for (protocols over datagrams, certificate services, ciphers of the
# legacy provider) and what WebAssembly has not (other machines' assembly, kernels' ciphers, plug-ins).
. "$COIL_ROOT/src/cmake/steps/emscripten.env.sh"
out=$COIL_DESTDIR$COIL_PREFIX
# In the sources: their relative paths are what the objects then know of the build.
cd "$COIL_SOURCE_OPENSSL"
# No target of OpenSSL's own fits: those for 32-bit machines with threads compile with -pthread, which
# is another ABI here. CPython insists on a library with locks, which are the C library's.
cat > coil.conf << 'CONF'
my %targets = (
    "coil-wasm32" => {
        inherit_from => [ "BASE_unix" ],
        CFLAGS => "-O2",
        bn_ops => "BN_LLONG",
        thread_scheme => "pthreads",
    },
);
CONF
left_out='afalgeng apps argon2 aria asm async atexit autoload-config bf camellia cast cmp cms comp ct
    dgram docs dso dtls ec2m engine filenames gost http idea integrity-only-ciphers ktls legacy
    makedepend md2 md4 mdc2 module multiblock nextprotoneg ocsp pic quic rc2 rc4 rc5 rfc3779
    secure-memory seed shared slh-dsa sm2 sm4 srp srtp ssl-trace tests thread-pool ts uplink whirlpool'
# shellcheck disable=SC2086  # a list of names
options=$(printf ' no-%s' $left_out)
# Certificates are looked for where Debian and others have them. The configuration file of the host's
# OpenSSL is not read: it names what its own build can do.
# shellcheck disable=SC2086  # these are lists of flags
CC=emcc AR=emar RANLIB=emranlib ./Configure --config=coil.conf coil-wasm32 \
    --prefix=/usr --openssldir=/etc/ssl --with-rand-seed=devrandom $options $COIL_ABI_FLAGS -g0
make --silent -j"$COIL_JOBS" build_generated libcrypto.a libssl.a
mkdir -p "$out/lib" "$out/include"
cp libcrypto.a libssl.a "$out/lib/"
cp -R include/openssl "$out/include/"
rm -f "$out"/include/openssl/*.in
