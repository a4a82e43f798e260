// The JavaScript side of fiber_thread.c.

addToLibrary({
  $THREADS__deps: ["coil_thread_run"],
  $THREADS: {
    /** coil_thread_run(), returning a promise. */
    run: null,

    start(fiber) {
      THREADS.run ??= WebAssembly.promising(wasmExports["coil_thread_run"]);
      queueMicrotask(() => THREADS.run(fiber).catch(THREADS.died));
    },

    /** The program called exit(), or the interpreter died, on another stack than the main one. */
    died(error) {
      if (Module["onThreadError"]) {
        Module["onThreadError"](error);
      } else {
        reportError(error);
      }
    },
  },

  coil_thread_can_start_js__sig: "i",
  coil_thread_can_start_js: () => (WebAssembly.promising ? 1 : 0),

  coil_thread_start_js__sig: "ip",
  coil_thread_start_js__deps: ["$THREADS"],
  coil_thread_start_js: (fiber) => {
    if (!WebAssembly.promising) {
      return 0;
    }
    THREADS.start(fiber);
    return 1;
  },
});
