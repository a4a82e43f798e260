// Terminals of the host: whether a descriptor is one, its window size and its modes.
//
// Node has no tcgetattr(). The modes are asked from and given to stty(1), which shares our
// descriptor; so getpass() really hides what is typed. Without stty the call fails, as POSIX says,
// and the program can tell the user.

addToLibrary({
  $TERMINAL__deps: ["$fsFail"],
  $TERMINAL: {
    isTerminal: (fd, stat) => stat.isCharacterDevice() && require("node:tty").isatty(fd),

    /** Runs stty on `fd`; throws ENOTTY if there is none or it refuses. */
    stty(fd, argument) {
      const { spawnSync } = require("node:child_process");
      const { status, stdout } = spawnSync("stty", [argument], {
        stdio: [fd, "pipe", "ignore"],
        encoding: "latin1",
      });
      if (status !== 0) {
        fsFail("ENOTTY");
      }
      return stdout.trim();
    },

    /** The four flag words and the control characters, as struct termios has them. */
    getModes(fd) {
      const words = TERMINAL.stty(fd, "-g")
        .split(":")
        .map((word) => Number.parseInt(word, 16));
      if (words.length < 5 || words.some(Number.isNaN)) {
        fsFail("ENOTTY"); // not Linux's format
      }
      const [c_iflag, c_oflag, c_cflag, c_lflag, ...c_cc] = words;
      return { c_iflag, c_oflag, c_cflag, c_lflag, c_cc };
    },

    setModes(fd, modes) {
      const count = TERMINAL.getModes(fd).c_cc.length;
      const flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag];
      const characters = modes.c_cc.slice(0, count).map((character) => character & 0xff);
      const words = [...flags, ...characters].map((word) => (word >>> 0).toString(16));
      TERMINAL.stty(fd, words.join(":"));
      return 0;
    },

    /** [lines, columns], as TIOCGWINSZ gives them. */
    getSize(fd) {
      try {
        const [columns, lines] = new (require("node:tty").WriteStream)(fd).getWindowSize();
        return [lines, columns];
      } catch {
        return [24, 80];
      }
    },

    /** What Emscripten's ioctl() asks of a stream's `tty`. */
    opsOf: (fd) => ({
      ioctl_tcgets: () => TERMINAL.getModes(fd),
      ioctl_tcsets: (_tty, _action, modes) => TERMINAL.setModes(fd, modes),
      ioctl_tiocgwinsz: () => TERMINAL.getSize(fd),
      fsync: () => {},
    }),
  },
});
