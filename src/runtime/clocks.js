// The clocks of clock_gettime().
//
// Replaces Emscripten's function, to which the time that a process computed is the time that went by.

addToLibrary({
  $CLOCKS__deps: ["emscripten_date_now", "emscripten_get_now", "coil_fiber_clock_read"],
  $CLOCKS: {
    // Milliseconds of processor time. Node's other threads optimise code and collect garbage, also
    // while Python sleeps: they do not count, where Node tells them apart (23.9 and newer). A browser
    // tells nobody: there it is wall time.
    computed() {
      if (!ENVIRONMENT_IS_NODE) {
        return _emscripten_get_now();
      }
      const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
      return (user + system) / 1000;
    },

    // By WASI's number of the clock, which is the C library's.
    read(clock) {
      switch (clock) {
        case 0:
          return _emscripten_date_now();
        case 1:
          return _emscripten_get_now();
        case 2:
          return CLOCKS.computed();
        case 3:
          return _coil_fiber_clock_read(CLOCKS.computed());
      }
    },
  },

  coil_clock_thread_js__sig: "d",
  coil_clock_thread_js__deps: ["$CLOCKS"],
  coil_clock_thread_js: () => CLOCKS.computed(),

  clock_time_get__sig: "iijp",
  clock_time_get__deps: ["$CLOCKS", "$ERRNO_CODES"],
  clock_time_get: (clock, _precision, result) => {
    const milliseconds = CLOCKS.read(clock);
    if (milliseconds === undefined) {
      return ERRNO_CODES.EINVAL;
    }
    HEAP64[result >>> 3] = BigInt(Math.round(milliseconds * 1e6));
    return 0;
  },
});
