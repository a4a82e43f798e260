// The JavaScript side of mmap.c: what a mapping and its file have to tell each other.
//
// What a program writes into a shared mapping is in the file when it is read by a descriptor, at
// msync(), at munmap() and at the end; what is written by a descriptor is in the mapping at once. Two
// shared mappings of one file know of each other through the file alone, and nothing is known of what
// other processes do.

addToLibrary({
  $MMAP__deps: ["$FS", "$FS_ABI", "$HOST_ERRORS", "$HOST_FS", "$fsFail"],
  $MMAP: {
    MAP_PRIVATE: cDefs.MAP_PRIVATE,
    PROT_WRITE: cDefs.PROT_WRITE,

    // The shared mappings of files, by address.
    shared: new Map(),

    begin(stream, mapping, protection, flags) {
      const shared = (flags & MMAP.MAP_PRIVATE) === 0;
      const written = shared && (protection & MMAP.PROT_WRITE) !== 0;
      MMAP.check(stream, written);
      MMAP.load({ ...mapping, stream }, 0);
      if (shared) {
        MMAP.keep({ ...mapping, written, stream: MMAP.hold(stream, written) });
      }
      return 0;
    },

    check(stream, written) {
      const mode = stream.flags & FS_ABI.O_ACCMODE;
      if (mode === FS_ABI.O_WRONLY || (written && mode !== FS_ABI.O_RDWR)) {
        fsFail("EACCES");
      }
      if (!FS.isFile(stream.node.mode)) {
        fsFail("ENODEV");
      }
    },

    // The stream outlives its descriptor as long as it is held. What is written at a place must not be
    // appended.
    hold(stream, written) {
      if (written && MMAP.isHost(stream) && stream.flags & FS_ABI.O_APPEND) {
        const path = HOST_FS.descriptorPath(stream);
        const hostFd = HOST_ERRORS.call(() => HOST_FS.fs.openSync(path, "r+"));
        return { ...stream, hostFd, shared: { references: 1 } };
      }
      stream.stream_ops.dup?.(stream);
      return stream;
    },

    // While there is no shared mapping, no read and no write looks for one.
    keep(mapping) {
      mapping.file = MMAP.fileOf(mapping.stream);
      if (MMAP.shared.size === 0) {
        MMAP.plain = { read: FS.read, write: FS.write };
        Object.assign(FS, { read: MMAP.read, write: MMAP.write });
      }
      MMAP.shared.set(mapping.address, mapping);
    },

    forget(address) {
      const mapping = MMAP.shared.get(address);
      if (!mapping) {
        return 0;
      }
      MMAP.shared.delete(address);
      if (MMAP.shared.size === 0) {
        Object.assign(FS, MMAP.plain);
      }
      try {
        MMAP.store(mapping, 0, mapping.length);
      } finally {
        mapping.stream.stream_ops.close?.(mapping.stream);
      }
      return 0;
    },

    move(address, to, length) {
      const mapping = MMAP.shared.get(address);
      if (!mapping) {
        return 0; // a private one: what came to it is zero, as beyond the end of a file
      }
      const old = mapping.length;
      MMAP.shared.delete(address);
      Object.assign(mapping, { address: to, length });
      MMAP.shared.set(to, mapping);
      if (length > old) {
        MMAP.load(mapping, old);
      }
      return 0;
    },

    // ---- Between the copy and the file ------------------------------------------------------------

    // Standard streams are the host's even when files are not.
    isHost: (stream) => HOST_FS.fs !== null && stream.hostFd !== undefined,

    fileOf(stream) {
      if (!MMAP.isHost(stream)) {
        return stream.node.inode ?? stream.node;
      }
      const { dev, ino } = MMAP.attributesOf(stream);
      return `${dev}:${ino}`;
    },

    // Not FS.fstat(), which asks for a descriptor that is still open.
    attributesOf(stream) {
      const { getattr } = stream.node.node_ops;
      return MMAP.isHost(stream)
        ? HOST_ERRORS.call(() => HOST_FS.fs.fstatSync(stream.hostFd, { bigint: true }))
        : getattr(stream.node);
    },

    // Reads what the file has from place `done` of the mapping on, other mappings' changes among it.
    load({ stream, address, length, offset }, done) {
      MMAP.eachOverlap(stream, offset + done, length - done, MMAP.store);
      while (done < length) {
        const { read } = stream.stream_ops;
        const count = read(stream, HEAPU8, address + done, length - done, offset + done);
        if (count === 0) {
          return;
        }
        done += count;
      }
    },

    // Writes the places from `begin` to `end`; those beyond the end of the file belong to nobody.
    store({ stream, address, offset, written }, begin, end) {
      const last = written ? Math.min(end, Number(MMAP.attributesOf(stream).size) - offset) : begin;
      while (begin < last) {
        const { write } = stream.stream_ops;
        begin += write(stream, HEAPU8, address + begin, last - begin, offset + begin);
      }
    },

    // Calls `meet(mapping, begin, end)` for each mapping of the file that has some of these bytes.
    eachOverlap(stream, position, length, meet) {
      stream.shared.mappedFile ??= MMAP.fileOf(stream);
      const file = stream.shared.mappedFile;
      for (const mapping of MMAP.shared.values()) {
        const begin = Math.max(position - mapping.offset, 0);
        const end = Math.min(position + length - mapping.offset, mapping.length);
        if (mapping.file === file && begin < end) {
          meet(mapping, begin, end);
        }
      }
    },

    // Stands in for FS.read.
    read(stream, buffer, offset, length, position) {
      if (FS.isFile(stream.node.mode)) {
        MMAP.eachOverlap(stream, position ?? stream.position, length, MMAP.store);
      }
      return MMAP.plain.read(stream, buffer, offset, length, position);
    },

    // Stands in for FS.write.
    write(stream, buffer, offset, length, position, canOwn) {
      const count = MMAP.plain.write(stream, buffer, offset, length, position, canOwn);
      if (FS.isFile(stream.node.mode)) {
        const from = position ?? stream.position - count;
        MMAP.eachOverlap(stream, from, count, (mapping, begin, end) => {
          const first = offset + mapping.offset + begin - from;
          HEAPU8.set(buffer.subarray(first, first + end - begin), mapping.address + begin);
        });
      }
      return count;
    },
  },

  coil_map_file_js__sig: "iippdii",
  coil_map_file_js__deps: ["$MMAP", "$SYSCALLS", "$fsSyscall"],
  coil_map_file_js: (fd, address, length, offset, protection, flags) =>
    fsSyscall(() =>
      MMAP.begin(
        SYSCALLS.getStreamFromFD(fd),
        { address: address >>> 0, length: length >>> 0, offset },
        protection,
        flags,
      ),
    ),

  coil_map_sync_js__sig: "ippp",
  coil_map_sync_js__deps: ["$MMAP", "$fsSyscall"],
  coil_map_sync_js: (address, at, length) =>
    fsSyscall(() => {
      const mapping = MMAP.shared.get(address >>> 0);
      const begin = (at >>> 0) - (address >>> 0);
      if (mapping) {
        MMAP.store(mapping, begin, begin + (length >>> 0));
      }
      return 0;
    }),

  coil_map_forget_js__sig: "ip",
  coil_map_forget_js__deps: ["$MMAP", "$fsSyscall"],
  coil_map_forget_js: (address) => fsSyscall(() => MMAP.forget(address >>> 0)),

  coil_map_move_js__sig: "ippp",
  coil_map_move_js__deps: ["$MMAP", "$fsSyscall"],
  coil_map_move_js: (address, to, length) =>
    fsSyscall(() => MMAP.move(address >>> 0, to >>> 0, length >>> 0)),

  // At the end of the process: the host would have all of it in the files.
  coil_map_store_all_js__sig: "v",
  coil_map_store_all_js__deps: ["$MMAP", "$fsSyscall"],
  coil_map_store_all_js: () => {
    for (const address of [...MMAP.shared.keys()]) {
      fsSyscall(() => MMAP.forget(address));
    }
  },
});
