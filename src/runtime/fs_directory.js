// System calls that return file names: getdents64, readlinkat, getcwd.

addToLibrary({
  $FS_DIRECTORY__deps: ["$FS", "$FS_ABI", "$FS_PATH"],
  $FS_DIRECTORY: {
    // Entries {name, type, ino} of an open directory; ino 0 when asking would cost a call per entry.
    list(stream) {
      const { node } = stream;
      if (!FS.isDir(node.mode)) {
        fsFail("ENOTDIR");
      }
      if (stream.stream_ops.entries) {
        return stream.stream_ops.entries(stream);
      }
      return node.node_ops.readdir(node).map((name) => FS_DIRECTORY.memoryEntry(node, name));
    },

    memoryEntry(directory, name) {
      if (name === "." || name === "..") {
        const node = name === "." ? directory : FS_DIRECTORY.parent(directory);
        return { name, type: FS_ABI.S_IFDIR, ino: node.id };
      }
      const node = FS.lookupNode(directory, name);
      // The nodes of Emscripten's /proc/self/fd have no mode.
      const type = (node.mode ?? FS_ABI.S_IFLNK) & FS_ABI.S_IFMT;
      return { name, type, ino: (node.inode ?? node).id };
    },

    // The root of a mount is its own parent: go on from the folder that it covers.
    parent(directory) {
      if (!FS.isRoot(directory) || directory === FS.root) {
        return directory.parent;
      }
      return FS.lookupPath(directory.mount.mountpoint, { follow_mount: false }).node.parent;
    },

    // Writes one struct dirent, only as long as its name, and returns its length; 0 if it does not fit.
    writeEntry(pointer, room, entry, position) {
      const layout = FS_ABI.dirent;
      const bytes = FS_PATH.encode(entry.name);
      const length = (layout.d_name + bytes.length + 1 + 7) & ~7;
      if (length > room) {
        return 0;
      }
      HEAPU64[(pointer + layout.d_ino) >>> 3] = BigInt(entry.ino);
      HEAP64[(pointer + layout.d_off) >>> 3] = BigInt(position);
      HEAPU16[(pointer + layout.d_reclen) >>> 1] = length;
      HEAPU8[pointer + layout.d_type] = entry.type >> FS_ABI.DT_SHIFT;
      FS_PATH.write(bytes, pointer + layout.d_name);
      return length;
    },
  },

  // The listing is taken at the first call and kept until the end or a rewind, so that entries made or
  // deleted meanwhile neither repeat nor hide others. A position is an index into it.
  __syscall_getdents64__deps: ["$FS_DIRECTORY", "$SYSCALLS", "$fsSyscall", "$fsFail"],
  __syscall_getdents64: (fd, buffer, count) =>
    fsSyscall(() => {
      const stream = SYSCALLS.getStreamFromFD(fd);
      stream.getdents ||= FS_DIRECTORY.list(stream);
      const start = buffer >>> 0;
      let written = 0;
      while (stream.position < stream.getdents.length) {
        const entry = stream.getdents[stream.position];
        const room = count - written;
        const length = FS_DIRECTORY.writeEntry(start + written, room, entry, stream.position + 1);
        if (length === 0) {
          break;
        }
        written += length;
        stream.position += 1;
      }
      return written;
    }),

  __syscall_readlinkat__deps: ["$FS", "$FS_PATH", "$SYSCALLS", "$fsSyscall", "$fsFail"],
  __syscall_readlinkat: (directory, path, buffer, size) =>
    fsSyscall(() => {
      if (size <= 0) {
        fsFail("EINVAL");
      }
      const name = SYSCALLS.calculateAt(directory, SYSCALLS.getStr(path));
      const target = FS_PATH.encode(FS.readlink(name)).subarray(0, size);
      HEAPU8.set(target, buffer >>> 0); // readlink() writes no terminating zero
      return target.length;
    }),

  __syscall_getcwd__deps: ["$FS_PATH", "$HOST_FS", "$fsSyscall", "$fsFail"],
  __syscall_getcwd: (buffer, size) =>
    fsSyscall(() => {
      const bytes = FS_PATH.encode(HOST_FS.workingDirectory());
      if (size === 0) {
        fsFail("EINVAL");
      }
      if (size >>> 0 <= bytes.length) {
        fsFail("ERANGE");
      }
      FS_PATH.write(bytes, buffer);
      return bytes.length + 1;
    }),
});
