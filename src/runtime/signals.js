// The JavaScript side of signals.c: the host's signals, by name, since their numbers differ
// between systems while wasm always has Linux's.

addToLibrary({
  $SIGNALS__deps: ["$SUSPEND", "coil_signal"],
  $SIGNALS: {
    // biome-ignore format: a table
    names: [
      null, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
      "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
      "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
      "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ],
    // These come from the host's own faults: a listener that returned would meet the same fault
    // again, for ever. (SIGPROF belongs to V8's profiler.)
    notForListeners: ["SIGILL", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGPROF"],
    /** By signal name. */
    listeners: {},

    numberOf: (name) => SIGNALS.names.indexOf(name),

    /** Stops listening, which gives the host's own treatment back. */
    forget(name) {
      const listener = SIGNALS.listeners[name];
      if (listener) {
        process.off(name, listener);
        delete SIGNALS.listeners[name];
      }
    },

    listen(name, listener) {
      try {
        process.on(name, listener);
        SIGNALS.listeners[name] = listener;
      } catch {
        // This system has no such signal, or does not let it be caught: it then never arrives.
      }
    },

    /** The listener that hands `signum` to C, which wakes the main program, and wakes others. */
    receiver: (signum) => () => {
      _coil_signal(signum);
      SUSPEND.wake();
    },
  },

  coil_signal_dispose_js__sig: "vii",
  coil_signal_dispose_js__deps: ["$SIGNALS"],
  coil_signal_dispose_js: (signum, disposition) => {
    const name = SIGNALS.names[signum];
    if (!ENVIRONMENT_IS_NODE || !name || SIGNALS.notForListeners.includes(name)) {
      return;
    }
    SIGNALS.forget(name);
    if (disposition === 1) {
      SIGNALS.listen(name, () => {});
    } else if (disposition === 2) {
      SIGNALS.listen(name, SIGNALS.receiver(signum));
    }
  },
});
