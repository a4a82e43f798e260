// ioctl(): Emscripten's requests, and the two by which CPython sets close-on-exec.
//
// Not a wrapper around Emscripten's ioctl(): that needs a helper which other libraries may not name.
// What a terminal answers is up to stream.tty.ops (see terminal.js); without an answer it is ENOTTY,
// where Emscripten claims success and leaves the caller's struct as it was.

addToLibrary({
  $IOCTL__deps: ["$FS", "$FS_ABI", "$fsFail"],
  $IOCTL: {
    FIONCLEX: 0x5450,
    FIOCLEX: 0x5451,
    FIONREAD: cDefs.FIONREAD,
    FIONBIO: cDefs.FIONBIO,
    TCGETS: cDefs.TCGETS,
    TCSETS: cDefs.TCSETS, // TCSETSW and TCSETSF follow
    TCSETSF: cDefs.TCSETSF,
    TCFLSH: cDefs.TCFLSH,
    TIOCGPGRP: cDefs.TIOCGPGRP,
    TIOCGWINSZ: cDefs.TIOCGWINSZ,
    CONTROL_CHARACTERS: cDefs.NCCS,
    termios: C_STRUCTS.termios,
    flags: ["c_iflag", "c_oflag", "c_cflag", "c_lflag"],

    control(stream, request, pointer) {
      switch (request) {
        case IOCTL.FIOCLEX:
        case IOCTL.FIONCLEX:
          stream.cloexec = request === IOCTL.FIOCLEX;
          return 0;
        case IOCTL.FIONBIO:
          return IOCTL.setBlocking(stream, HEAP32[pointer >>> 2] === 0);
        case IOCTL.FIONREAD:
          return FS.ioctl(stream, request, pointer);
        default:
          return stream.tty ? IOCTL.controlTerminal(stream, request, pointer) : fsFail("ENOTTY");
      }
    },

    // What F_SETFL does, whatever the descriptor is: CPython sets the flag by this request alone.
    setBlocking(stream, blocking) {
      const flags = stream.flags & ~FS_ABI.O_NONBLOCK;
      stream.flags = blocking ? flags : flags | FS_ABI.O_NONBLOCK;
      return 0;
    },

    controlTerminal(stream, request, pointer) {
      switch (request) {
        case IOCTL.TCGETS:
          return IOCTL.writeModes(pointer, IOCTL.ask(stream, "ioctl_tcgets", stream));
        case IOCTL.TIOCGWINSZ:
          return IOCTL.writeSize(pointer, IOCTL.ask(stream, "ioctl_tiocgwinsz", stream.tty));
        case IOCTL.TIOCGPGRP:
          HEAP32[pointer >>> 2] = 0;
          return 0;
        case IOCTL.TCFLSH:
          return 0; // nothing is held back here
        default:
          if (request < IOCTL.TCSETS || request > IOCTL.TCSETSF) {
            fsFail("EINVAL");
          }
          IOCTL.ask(stream, "ioctl_tcsets", stream.tty, request, IOCTL.readModes(pointer));
          return 0;
      }
    },

    ask(stream, operation, ...args) {
      const answer = stream.tty.ops[operation];
      return answer ? answer(...args) : fsFail("ENOTTY");
    },

    writeModes(pointer, modes) {
      for (const name of IOCTL.flags) {
        HEAP32[(pointer + IOCTL.termios[name]) >>> 2] = modes[name] ?? 0;
      }
      for (let index = 0; index < IOCTL.CONTROL_CHARACTERS; index += 1) {
        HEAPU8[pointer + IOCTL.termios.c_cc + index] = modes.c_cc[index] ?? 0;
      }
      return 0;
    },

    readModes(pointer) {
      const start = pointer + IOCTL.termios.c_cc;
      const modes = { c_cc: [...HEAPU8.subarray(start, start + IOCTL.CONTROL_CHARACTERS)] };
      for (const name of IOCTL.flags) {
        modes[name] = HEAP32[(pointer + IOCTL.termios[name]) >>> 2];
      }
      return modes;
    },

    writeSize(pointer, [lines, columns]) {
      HEAPU16.set([lines, columns, 0, 0], pointer >>> 1);
      return 0;
    },
  },

  __syscall_ioctl__deps: ["$IOCTL", "$SYSCALLS", "$fsSyscall"],
  __syscall_ioctl: (fd, request, varargs) =>
    fsSyscall(() => {
      const stream = SYSCALLS.getStreamFromFD(fd);
      return IOCTL.control(stream, request, HEAPU32[varargs >>> 2]);
    }),
});
