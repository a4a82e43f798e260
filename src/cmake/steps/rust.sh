# Rust from Debian, in a private root beside the toolchain's: rustc and cargo for the host, and the
# source of the standard library, which is compiled for the target together with each package. The
# programs run in place, as those of make-debian-root.sh do.
out=$COIL_DESTDIR$COIL_PREFIX
mmdebstrap --quiet --variant=extract --include=rustc,cargo,rust-src,patchelf \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='Acquire::Retries "3"' \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    sid "$out"
rm -rf "$out/dev"

libdir=$out/usr/lib/x86_64-linux-gnu
run_in_root() {
    program=$1
    shift
    "$libdir/ld-linux-x86-64.so.2" --library-path "$libdir" "$out/usr/bin/$program" "$@"
}

# A library with a RUNPATH of its own would not look at the program's RPATH.
find "$out/usr/lib" -type f -name '*.so*' | while read -r file; do
    [ -z "$(run_in_root patchelf --print-rpath "$file" 2> /dev/null)" ] ||
        run_in_root patchelf --remove-rpath "$file"
done
for program in rustc cargo; do
    file=$(readlink -f "$out/usr/bin/$program")
    run_in_root patchelf --force-rpath \
        --set-rpath "$COIL_PREFIX/usr/lib/x86_64-linux-gnu:$COIL_PREFIX/usr/lib" \
        --set-interpreter "$COIL_PREFIX/usr/lib64/ld-linux-x86-64.so.2" "$file"
done
expected='1.97.1'
case $(sed -n '/^Package: rustc$/,/^$/s/^Version: //p' "$out/var/lib/dpkg/status" | head -1) in
*"$expected"*) ;;
*) echo "Debian's rustc is no longer $expected: try the recipes of Rust packages with the new one," \
    "and change the version in src/cmake/steps/rust.sh." >&2 ;;
esac
