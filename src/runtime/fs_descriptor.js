// What belongs to a descriptor, not to the file: close-on-exec, duplicates, fcntl().
//
// Emscripten has no close-on-exec flag, so os.get_inheritable() would always be true. There is no exec
// here, but the flag is visible: CPython asks for it after its first open(), and then trusts O_CLOEXEC
// only when the flag comes back.

addToLibrary({
  $FS_DESCRIPTOR__deps: ["$FS", "$FS_ABI", "$SYSCALLS"],
  $FS_DESCRIPTOR: {
    // Streams that were made elsewhere (pipes, sockets) count as close-on-exec: CPython asks for that.
    closesOnExec: (stream) => stream.cloexec ?? stream.fd > 2,

    duplicate(stream, lowest, closeOnExec) {
      if (lowest < 0 || lowest >= FS_ABI.MAX_OPEN_FDS) {
        fsFail("EINVAL");
      }
      let fd = lowest;
      while (FS.streams[fd]) {
        fd += 1;
      }
      if (fd >= FS_ABI.MAX_OPEN_FDS) {
        fsFail("EMFILE");
      }
      const copy = FS.dupStream(stream, fd);
      copy.cloexec = closeOnExec;
      copy.getdents = null; // a listing belongs to one descriptor's position
      return fd;
    },

    // Flags that F_GETFL reports: not those that only open() looks at.
    statusFlags(stream) {
      const once =
        FS_ABI.O_CREAT | FS_ABI.O_EXCL | FS_ABI.O_NOCTTY | FS_ABI.O_TRUNC | FS_ABI.O_CLOEXEC;
      return (stream.flags & ~once) | FS_ABI.O_LARGEFILE;
    },

    setStatusFlags(stream, flags) {
      const mask =
        FS_ABI.O_APPEND | FS_ABI.O_ASYNC | FS_ABI.O_DIRECT | FS_ABI.O_NOATIME | FS_ABI.O_NONBLOCK;
      stream.flags = (stream.flags & ~mask) | (flags & mask);
    },
  },

  // emcc links only what something depends on: the file systems that open() can reach among it.
  __syscall_openat__deps: [
    "$ARCHIVE_FS",
    "$FS",
    "$FS_ABI",
    "$FS_MEMORY",
    "$SYSCALLS",
    "$fsSyscall",
    "$fsVararg",
  ],
  __syscall_openat: (directory, path, flags, varargs) =>
    fsSyscall(() => {
      const name = SYSCALLS.calculateAt(directory, SYSCALLS.getStr(path));
      const mode = varargs ? fsVararg(varargs) : 0;
      const stream = FS.open(name, flags, mode & ~SYSCALLS.currentUmask);
      stream.cloexec = (flags & FS_ABI.O_CLOEXEC) !== 0;
      return stream.fd;
    }),

  __syscall_dup__deps: ["$FS_DESCRIPTOR", "$SYSCALLS", "$fsSyscall", "$fsFail"],
  __syscall_dup: (fd) =>
    fsSyscall(() => FS_DESCRIPTOR.duplicate(SYSCALLS.getStreamFromFD(fd), 0, false)),

  __syscall_dup3__deps: ["$FS_DESCRIPTOR", "$SYSCALLS", "$fsSyscall", "$fsFail"],
  __syscall_dup3: (fd, target, flags) =>
    fsSyscall(() => {
      if (fd === target || flags & ~FS_ABI.O_CLOEXEC) {
        fsFail("EINVAL");
      }
      const stream = SYSCALLS.getStreamFromFD(fd);
      if (target < 0 || target >= FS_ABI.MAX_OPEN_FDS) {
        fsFail("EBADF");
      }
      const replaced = FS.getStream(target);
      if (replaced) {
        FS.close(replaced);
      }
      return FS_DESCRIPTOR.duplicate(stream, target, (flags & FS_ABI.O_CLOEXEC) !== 0);
    }),

  // Record locks always succeed and lock nothing: Node offers none.
  __syscall_fcntl64__deps: ["$FS_DESCRIPTOR", "$SYSCALLS", "$fsSyscall", "$fsFail", "$fsVararg"],
  __syscall_fcntl64: (fd, command, varargs) =>
    fsSyscall(() => {
      const stream = SYSCALLS.getStreamFromFD(fd);
      switch (command) {
        case FS_ABI.F_DUPFD:
        case FS_ABI.F_DUPFD_CLOEXEC: {
          const closeOnExec = command === FS_ABI.F_DUPFD_CLOEXEC;
          return FS_DESCRIPTOR.duplicate(stream, fsVararg(varargs), closeOnExec);
        }
        case FS_ABI.F_GETFD:
          return FS_DESCRIPTOR.closesOnExec(stream) ? FS_ABI.FD_CLOEXEC : 0;
        case FS_ABI.F_SETFD:
          stream.cloexec = (fsVararg(varargs) & FS_ABI.FD_CLOEXEC) !== 0;
          return 0;
        case FS_ABI.F_GETFL:
          return FS_DESCRIPTOR.statusFlags(stream);
        case FS_ABI.F_SETFL:
          FS_DESCRIPTOR.setStatusFlags(stream, fsVararg(varargs));
          return 0;
        case FS_ABI.F_GETLK:
          HEAP16[((fsVararg(varargs) >>> 0) + FS_ABI.flock.l_type) >>> 1] = FS_ABI.F_UNLCK;
          return 0;
        case FS_ABI.F_SETLK:
        case FS_ABI.F_SETLKW:
          return 0;
        default:
          return fsFail("EINVAL");
      }
    }),

  __syscall_fdatasync__deps: ["$SYSCALLS", "$fsSyscall"],
  __syscall_fdatasync: (fd) =>
    fsSyscall(() => {
      const stream = SYSCALLS.getStreamFromFD(fd);
      stream.stream_ops.fdatasync?.(stream);
      return 0;
    }),
});
