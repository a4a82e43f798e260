/** Calls of Python from the event loop of JavaScript. The mirror of js_timers.c. */

import { decode } from "./convert.js";
import { C } from "./exports.js";
import { JS_OP_HANDLER, JS_OP_SCHEDULE, JS_OP_UNSCHEDULE } from "./generated.js";
import { defineOperations } from "./js_operations.js";
import { nextMacrotask } from "./macrotask.js";
import { finishCall } from "./py_call.js";
import { type Caller, canPromise, enterPromising } from "./py_call_promising.js";
import { checkAlive, type PyProxy, self } from "./py_proxy.js";
import { freeSlots, takeSlots } from "./slots.js";

/** Browsers make nested timers wait for at least this long. */
const CLAMP_MS = 4;

/** The longest time that a timer of JavaScript takes. */
const LONGEST_MS = 2 ** 31 - 1;

interface Entry {
  readonly handle: number;
  /** A reference to the callable. */
  readonly callable: number;
  readonly due: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const entries = new Map<number, Entry>();
let lastHandle = 0;

/* --- not in the middle of Python --- */

/**
 * Callbacks that came while C was on the stack, and those that came after them. Some engines turn
 * the event loop inside of a call, and then the step of one task would begin in that of another.
 */
const late: (() => void)[] = [];

/** Runs what the event loop calls: at once, or in its order in turns after C has returned. */
function inTurn(callback: () => void): void {
  if (late.length > 0 || C.coil_must_wait() !== 0) {
    late.push(callback);
  } else {
    callback();
  }
}

/** The import bridge_js_turns: C has returned. Not at once, since its caller has not. */
export function runLateSoon(): void {
  nextMacrotask(runLate);
}

function runLate(): void {
  if (C.coil_must_wait() !== 0) {
    return; // in the middle of a call again; its end comes here
  }
  const callback = late.shift();
  if (late.length > 0) {
    runLateSoon();
  }
  callback?.();
}

/* --- calling --- */

function callNow(callable: number): void {
  const slots = takeSlots(1);
  C.coil_py_call(callable, slots, 0, 0);
  freeSlots(slots);
  decode(slots >>> 2);
}

function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** What the callable raises becomes an uncaught error of JavaScript. */
const uncaught: Caller = { resolve: () => {}, reject: throwUncaught };

/** A function for listeners and the like: it runs at once, up to its first wait. */
function handlerOf(proxy: PyProxy): unknown {
  if (!canPromise()) {
    return proxy;
  }
  return (...values: unknown[]): void => {
    const { shared } = self(proxy);
    checkAlive(shared);
    enterPromising(shared.pointer, shared.context, values, [], {
      resolve: (value) => finishCall(shared, value),
      reject: throwUncaught,
    });
  };
}

function fire(entry: Entry): void {
  inTurn(() => call(entry));
}

function call(entry: Entry): void {
  if (!entries.delete(entry.handle)) {
    return; // cancelled meanwhile
  }
  try {
    if (canPromise()) {
      enterPromising(entry.callable, 0, [], [], uncaught);
    } else {
      callNow(entry.callable);
    }
  } finally {
    C.coil_py_release(entry.callable);
  }
}

/** Has the entry called when it is due, by as many steps as that takes; never at once. */
function waitFor(entry: Entry, milliseconds: number): void {
  if (milliseconds < CLAMP_MS) {
    nextMacrotask(() => lookAt(entry));
  } else {
    entry.timer = setTimeout(() => lookAt(entry), Math.min(Math.ceil(milliseconds), LONGEST_MS));
  }
}

function lookAt(entry: Entry): void {
  const left = entry.due - performance.now();
  if (left <= 0) {
    fire(entry);
  } else if (entries.has(entry.handle)) {
    waitFor(entry, left);
  }
}

function schedule(_: unknown, callable: number, milliseconds: number): number {
  const handle = ++lastHandle;
  const due = performance.now() + milliseconds;
  const entry: Entry = { handle, callable, due, timer: undefined };
  entries.set(handle, entry);
  if (milliseconds <= 0) {
    nextMacrotask(() => fire(entry));
  } else {
    waitFor(entry, milliseconds);
  }
  return handle;
}

function unschedule(_: unknown, handle: number): void {
  const entry = entries.get(handle);
  if (entry !== undefined) {
    entries.delete(handle);
    clearTimeout(entry.timer);
    C.coil_py_release(entry.callable);
  }
}

defineOperations({
  [JS_OP_HANDLER]: handlerOf,
  [JS_OP_SCHEDULE]: schedule,
  [JS_OP_UNSCHEDULE]: unschedule,
});
