// The host's file system at its own paths: routes the path methods of Emscripten's FS to node:fs.
//
// Contract (called by web/src/loader.ts, once, after the module's promise has resolved and before
// Python boots; mountArchive must have been called before):
//
//   Module.activateHostFS({
//     fs,           // the node:fs module
//     process,      // node's process: cwd(), chdir(), umask(), platform, pid, getuid() ...
//     reserved,     // string[]: absolute, canonical (realpath) folders that stay in memory; everything
//                   //   below them is served by FS, everything else by the host
//     host,         // string[], optional: folders below a reserved one that are the host's all the same
//                   //   (site-packages); the longest prefix decides
//   })
//
// No top-level import: the runtime names no platform module, the loader hands in what it has, and a
// page hands in nothing. Throws TypeError for a missing module and Error when called twice.
//
// After activation
//   - FS.streams[fd].hostFd is the host's descriptor of every stream opened on the host (descriptors 0
//     to 2 are opened by standard_streams.js). A stream without hostFd lives in memory.
//   - FS.open, stat, mkdir ... take host paths too; host errors are FS.ErrnoError with the C library's
//     errno. Names that are not UTF-8 have one lone surrogate U+DC80..U+DCFF per undecodable byte, as
//     in Python's surrogateescape.
//   - the working directory is the host's, process.umask() is the umask.
// Not activated (--isolated-fs, browsers): everything stays in memory and no host call is made.
//
// What node:fs does not offer, and so is not as on Linux
//   - times are set to a quarter of a microsecond (they are read to the nanosecond)
//   - record locks and flock() succeed without locking anything
//   - a memory map is a copy; mmap.js says what of it is shared
//   - pipes with a name are made by mkfifo(1); opening one blocks the whole process; devices and sockets
//     with a name cannot be made (EPERM)
//   - readdir() gives no inode numbers (CPython asks for one when os.DirEntry.inode() is called)
//   - a host's symbolic link into a reserved folder leads to the host's folder of that name

