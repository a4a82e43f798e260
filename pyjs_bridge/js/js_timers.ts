/** Calls of Python from the event loop of JavaScript. The mirror of js_timers.c. */

import { decode } from "./convert.js";
import { C } from "./exports.js";
import { JS_OP_SCHEDULE, JS_OP_UNSCHEDULE } from "./generated.js";
import { defineOperations } from "./js_operations.js";
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

/* --- the next macrotask --- */

declare const setImmediate: ((callback: () => void) => unknown) | undefined;

let channel: MessageChannel | undefined;

/** A message to itself is a macrotask without a minimal delay. */
function byMessage(callback: () => void): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => turns.shift()?.();
  }
  turns.push(callback);
  channel.port2.postMessage(0);
}

const turns: (() => void)[] = [];

function nextMacrotask(callback: () => void): void {
  if (typeof setImmediate === "function") {
    setImmediate(callback);
  } else {
    byMessage(callback);
  }
}

/* --- calling --- */

/** What the callable raises is thrown from here, as an uncaught error. */
function fire(entry: Entry): void {
  if (!entries.delete(entry.handle)) {
    return; // cancelled meanwhile
  }
  const slots = takeSlots(1);
  C.coil_py_call(entry.callable, slots, 0, 0);
  freeSlots(slots);
  C.coil_py_release(entry.callable);
  decode(slots >>> 2);
}

/** Has the entry called when it is due, by as many steps as that takes. */
function wait(entry: Entry): void {
  const left = entry.due - performance.now();
  if (!entries.has(entry.handle)) {
    return;
  }
  if (left <= 0) {
    fire(entry);
  } else if (left < CLAMP_MS) {
    nextMacrotask(() => wait(entry));
  } else {
    entry.timer = setTimeout(() => wait(entry), Math.min(Math.ceil(left), LONGEST_MS));
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
    wait(entry);
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
  [JS_OP_SCHEDULE]: schedule,
  [JS_OP_UNSCHEDULE]: unschedule,
});
