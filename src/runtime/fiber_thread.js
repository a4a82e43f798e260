// The JavaScript side of fiber_thread.c.

addToLibrary({
  $THREADS__deps: ["coil_thread_run"],
  $THREADS: {
    /** coil_thread_run(), returning a promise. */
    run: null,

    start(fiber, kilobytes) {
      THREADS.run ??= WebAssembly.promising(wasmExports["coil_thread_run"]);
      const begin = () => THREADS.run(fiber);
      queueMicrotask(() => THREADS.enterStack(kilobytes, begin).catch(THREADS.died));
    },

    /** Calls `begin` so that the engine makes a stack of that size, if the loader knows how. */
    enterStack: (kilobytes, begin) => Module["enterStack"]?.(kilobytes, begin) ?? begin(),

    /** The program called exit(), or the interpreter died, on another stack than the main one. */
    died(error) {
      if (Module["onThreadError"]) {
        Module["onThreadError"](error);
      } else {
        reportError(error);
      }
    },
  },

  coil_thread_start_js__sig: "ipi",
  coil_thread_start_js__deps: ["$THREADS"],
  coil_thread_start_js: (fiber, kilobytes) => {
    if (!WebAssembly.promising) {
      return 0;
    }
    THREADS.start(fiber, kilobytes);
    return 1;
  },
});