addToLibrary({
  $HOST_FS__deps: [
    "$ERRNO_CODES",
    "$FS",
    "$FS_ABI",
    "$FS_modeStringToFlags",
    "$FS_PATH",
    "$FS_STAT",
    "$HOST_ERRORS",
    "$HOST_STREAMS",
    "$PATH",
    "$SYSCALLS",
    "$fsFail",
  ],
  $HOST_FS__postset:
    "Module['activateHostFS'] = (options) => HOST_FS.activate(options);" +
    "SYSCALLS.calculateAt = HOST_FS.pathAt;",
  $HOST_FS: {
    active: false,
    fs: null, // node:fs
    process: null,
    shell: null, // runs a command of the host, for process.js
    rules: [], // {prefix, host}, the longest first
    ownsCwd: false, // the process's working directory is ours, and is on the host
    descriptors: "", // folder where the host shows open descriptors as paths; "" if it has none
    isLinux: false,

    activate(options) {
      if (HOST_FS.active) {
        throw new Error("activateHostFS: the host's file system is already active");
      }
      for (const name of ["fs", "process"]) {
        if (!options[name]) {
          throw new TypeError(`activateHostFS: pass the node module ${name}`);
        }
      }
      Object.assign(HOST_FS, {
        active: true,
        fs: options.fs,
        process: options.process,
        shell: options.shell ?? null,
        isLinux: options.process.platform === "linux",
        rules: HOST_FS.makeRules(options.reserved, options.host ?? []),
      });
      const descriptors = `/proc/${options.process.pid}/fd`;
      HOST_FS.descriptors = options.fs.existsSync(descriptors) ? descriptors : "";
      HOST_FS.wrapPathMethods();
      HOST_FS.wrapDescriptorMethods();
      HOST_FS.enter(".");
      SYSCALLS.currentUmask = options.process.umask();
    },

    makeRules(reserved, host) {
      const rules = [
        // Numbers of descriptors are ours, not the host process's.
        { prefix: "/proc/self/fd", host: false },
        ...reserved.map((prefix) => ({ prefix, host: false })),
        ...host.map((prefix) => ({ prefix, host: true })),
      ];
      for (const { prefix } of rules) {
        if (!prefix.startsWith("/") || FS_PATH.normalize(prefix) !== prefix) {
          throw new TypeError(`activateHostFS: ${prefix} is not an absolute, canonical path`);
        }
      }
      return rules.sort((a, b) => b.prefix.length - a.prefix.length);
    },

    // ---- Which side a path is on ------------------------------------------------------------------

    covers: (prefix, path) =>
      path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/"),

    isHostPath(absolute) {
      const path = FS_PATH.normalize(absolute);
      return HOST_FS.rules.find((rule) => HOST_FS.covers(rule.prefix, path))?.host ?? true;
    },

    // The path to give to node:fs, or null when `path` is in memory. ".." is left for the host to
    // resolve, because only it knows the symbolic links; routing looks at the text alone.
    locate(path) {
      if (!HOST_FS.active) {
        return null;
      }
      if (path === "") {
        fsFail("ENOENT");
      }
      const descriptor = HOST_FS.locateDescriptor(path);
      if (descriptor !== undefined) {
        return descriptor;
      }
      const isAbsolute = path.startsWith("/");
      const absolute = isAbsolute ? path : `${FS.currentPath}/${path}`;
      if (!HOST_FS.isHostPath(absolute)) {
        return null;
      }
      return FS_PATH.forNode(isAbsolute || HOST_FS.ownsCwd ? path : FS_PATH.normalize(absolute));
    },

    // /dev/fd/N and /proc/self/fd/N name our descriptor N where it is open; /dev/fd/63 of a shell's
    // process substitution is not, and stays the host's. undefined for other paths.
    locateDescriptor(path) {
      const match = /^\/(?:dev|proc\/self)\/fd(?:\/(\d+))?\/?$/.exec(path);
      if (match === null) {
        return undefined;
      }
      const stream = match[1] ? FS.streams[match[1]] : null;
      if (stream?.hostFd !== undefined) {
        return HOST_FS.descriptorPath(stream);
      }
      return match[1] && !stream && path.startsWith("/dev") ? path : null;
    },

    // A path by which the host finds the open file itself, though it was renamed or deleted; on hosts
    // without such paths the one it was opened by.
    descriptorPath: (stream) =>
      HOST_FS.descriptors === ""
        ? FS_PATH.forNode(stream.path)
        : `${HOST_FS.descriptors}/${stream.hostFd}`,

    // Stands in for SYSCALLS.calculateAt: the path of openat() and its relatives. Node has no openat(),
    // but a path through the descriptor's entry in /proc means the same. In memory the folder may have
    // been renamed since it was opened: its node knows.
    pathAt(directory, path, allowEmpty) {
      if (path.startsWith("/")) {
        return path;
      }
      if (path === "" && !allowEmpty) {
        fsFail("ENOENT");
      }
      if (directory === FS_ABI.AT_FDCWD) {
        return path === "" ? "." : path;
      }
      const stream = SYSCALLS.getStreamFromFD(directory);
      if (path !== "" && !FS.isDir(stream.node.mode)) {
        fsFail("ENOTDIR");
      }
      const isMemory = stream.hostFd === undefined;
      const folder = isMemory ? FS.getPath(stream.node) : stream.path;
      const plain = path === "" ? folder : `${folder}/${path}`;
      if (isMemory || HOST_FS.descriptors === "" || !HOST_FS.isHostPath(plain)) {
        return plain;
      }
      const base = HOST_FS.descriptorPath(stream);
      return path === "" ? base : `${base}/${path}`;
    },

    // The absolute path to remember for a newly opened file.
    displayPath(path) {
      if (!path.startsWith("/")) {
        return FS_PATH.normalize(`${FS.currentPath}/${path}`);
      }
      if (HOST_FS.descriptors !== "" && path.startsWith(`${HOST_FS.descriptors}/`)) {
        const [number, ...rest] = path.slice(HOST_FS.descriptors.length + 1).split("/");
        const stream = FS.streams.find((candidate) => candidate?.hostFd === Number(number));
        return stream ? [stream.path, ...rest].join("/") : path;
      }
      return path;
    },

    // ---- Methods of FS that take a path -----------------------------------------------------------

    // Makes FS[name] call `method` with the host's path where the path is the host's.
    route(name, method) {
      const inMemory = FS[name];
      FS[name] = (path, ...rest) => {
        // A node instead of a path: MEMFS calls itself so.
        const host = typeof path === "string" ? HOST_FS.locate(path) : null;
        return host === null
          ? inMemory(path, ...rest)
          : HOST_ERRORS.call(() => method(host, ...rest));
      };
    },

    // The same for methods with two paths, of which both must be on one side.
    routePair(name, method) {
      const inMemory = FS[name];
      FS[name] = (from, to, ...rest) => {
        const source = HOST_FS.locate(from);
        const target = HOST_FS.locate(to);
        if ((source === null) !== (target === null)) {
          fsFail("EXDEV");
        }
        return source === null
          ? inMemory(from, to, ...rest)
          : HOST_ERRORS.call(() => method(source, target, ...rest));
      };
    },

    wrapPathMethods() {
      const { fs } = HOST_FS;
      const { route, routePair } = HOST_FS;
      const { chdir, lookupPath, open, symlink } = FS;
      route("stat", HOST_FS.attributes);
      route("readdir", (path) => [
        ".",
        "..",
        ...fs.readdirSync(path, "buffer").map(FS_PATH.decode),
      ]);
      route("readlink", (path) => FS_PATH.decode(fs.readlinkSync(path, "buffer")));
      route("mknod", HOST_FS.makeNode);
      route("mkdir", (path, mode) => fs.mkdirSync(path, typeof mode === "number" ? mode : 0o777));
      route("rmdir", (path) => fs.rmdirSync(path));
      route("unlink", (path) => fs.unlinkSync(path));
      route("truncate", HOST_FS.truncate);
      route("chmod", HOST_FS.changeMode);
      route("chown", HOST_FS.changeOwner);
      route("utime", HOST_FS.setTimesInMilliseconds);
      route("statfs", HOST_FS.fileSystem);
      routePair("rename", (from, to) => fs.renameSync(from, to));
      routePair("link", HOST_FS.link);
      FS.lookupPath = (path, options) => HOST_FS.lookupPath(lookupPath, path, options);
      FS.symlink = (target, path) => HOST_FS.symlink(symlink, target, path);
      FS.open = (path, flags, mode) => HOST_FS.open(open, path, flags, mode);
      FS.chdir = (path) => HOST_FS.changeDirectory(chdir, path);
    },

    open(inMemory, path, flags, mode = 0o666) {
      const host = typeof path === "string" ? HOST_FS.locate(path) : null;
      if (host === null) {
        return inMemory(path, flags, mode);
      }
      const display = HOST_FS.displayPath(path);
      return HOST_ERRORS.call(() =>
        HOST_STREAMS.open(host, display, FS_modeStringToFlags(flags), mode),
      );
    },

    attributes(path, dontFollow) {
      const options = { bigint: true };
      const { fs } = HOST_FS;
      return HOST_STREAMS.attributes(
        dontFollow ? fs.lstatSync(path, options) : fs.statSync(path, options),
      );
    },

    // For FS.analyzePath(), FS.findObject() and the dynamic linker, which ask for a node.
    lookupPath(inMemory, path, options = {}) {
      const wanted = options.parent ? PATH.dirname(path) : path;
      const host = HOST_FS.locate(path) === null ? null : HOST_FS.locate(wanted);
      if (host === null) {
        return inMemory(path, options);
      }
      const dontFollow = !(options.follow || options.parent);
      try {
        const { mode } = HOST_ERRORS.call(() => HOST_FS.attributes(host, dontFollow));
        return { path: wanted, node: HOST_STREAMS.makeNode(PATH.basename(wanted), mode) };
      } catch (error) {
        if (options.noent_okay && error.errno === ERRNO_CODES.ENOENT) {
          return { path: wanted, node: undefined };
        }
        throw error;
      }
    },

    // Node can make files and folders, and mkfifo(1) pipes. EPERM is what Linux says of the rest on file
    // systems that do not have it.
    makeNode(path, mode) {
      const { fs } = HOST_FS;
      switch (mode & FS_ABI.S_IFMT) {
        case FS_ABI.S_IFDIR:
          return fs.mkdirSync(path, mode & 0o7777);
        case FS_ABI.S_IFREG:
        case 0:
          return fs.closeSync(fs.openSync(path, "wx", mode & 0o7777));
        case FS_ABI.S_IFIFO:
          return HOST_FS.makePipe(path, mode & 0o777);
        default:
          return fsFail("EPERM");
      }
    },

    makePipe(path, mode) {
      const { fs, process } = HOST_FS;
      if (fs.lstatSync(path, { throwIfNoEntry: false })) {
        fsFail("EEXIST");
      }
      const run = process.getBuiltinModule?.("node:child_process").spawnSync;
      if (!run || typeof path !== "string") {
        fsFail("EPERM"); // an old Node, or a name that an argument of a program cannot have
      }
      const permissions = (mode & ~SYSCALLS.currentUmask).toString(8);
      if (run("mkfifo", ["-m", permissions, "--", path], { stdio: "ignore" }).status !== 0) {
        fs.statSync(PATH.dirname(path)); // throws if the folder is why
        fsFail("EACCES");
      }
    },

    truncate(path, length) {
      if (length < 0) {
        fsFail("EINVAL");
      }
      HOST_FS.fs.truncateSync(path, length);
    },

    changeMode(path, mode, dontFollow) {
      const { fs } = HOST_FS;
      if (dontFollow && fs.lstatSync(path).isSymbolicLink()) {
        if (!fs.lchmodSync) {
          fsFail("EOPNOTSUPP"); // as on Linux
        }
        fs.lchmodSync(path, mode & 0o7777);
      } else {
        fs.chmodSync(path, mode & 0o7777);
      }
    },

    // -1 leaves an owner unchanged; other numbers are unsigned.
    owner: (id) => (id === -1 ? -1 : id >>> 0),

    changeOwner(path, uid, gid, dontFollow) {
      const method = dontFollow ? HOST_FS.fs.lchownSync : HOST_FS.fs.chownSync;
      method(path, HOST_FS.owner(uid), HOST_FS.owner(gid));
    },

    setTimesInMilliseconds(path, atime, mtime, dontFollow) {
      const nanoseconds = (time) => (time === null ? null : BigInt(Math.round(time * 1e6)));
      HOST_FS.setTimes(path, {
        atimeNs: nanoseconds(atime),
        mtimeNs: nanoseconds(mtime),
        dontFollow,
      });
    },

    // Node takes seconds as a double, so times are set to a quarter of a microsecond (and are read to
    // the nanosecond). A time to leave alone is null.
    setTimes(path, { atimeNs, mtimeNs, dontFollow }) {
      const { fs } = HOST_FS;
      HOST_ERRORS.call(() => {
        // Half a nanosecond more, because Node cuts off what is below one. As a string, because Node
        // takes a negative number for the present time.
        const seconds = (time) => {
          const rest = Number(time % 1_000_000_000n);
          return String(Number(time / 1_000_000_000n) + (rest + Math.sign(rest) / 2) / 1e9);
        };
        const old =
          atimeNs === null || mtimeNs === null ? HOST_FS.attributes(path, dontFollow) : null;
        const set = dontFollow ? fs.lutimesSync : fs.utimesSync;
        set(path, seconds(atimeNs ?? old.atimeNs), seconds(mtimeNs ?? old.mtimeNs));
      });
    },

    fileSystem(path) {
      const known = HOST_FS.fs.statfsSync(path);
      return { ...known, frsize: known.bsize, fsid: 0, flags: 0, namelen: FS_ABI.NAME_MAX };
    },

    link(source, target, flags) {
      const { fs } = HOST_FS;
      const follow = (flags & FS_ABI.AT_SYMLINK_FOLLOW) !== 0;
      fs.linkSync(follow ? fs.realpathSync.native(source, "buffer") : source, target);
    },

    symlink(inMemory, target, path) {
      const host = HOST_FS.locate(path);
      if (host === null) {
        return inMemory(target, path);
      }
      if (target === "") {
        fsFail("ENOENT");
      }
      return HOST_ERRORS.call(() => HOST_FS.fs.symlinkSync(FS_PATH.forNode(target), host));
    },

    // ---- The working directory --------------------------------------------------------------------

    changeDirectory(inMemory, path) {
      const host = HOST_FS.locate(path);
      if (host === null) {
        inMemory(path);
        HOST_FS.ownsCwd = false;
      } else {
        HOST_ERRORS.call(() => HOST_FS.enter(host));
      }
    },

    // process.chdir() takes no Buffer: go to such names through a descriptor.
    enter(path) {
      const { fs, process } = HOST_FS;
      if (typeof path === "string") {
        process.chdir(path);
      } else {
        const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
        try {
          process.chdir(`${HOST_FS.descriptors}/${fd}`);
        } finally {
          fs.closeSync(fd);
        }
      }
      HOST_FS.ownsCwd = true;
      // A directory that was deleted has no name: relative paths still go to the host, which refuses.
      FS.currentPath = HOST_FS.hostDirectory() ?? FS.currentPath;
    },

    // The host's own word for the working directory; null when it was deleted or cannot be asked.
    hostDirectory() {
      if (!HOST_FS.isLinux || HOST_FS.descriptors === "") {
        return HOST_FS.process.cwd();
      }
      const { fs } = HOST_FS;
      const path = fs.readlinkSync("/proc/self/cwd", "buffer");
      const [here, there] = [fs.statSync("."), fs.statSync(path, { throwIfNoEntry: false })];
      return here.ino === there?.ino && here.dev === there.dev ? FS_PATH.decode(path) : null;
    },

    workingDirectory() {
      if (!HOST_FS.ownsCwd) {
        return FS.currentPath;
      }
      return HOST_ERRORS.call(() => HOST_FS.hostDirectory()) ?? fsFail("ENOENT");
    },

    // ---- access() ---------------------------------------------------------------------------------

    checkMemoryAccess(path, mode, dontFollow) {
      const { node } = FS.lookupPath(path, { follow: !dontFollow });
      const wanted = [4, 2, 1].map((bit, index) => (mode & bit ? "rwx"[index] : ""));
      const errno = FS.nodePermissions(node, wanted.join(""));
      if (errno) {
        throw new FS.ErrnoError(errno);
      }
    },

    // A link itself can always be read, written and searched.
    checkHostAccess(path, mode, dontFollow) {
      if (!(dontFollow && HOST_FS.fs.lstatSync(path).isSymbolicLink())) {
        HOST_FS.fs.accessSync(path, mode);
      }
    },

    // ---- Methods of FS that take a descriptor -----------------------------------------------------

    wrapDescriptorMethods() {
      const { fs } = HOST_FS;
      const wrap = (name, find, method) => {
        const inMemory = FS[name];
        FS[name] = (first, ...rest) => {
          const { hostFd } = find(first);
          return hostFd === undefined
            ? inMemory(first, ...rest)
            : HOST_ERRORS.call(() => method(hostFd, ...rest));
        };
      };
      const checked = (fd) => FS.getStreamChecked(fd);
      wrap("fstat", checked, (fd) => HOST_STREAMS.attributes(fs.fstatSync(fd, { bigint: true })));
      wrap("fchmod", checked, (fd, mode) => fs.fchmodSync(fd, mode & 0o7777));
      wrap("fchown", checked, (fd, uid, gid) =>
        fs.fchownSync(fd, HOST_FS.owner(uid), HOST_FS.owner(gid)),
      );
      wrap("ftruncate", checked, (fd, length) =>
        length < 0 ? fsFail("EINVAL") : fs.ftruncateSync(fd, length),
      );
      const statfsStream = FS.statfsStream;
      FS.statfsStream = (stream) =>
        stream.hostFd === undefined
          ? statfsStream(stream)
          : HOST_ERRORS.call(() => HOST_FS.fileSystem(HOST_FS.descriptorPath(stream)));
    },
  },

  // access(): the host knows about owners, groups and read-only mounts; mode bits alone do not.
  __syscall_faccessat__deps: ["$HOST_FS", "$fsSyscall", "$fsFail"],
  __syscall_faccessat: (directory, path, mode, flags) =>
    fsSyscall(() => {
      const name = SYSCALLS.calculateAt(directory, SYSCALLS.getStr(path));
      const dontFollow = (flags & FS_ABI.AT_SYMLINK_NOFOLLOW) !== 0;
      const host = HOST_FS.locate(name);
      if (mode & ~7) {
        fsFail("EINVAL");
      } else if (host === null) {
        HOST_FS.checkMemoryAccess(name, mode, dontFollow);
      } else {
        HOST_ERRORS.call(() => HOST_FS.checkHostAccess(host, mode, dontFollow));
      }
      return 0;
    }),

  // Not by the stream's path, which the folder may no longer have.
  __syscall_fchdir__deps: ["$HOST_FS", "$fsSyscall", "$fsFail"],
  __syscall_fchdir: (fd) =>
    fsSyscall(() => {
      const stream = SYSCALLS.getStreamFromFD(fd);
      if (!FS.isDir(stream.node.mode)) {
        fsFail("ENOTDIR");
      } else if (stream.hostFd === undefined) {
        FS.chdir(FS.getPath(stream.node));
      } else {
        HOST_ERRORS.call(() => HOST_FS.enter(HOST_FS.descriptorPath(stream)));
      }
      return 0;
    }),

  // Outside the main thread Node refuses to set the umask; files are then made with the asked one, which
  // the process's own can only narrow.
  __syscall_umask__deps: ["$HOST_FS", "$SYSCALLS"],
  __syscall_umask: (mask) => {
    const old = SYSCALLS.currentUmask;
    SYSCALLS.currentUmask = mask & 0o777;
    if (HOST_FS.active) {
      try {
        HOST_FS.process.umask(SYSCALLS.currentUmask);
      } catch {
        // See above.
      }
    }
    return old;
  },

  __syscall_getuid32__deps: ["$HOST_FS"],
  __syscall_getuid32: () => HOST_FS.process?.getuid?.() ?? 0,
  __syscall_geteuid32__deps: ["$HOST_FS"],
  __syscall_geteuid32: () => HOST_FS.process?.geteuid?.() ?? 0,
  __syscall_getgid32__deps: ["$HOST_FS"],
  __syscall_getgid32: () => HOST_FS.process?.getgid?.() ?? 0,
  __syscall_getegid32__deps: ["$HOST_FS"],
  __syscall_getegid32: () => HOST_FS.process?.getegid?.() ?? 0,
});
