// Files that are open on the host, as streams of FS: stream.hostFd is the host's descriptor.

addToLibrary({
  $HOST_ATTRIBUTES: class {
    constructor(exact) {
      this.exact = exact;
    }
    get dev() {
      return this.exact.dev;
    }
    get ino() {
      return this.exact.ino;
    }
    get rdev() {
      return this.exact.rdev;
    }
    get mode() {
      return Number(this.exact.mode);
    }
    get nlink() {
      return Number(this.exact.nlink);
    }
    get uid() {
      return Number(this.exact.uid);
    }
    get gid() {
      return Number(this.exact.gid);
    }
    get size() {
      return Number(this.exact.size);
    }
    get blksize() {
      return Number(this.exact.blksize);
    }
    get blocks() {
      return Number(this.exact.blocks);
    }
    get atime() {
      return this.exact.atime;
    }
    get mtime() {
      return this.exact.mtime;
    }
    get ctime() {
      return this.exact.ctime;
    }
    get atimeNs() {
      return this.exact.atimeNs;
    }
    get mtimeNs() {
      return this.exact.mtimeNs;
    }
    get ctimeNs() {
      return this.exact.ctimeNs;
    }
  },

  $HOST_STREAMS__deps: [
    "$FS",
    "$FS_ABI",
    "$FS_PATH",
    "$HOST_ATTRIBUTES",
    "$HOST_ERRORS",
    "$fsFail",
    "$STDIN",
    "$TERMINAL",
  ],
  $HOST_STREAMS: {
    // One read() or write() of Linux moves at most this many bytes, and Node takes 31-bit lengths.
    MAX_TRANSFER: 0x7ffff000,

    // What FS.stat() returns: the host's BigIntStats behind the numbers that MEMFS has. Converted when
    // read, because the system calls take what they need from `exact` (see fs_stat.js).
    attributes: (stat) => new HOST_ATTRIBUTES(stat),

    // A node that stands for an open file; it is not in FS's tree.
    makeNode(name, mode) {
      const node = new FS.FSNode(null, name, mode, 0);
      node.stream_ops = HOST_STREAMS.operations;
      return node;
    },

    hostFlags(flags) {
      const { constants } = HOST_FS.fs;
      let result = flags & 3;
      for (const name of [
        "CREAT",
        "EXCL",
        "NOCTTY",
        "TRUNC",
        "APPEND",
        "NONBLOCK",
        "DSYNC",
        "DIRECT",
      ]) {
        result |= flags & FS_ABI[`O_${name}`] ? (constants[`O_${name}`] ?? 0) : 0;
      }
      for (const name of ["DIRECTORY", "NOFOLLOW", "NOATIME"]) {
        result |= flags & FS_ABI[`O_${name}`] ? (constants[`O_${name}`] ?? 0) : 0;
      }
      if ((flags & FS_ABI.O_SYNC) === FS_ABI.O_SYNC) {
        result |= constants.O_SYNC;
      }
      // Node does not name these two; Linux gives them the same bits everywhere.
      const linuxOnly = flags & (FS_ABI.O_PATH | FS_ABI.O_TMPFILE_ONLY);
      if (linuxOnly && !HOST_FS.isLinux) {
        fsFail("EOPNOTSUPP");
      }
      return result | linuxOnly;
    },

    // Opens `path` on the host; `display` is the absolute path to remember.
    open(path, display, flags, mode) {
      const { fs } = HOST_FS;
      const hostFd = fs.openSync(path, HOST_STREAMS.hostFlags(flags), mode & 0o7777);
      try {
        return HOST_STREAMS.create(hostFd, display, flags);
      } catch (error) {
        fs.closeSync(hostFd);
        throw error;
      }
    },

    // Makes the stream of a host descriptor.
    create(hostFd, path, flags) {
      const stat = HOST_FS.fs.fstatSync(hostFd);
      const isTerminal = TERMINAL.isTerminal(hostFd, stat);
      const stream = FS.createStream({
        node: HOST_STREAMS.makeNode(PATH.basename(path), stat.mode),
        path,
        flags,
        position: 0,
        seekable: !(stat.isFIFO() || stat.isSocket() || isTerminal),
        stream_ops: HOST_STREAMS.operations,
        ungotten: [],
        error: false,
      });
      stream.hostFd = hostFd;
      stream.shared.references = 1;
      if (isTerminal) {
        stream.tty = { ops: TERMINAL.opsOf(hostFd) };
        stream.source = new STDIN(hostFd, true); // reads of it suspend: see standard_streams.c
      }
      return stream;
    },

    operations: {
      dup(stream) {
        stream.shared.references += 1;
      },

      close(stream) {
        stream.shared.references -= 1;
        if (stream.shared.references === 0) {
          stream.source?.release();
          HOST_ERRORS.call(() => HOST_FS.fs.closeSync(stream.hostFd));
        }
      },

      read(stream, buffer, offset, length, position) {
        const arrived = stream.source?.take(buffer, offset, length);
        if (arrived !== undefined) {
          return arrived;
        }
        const count = Math.min(length, HOST_STREAMS.MAX_TRANSFER);
        const at = stream.seekable ? position : null;
        return HOST_ERRORS.call(() =>
          HOST_FS.fs.readSync(stream.hostFd, buffer, offset >>> 0, count, at),
        );
      },

      write(stream, buffer, offset, length, position) {
        const count = Math.min(length, HOST_STREAMS.MAX_TRANSFER);
        const at = stream.seekable ? position : null;
        return HOST_ERRORS.call(() =>
          HOST_FS.fs.writeSync(stream.hostFd, buffer, offset >>> 0, count, at),
        );
      },

      // Node cannot be asked. An end of a named pipe must not seem ready for what it never does:
      // asyncio takes it for the other end's closing.
      poll(stream) {
        const end = FS.isFIFO(stream.node.mode) ? stream.flags & FS_ABI.O_ACCMODE : FS_ABI.O_RDWR;
        return (
          (end === FS_ABI.O_WRONLY ? 0 : FS_ABI.POLLIN) |
          (end === FS_ABI.O_RDONLY ? 0 : FS_ABI.POLLOUT)
        );
      },

      llseek(stream, offset, whence) {
        let position = offset;
        if (whence === FS_ABI.SEEK_CUR) {
          position += stream.position;
        } else if (whence === FS_ABI.SEEK_END) {
          position += FS.fstat(stream.fd).size;
        }
        return position < 0 ? fsFail("EINVAL") : position;
      },

      fsync: (stream) => HOST_ERRORS.call(() => HOST_FS.fs.fsyncSync(stream.hostFd)),
      fdatasync: (stream) => HOST_ERRORS.call(() => HOST_FS.fs.fdatasyncSync(stream.hostFd)),

      entries(stream) {
        const path = HOST_FS.descriptorPath(stream);
        const list = HOST_ERRORS.call(() => HOST_STREAMS.readFolder(path));
        const dots = [".", ".."].map((name) => ({ name, type: FS_ABI.S_IFDIR, ino: 0 }));
        return dots.concat(list);
      },
    },

    // Entries without inode numbers: Node tells none, and asking would cost a call per entry. Names as
    // strings are much faster than as Buffers; where one is not UTF-8, Node puts U+FFFD into it.
    readFolder(path) {
      const read = (encoding) =>
        HOST_FS.fs.readdirSync(path, { withFileTypes: true, encoding }).map((entry) => ({
          name: entry.name,
          type: HOST_STREAMS.entryType(entry),
          ino: 0,
        }));
      const list = read("utf8");
      if (!list.some((entry) => entry.name.includes("\ufffd"))) {
        return list;
      }
      return read("buffer").map((entry) => ({ ...entry, name: FS_PATH.decode(entry.name) }));
    },

    entryType(entry) {
      if (entry.isFile()) {
        return FS_ABI.S_IFREG;
      }
      if (entry.isDirectory()) {
        return FS_ABI.S_IFDIR;
      }
      if (entry.isSymbolicLink()) {
        return FS_ABI.S_IFLNK;
      }
      return HOST_STREAMS.rareType(entry);
    },

    // 0 is DT_UNKNOWN: some file systems do not say.
    rareType(entry) {
      const types = [
        [entry.isFIFO(), FS_ABI.S_IFIFO],
        [entry.isSocket(), FS_ABI.S_IFSOCK],
        [entry.isCharacterDevice(), FS_ABI.S_IFCHR],
        [entry.isBlockDevice(), FS_ABI.S_IFBLK],
      ];
      return types.find(([isType]) => isType)?.[1] ?? 0;
    },
  },
});
