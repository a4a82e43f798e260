// The JavaScript side of suspend.c. The loader wraps `coil_suspend_js` in WebAssembly.Suspending
// where the engine has it; elsewhere C never calls it.

addToLibrary({
  $SUSPEND: {
    /** Ends the wait of the suspended stack; null while wasm runs. */
    resume: null,
    /** Stops the timer of the current wait. */
    cancelTimer: null,

    /** Wakes the suspended stack, if there is one, on a microtask. */
    wake() {
      SUSPEND.settle(1);
    },

    settle(result) {
      const resume = SUSPEND.resume;
      SUSPEND.cancel();
      resume?.(result);
    },

    cancel() {
      SUSPEND.cancelTimer?.();
      SUSPEND.resume = SUSPEND.cancelTimer = null;
    },

    /** Runs `callback` in the next turn of the event loop; returns a function that cancels it. */
    nextTurn(callback) {
      if (globalThis.setImmediate) {
        const immediate = setImmediate(callback);
        return () => clearImmediate(immediate);
      }
      // setTimeout(0) is clamped to 4 ms in browsers once nested; a message is not.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = callback;
      port2.postMessage(null);
      return () => port1.close();
    },

    /** Runs `callback` after `milliseconds`; returns a function that cancels it. */
    after(milliseconds, callback) {
      // The longest delay that setTimeout takes; C looks at the clock and waits again.
      const timer = setTimeout(callback, Math.min(milliseconds, 0x7fffffff));
      return () => clearTimeout(timer);
    },
  },

  coil_suspend_js__sig: "id",
  coil_suspend_js__deps: ["$SUSPEND"],
  coil_suspend_js: (milliseconds) =>
    new Promise((resolve) => {
      SUSPEND.resume = resolve;
      const timeout = () => SUSPEND.settle(0);
      // Below the resolution of timers, turns of the event loop come nearer to the wanted moment.
      SUSPEND.cancelTimer =
        milliseconds < 1 ? SUSPEND.nextTurn(timeout) : SUSPEND.after(milliseconds, timeout);
    }),

  coil_suspend_cancel_js__sig: "v",
  coil_suspend_cancel_js__deps: ["$SUSPEND"],
  coil_suspend_cancel_js: () => SUSPEND.cancel(),

  coil_block_js__sig: "vd",
  coil_block_js: (milliseconds) => {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    } catch {
      // A page's main thread must not block in Atomics.wait, and has no SharedArrayBuffer without
      // cross-origin isolation: only spinning is left.
      const end = performance.now() + Math.min(milliseconds, 100);
      while (performance.now() < end) {
        // Nothing: this thread has no other way to let time pass.
      }
    }
  },
});
