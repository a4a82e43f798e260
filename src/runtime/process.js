// The JavaScript side of process.c.

addToLibrary({
  // The strings of a C array that ends with NULL.
  $stringsAt__deps: ["$UTF8ToString"],
  $stringsAt: (array) => {
    const strings = [];
    for (let at = array >>> 2; HEAPU32[at]; at++) {
      strings.push(UTF8ToString(HEAPU32[at]));
    }
    return strings;
  },

  // Emscripten's own sets Node's exit code as well, which is the host program's to say.
  proc_exit__sig: "vi",
  proc_exit: (status) => {
    ABORT = true;
    throw new ExitStatus(status);
  },

  // Only a program that sees the host's files may run the host's commands.
  coil_process_system_js__sig: "ipp",
  coil_process_system_js__deps: ["$ERRNO_CODES", "$HOST_FS", "$UTF8ToString", "$stringsAt"],
  coil_process_system_js: (command, environment) => {
    if (!command) {
      return HOST_FS.shell ? 1 : 0;
    }
    if (!HOST_FS.shell) {
      return -ERRNO_CODES.ENOSYS;
    }
    const { status, signal } = HOST_FS.shell(UTF8ToString(command), stringsAt(environment));
    return (status << 8) | signal;
  },

  // Without a host process the numbers are those of a first process in a container.
  coil_process_pid_js__sig: "i",
  coil_process_pid_js: () => (ENVIRONMENT_IS_NODE ? process.pid : 1),

  coil_process_parent_js__sig: "i",
  coil_process_parent_js: () => (ENVIRONMENT_IS_NODE ? process.ppid : 0),

  // A page, or a program of Node that uses Python as a library, does not end with it.
  coil_process_is_host_js__sig: "i",
  coil_process_is_host_js__deps: ["$HOST_FS"],
  coil_process_is_host_js: () => (ENVIRONMENT_IS_NODE && HOST_FS.shell ? 1 : 0),

  coil_process_kill_js__sig: "iii",
  coil_process_kill_js__deps: ["$SIGNALS", "$ERRNO_CODES"],
  coil_process_kill_js: (pid, signum) => {
    if (!ENVIRONMENT_IS_NODE) {
      return ERRNO_CODES.ESRCH;
    }
    const name = SIGNALS.names[signum];
    try {
      if (pid === process.pid && name === "SIGPIPE") {
        // Node ignores SIGPIPE; taking a listener away is what gives the default back.
        SIGNALS.listen(name, () => {});
        SIGNALS.forget(name);
      }
      process.kill(pid, name ?? signum);
      return 0;
    } catch (error) {
      return ERRNO_CODES[error.code] ?? ERRNO_CODES.EINVAL;
    }
  },
});
