#!/bin/sh
# Makes a private Debian root that holds the pinned Emscripten, without touching the host.
#
# usage: make-debian-root.sh DESTDIR PREFIX
#   DESTDIR  the directory to fill (empty or missing)
#   PREFIX   where DESTDIR will finally live: its programs get their loader and library path from there
#
# The programs of the root need a newer C library than most hosts have. They are run in place, without
# chroot (which needs privileges and bind mounts): patchelf points each one at the root's own loader.
# A wrapper script per program was the alternative; clang starts itself again through /proc/self/exe,
# which is the loader then.
set -eu

destdir=$1
prefix=$2
libdirs="$prefix/usr/lib/x86_64-linux-gnu:$prefix/usr/lib/llvm-21/lib"

# The Release files of a pinned suite may be past their valid-until date; signatures are still checked.
mmdebstrap --quiet --variant=extract --include=emscripten,patchelf \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='Acquire::Retries "3"' \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --extract-hook='for deb in "$1"/var/cache/apt/archives/*.deb; do
        printf "%s %s %s\n" "$(dpkg-deb -f "$deb" Package)" "$(dpkg-deb -f "$deb" Version)" \
            "$(sha256sum "$deb" | cut -d" " -f1)"; done | sort > "$1/debian-packages.txt"' \
    sid "$destdir"
rm -rf "$destdir/dev"

run_in_root() {
    program=$1
    shift
    "$destdir/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" \
        --library-path "$destdir/usr/lib/x86_64-linux-gnu" "$destdir/usr/bin/$program" "$@"
}

is_elf_program() {
    [ -f "$1" ] && [ ! -L "$1" ] && [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]
}

for file in "$destdir"/usr/lib/llvm-21/bin/* "$destdir"/usr/bin/*; do
    case $file in */patchelf) continue ;; esac
    is_elf_program "$file" || continue
    # DT_RPATH, not RUNPATH: it also serves the libraries that the program's libraries need.
    run_in_root patchelf --force-rpath --set-rpath "$libdirs" \
        --set-interpreter "$prefix/usr/lib64/ld-linux-x86-64.so.2" "$file" 2>/dev/null || :
done

# A library with a RUNPATH of its own would not look at the program's RPATH.
find "$destdir/usr/lib" -type f -name '*.so*' | while read -r file; do
    [ -z "$(run_in_root patchelf --print-rpath "$file" 2>/dev/null)" ] ||
        run_in_root patchelf --remove-rpath "$file"
done

cat > "$destdir/emscripten.config" <<CONFIG
LLVM_ROOT = '$prefix/usr/lib/llvm-21/bin'
BINARYEN_ROOT = '$prefix/usr'
# NODE_JS comes from the environment: Debian's node looks for parts of itself in the host's /usr/share.
CONFIG
