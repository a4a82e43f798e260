// A read-only file system over a stored (uncompressed) zip: the standard library as ordinary files.
//
// Contract (called by web/src/loader.ts after the module's promise has resolved, before
// activateHostFS and before Python boots):
//
//   Module.mountArchive(mountPoint, bytes, {
//     sources,      // optional () => Uint8Array | null: the whole python_stdlib_src.zip, or null while it
//                   //   is not here yet (Python sees EIO); called when a .py file is first read and,
//                   //   after null, at the next read. Must be synchronous, and must throw when the bytes
//                   //   fail their integrity check
//     tests,        // optional () => Uint8Array: the whole python_stdlib_test.zip; called at most once,
//                   //   at the first look into <mountPoint>/test; without it that folder does not exist
//     writable,     // optional string[]: folders below the mount point that are ordinary memory folders;
//                   //   default ["site-packages", "lib-dynload"]
//     onError,      // optional (Error) => void: told why a lazy read failed (Python sees EIO); default
//                   //   prints the message to stderr
//   })
//
// mountPoint: absolute path, made if missing. bytes: Uint8Array of python_stdlib.zip, kept, not copied.
// Throws Module.ArchiveError (name "ArchiveError") with a message that says what is wrong with the archive;
// nothing is mounted then.
//
// The archive's own index of what is elsewhere is its entry ".elsewhere", UTF-8 text of lines
// "<archive>\t<size>\t<name>": a file of python_stdlib_src.zip, or a folder (name with a final "/", size
// 0) whose content is all in python_stdlib_test.zip. src/python/tools/pack_stdlib.py writes it.

