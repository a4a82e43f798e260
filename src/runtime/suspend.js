// The JavaScript side of suspend.c and fiber_thread.c. The loader wraps `coil_suspend_js` in
// WebAssembly.Suspending where the engine has it; elsewhere C never calls it.

addToLibrary({
  $SUSPEND__deps: ["coil_deadlock"],
  $SUSPEND__postset: "Module['wakeReaders'] = () => SUSPEND.wake();",
  $SUSPEND: {
    /** What suspended fibers wait for: { resolve, cancelTimer, reason }, by the fiber's number. */
    waits: [],
    /** When JavaScript's event loop last had a turn, as far as it is known here. */
    lastTurn: 0,
    /** Whether nothing was left to happen; see `watchForDeadlock`. */
    watching: false,

    /** The numbers of suspend.h. */
    FOR_FIBER: 0,
    FOR_HOST: 2,
    FOR_PROMISE: 3,
    TIMEOUT: 0,
    WOKEN: 1,

    /** Fibers that wake each other would starve timers, input and rendering without end. */
    LONGEST_WITHOUT_TURN: 8,

    /** Something of the host has happened: whoever waits for that looks whether it was meant. */
    wake() {
      SUSPEND.waits.forEach((wait, number) => {
        if (wait?.reason === SUSPEND.FOR_HOST) {
          SUSPEND.settle(number, SUSPEND.WOKEN);
        }
      });
    },

    /** Lets a suspended fiber go on, on a microtask or, when it is high time, in the next turn. */
    settle(number, result) {
      const wait = SUSPEND.waits[number];
      if (!wait) {
        return;
      }
      SUSPEND.cancel(number);
      if (performance.now() - SUSPEND.lastTurn < SUSPEND.LONGEST_WITHOUT_TURN) {
        wait.resolve(result);
      } else {
        SUSPEND.nextTurn(() => wait.resolve(result));
      }
    },

    cancel(number) {
      SUSPEND.waits[number]?.cancelTimer?.();
      SUSPEND.waits[number] = null;
    },

    /** Runs `callback` in the next turn of the event loop; returns a function that cancels it. */
    nextTurn(callback) {
      const run = () => {
        SUSPEND.lastTurn = performance.now();
        callback();
      };
      if (globalThis.setImmediate) {
        const immediate = setImmediate(run);
        return () => clearImmediate(immediate);
      }
      // setTimeout(0) is clamped to 4 ms in browsers once nested; a message is not.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        run();
      };
      port2.postMessage(null);
      return () => port1.close();
    },

    /** Runs `callback` after `milliseconds`; returns a function that cancels it. */
    after(milliseconds, callback) {
      const run = () => {
        SUSPEND.lastTurn = performance.now();
        callback();
      };
      // The longest delay that setTimeout takes; C looks at the clock and waits again.
      const timer = setTimeout(run, Math.min(milliseconds, 0x7fffffff));
      return () => clearTimeout(timer);
    },

    /** Starts the timer of a wait; returns a function that cancels it, or null. */
    limit(milliseconds, reason, timeout) {
      if (reason === SUSPEND.FOR_FIBER && milliseconds === Infinity) {
        SUSPEND.watchForDeadlock();
        return null;
      }
      if (reason === SUSPEND.FOR_PROMISE && milliseconds === Infinity) {
        return null; // as an await of JavaScript, it keeps no program alive
      }
      // Below the resolution of timers, turns of the event loop come nearer to the wanted moment.
      return milliseconds < 1 ? SUSPEND.nextTurn(timeout) : SUSPEND.after(milliseconds, timeout);
    },

    /**
     * Node says when nothing is left that could happen. If fibers wait for each other then, they do
     * so for ever, but for a signal. Pages never say it.
     */
    watchForDeadlock() {
      if (SUSPEND.watching || !ENVIRONMENT_IS_NODE) {
        return;
      }
      SUSPEND.watching = true;
      process.once("beforeExit", () => {
        if (_coil_deadlock()) {
          setInterval(() => {}, 0x7fffffff);
        }
      });
    },
  },

  coil_suspend_supported_js__sig: "i",
  coil_suspend_supported_js: () => (WebAssembly.promising ? 1 : 0),

  coil_suspend_js__sig: "iidi",
  coil_suspend_js__deps: ["$SUSPEND"],
  coil_suspend_js: (number, milliseconds, reason) =>
    new Promise((resolve) => {
      const wait = { resolve, reason, cancelTimer: null };
      SUSPEND.waits[number] = wait;
      wait.cancelTimer = SUSPEND.limit(milliseconds, reason, () => {
        SUSPEND.waits[number] = null;
        resolve(SUSPEND.TIMEOUT);
      });
    }),

  coil_suspend_cancel_js__sig: "vi",
  coil_suspend_cancel_js__deps: ["$SUSPEND"],
  coil_suspend_cancel_js: (number) => SUSPEND.cancel(number),

  coil_suspend_wake_js__sig: "vi",
  coil_suspend_wake_js__deps: ["$SUSPEND"],
  coil_suspend_wake_js: (number) => SUSPEND.settle(number, SUSPEND.WOKEN),

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