addToLibrary({
  $ARCHIVE_FS__deps: ["$ERRNO_CODES", "$FS", "$FS_ABI", "$FS_PATH", "$MEMFS", "$ZIP", "$fsFail"],
  $ARCHIVE_FS__postset:
    "Module['mountArchive'] = (...args) => ARCHIVE_FS.mountAt(...args);" +
    "Module['ArchiveError'] = ZIP.error();" +
    "ARCHIVE_FS.install();",
  $ARCHIVE_FS: {
    INDEX: ".elsewhere",
    SOURCES: "python_stdlib_src.zip",
    TESTS: "python_stdlib_test.zip",
    EPOCH: 315532800000, // ms: 1980-01-01, the first day that a zip can name

    /** Side modules of the distribution, by path. */
    libraries: new Map(),

    // Writing fails because the file system cannot be written to, not because of mode bits.
    install() {
      const { nodePermissions } = FS;
      FS.nodePermissions = (node, wanted) =>
        node.archive && wanted.includes("w") ? ERRNO_CODES.EROFS : nodePermissions(node, wanted);
    },

    mountAt(mountPoint, bytes, options = {}) {
      const archive = ARCHIVE_FS.open(bytes, options); // throws before anything is mounted
      FS.mkdirTree(mountPoint);
      FS.mount(ARCHIVE_FS, { archive }, mountPoint);
      for (const [name, library] of archive.libraries) {
        ARCHIVE_FS.libraries.set(`${mountPoint}/${name}`, library);
      }
      for (const name of options.writable ?? ["site-packages", "lib-dynload"]) {
        FS.mount(MEMFS, {}, `${mountPoint}/${name}`);
      }
    },

    // The archive with its tree: folders are Maps from name to a folder or to a file {size, open()}.
    open(bytes, options) {
      const zip = ZIP.parse(bytes, "python_stdlib.zip");
      const archive = { root: new Map(), options, sources: null, libraries: new Map() };
      const index = zip.entries.get(ARCHIVE_FS.INDEX);
      for (const entry of zip.entries.values()) {
        if (entry !== index) {
          ARCHIVE_FS.add(archive.root, entry.name, ARCHIVE_FS.fileOf(zip, entry));
        }
      }
      if (index) {
        ARCHIVE_FS.addElsewhere(archive, new TextDecoder().decode(ZIP.read(zip, index)));
      }
      for (const [name, library] of Object.entries(options.libraries ?? {})) {
        archive.libraries.set(name, ARCHIVE_FS.libraryOf(library));
        ARCHIVE_FS.add(archive.root, name, archive.libraries.get(name));
      }
      for (const name of options.writable ?? ["site-packages", "lib-dynload"]) {
        ARCHIVE_FS.add(archive.root, `${name}/`, null);
      }
      return archive;
    },

    fileOf: (zip, entry) => ({ size: entry.size, open: () => ZIP.read(zip, entry) }),

    /** A side module: megabytes that are read once, so nobody keeps them. `fetch` returns a promise,
     * or null when it is here; what came of it, a failure too, is kept until `release` is called. */
    libraryOf({ size, open, fetch }) {
      let pending = null;
      let fetched = null;
      let failure = null;
      const library = {
        size,
        transient: true,
        open: () => open?.() ?? fetched ?? fsFail("EIO"),
        release() {
          pending = fetched = failure = null;
        },
      };
      const receive = async () => {
        try {
          fetched = await fetch();
        } catch (error) {
          failure = error;
          throw error;
        }
      };
      if (fetch) {
        library.fetch = () => {
          if (failure) {
            // Of an attempt that nobody could wait for.
            const error = failure;
            library.release();
            throw error;
          }
          pending ??= receive();
          return fetched ? null : pending;
        };
      }
      return library;
    },

    // Puts `file` at `name`; a name that ends with "/" is a folder.
    add(root, name, file) {
      const parts = name.split("/");
      const last = parts.pop();
      let folder = root;
      for (const part of parts) {
        if (!folder.has(part)) {
          folder.set(part, new Map());
        }
        folder = folder.get(part);
        if (!(folder instanceof Map)) {
          ZIP.fail(`"${name}" is below a name that is a file`);
        }
      }
      if (last !== "") {
        if (folder.has(last)) {
          ZIP.fail(`the name "${name}" occurs twice`);
        }
        folder.set(last, file);
      }
      return folder;
    },

    addElsewhere(archive, index) {
      for (const line of index.split("\n").filter(Boolean)) {
        const [place, size, name] = line.split("\t");
        if (place === ARCHIVE_FS.SOURCES && archive.options.sources) {
          const file = {
            size: Number(size),
            open: () => ARCHIVE_FS.readSource(archive, name, file),
          };
          ARCHIVE_FS.add(archive.root, name, file);
        } else if (place === ARCHIVE_FS.TESTS && archive.options.tests) {
          const folder = ARCHIVE_FS.add(archive.root, name, null);
          folder.fill = () => ARCHIVE_FS.fillFromTests(archive, folder, name);
        } else if (place !== ARCHIVE_FS.SOURCES && place !== ARCHIVE_FS.TESTS) {
          ZIP.fail(`its index names "${place}", which this version of the runtime does not know`);
        }
      }
    },

    readSource(archive, name, file) {
      if (!archive.sources) {
        const bytes = archive.options.sources();
        archive.sources = bytes ? ZIP.parse(bytes, ARCHIVE_FS.SOURCES) : fsFail("EIO");
      }
      const entry = archive.sources.entries.get(name);
      if (entry?.size !== file.size) {
        ZIP.fail(`${ARCHIVE_FS.SOURCES} does not belong to python_stdlib.zip: "${name}" differs`);
      }
      return ZIP.read(archive.sources, entry);
    },

    fillFromTests(archive, folder, prefix) {
      const zip = ZIP.parse(archive.options.tests(), ARCHIVE_FS.TESTS);
      for (const entry of zip.entries.values()) {
        if (entry.name.startsWith(prefix)) {
          ARCHIVE_FS.add(folder, entry.name.slice(prefix.length), ARCHIVE_FS.fileOf(zip, entry));
        }
      }
    },

    // Runs `action`, which reads an archive lazily. Python sees EIO, the embedder what it was.
    lazily(archive, action) {
      try {
        return action();
      } catch (error) {
        if (error instanceof FS.ErrnoError) {
          throw error;
        }
        (archive.options.onError ?? ((reason) => err(`${reason.name}: ${reason.message}`)))(error);
        return fsFail("EIO");
      }
    },

    // The content of a folder, loaded now if it is in an archive of its own.
    content(node) {
      const folder = node.entry;
      if (folder.fill) {
        ARCHIVE_FS.lazily(node.archive, folder.fill);
        folder.fill = null;
      }
      return folder;
    },

    // ---- Interface of a file system of FS ---------------------------------------------------------

    mount: (mount) => ARCHIVE_FS.createNode(null, "/", mount.opts.archive, mount.opts.archive.root),

    createNode(parent, name, archive, entry) {
      const isFolder = entry instanceof Map;
      const mode = isFolder ? FS_ABI.S_IFDIR | 0o555 : FS_ABI.S_IFREG | 0o444;
      const node = FS.createNode(parent, name, mode, 0);
      node.archive = archive;
      node.entry = entry;
      node.node_ops = isFolder ? ARCHIVE_FS.folder_ops : ARCHIVE_FS.file_ops;
      node.stream_ops = ARCHIVE_FS.stream_ops;
      node.atime = node.mtime = node.ctime = ARCHIVE_FS.EPOCH;
      return node;
    },

    attributes(node) {
      const isFolder = node.entry instanceof Map;
      const size = isFolder ? 4096 : node.entry.size;
      return {
        dev: 2,
        ino: node.id,
        mode: node.mode,
        nlink: isFolder ? 2 : 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        size,
        blksize: 4096,
        blocks: Math.ceil(size / 512),
        atime: new Date(node.atime),
        mtime: new Date(node.mtime),
        ctime: new Date(node.ctime),
      };
    },

    readOnly: () => fsFail("EROFS"),

    bytesOf(stream) {
      const { node } = stream;
      if (node.entry.transient) {
        stream.bytes ??= ARCHIVE_FS.openLibrary(node.entry);
        return stream.bytes;
      }
      node.bytes ??= ARCHIVE_FS.lazily(node.archive, node.entry.open);
      return node.bytes;
    },

    // Python sees EIO, the dynamic linker the reason.
    openLibrary({ open }) {
      try {
        return open();
      } catch (error) {
        throw error instanceof FS.ErrnoError
          ? error
          : Object.assign(new FS.ErrnoError(ERRNO_CODES.EIO), { reason: error });
      }
    },

    file_ops: {
      getattr: (node) => ARCHIVE_FS.attributes(node),
      setattr: () => ARCHIVE_FS.readOnly(),
    },

    folder_ops: {
      getattr: (node) => ARCHIVE_FS.attributes(node),
      setattr: () => ARCHIVE_FS.readOnly(),
      lookup(parent, name) {
        const entry = ARCHIVE_FS.content(parent).get(name);
        return entry === undefined
          ? fsFail("ENOENT")
          : ARCHIVE_FS.createNode(parent, name, parent.archive, entry);
      },
      readdir: (node) => [".", "..", ...ARCHIVE_FS.content(node).keys()],
      mknod: () => ARCHIVE_FS.readOnly(),
      symlink: () => ARCHIVE_FS.readOnly(),
      link: () => ARCHIVE_FS.readOnly(),
      unlink: () => ARCHIVE_FS.readOnly(),
      rmdir: () => ARCHIVE_FS.readOnly(),
      rename: () => ARCHIVE_FS.readOnly(),
    },

    stream_ops: {
      open(stream) {
        if (stream.flags & FS_ABI.O_ACCMODE) {
          ARCHIVE_FS.readOnly();
        }
      },

      llseek(stream, offset, whence) {
        const base = {
          [FS_ABI.SEEK_CUR]: stream.position,
          [FS_ABI.SEEK_END]: stream.node.entry.size,
        };
        const position = offset + (base[whence] ?? 0);
        return position < 0 ? fsFail("EINVAL") : position;
      },

      read(stream, buffer, offset, length, position) {
        const part = ARCHIVE_FS.bytesOf(stream).subarray(position, position + length);
        buffer.set(part, offset >>> 0);
        return part.length;
      },

      // Without a node for every entry, which FS.lookupNode would make.
      entries(stream) {
        const content = [...ARCHIVE_FS.content(stream.node)];
        const folders = [".", ".."].map((name) => ({ name, type: FS_ABI.S_IFDIR, ino: 0 }));
        return folders.concat(
          content.map(([name, entry]) => ({
            name,
            type: entry instanceof Map ? FS_ABI.S_IFDIR : FS_ABI.S_IFREG,
            ino: 0,
          })),
        );
      },
    },
  },
});
