/** setInterruptBuffer() and checkInterrupt(): api.md 2.9. The mirror of interrupt_buffer.c. */

import { decode } from "./convert.js";
import { PythonError } from "./errors.js";
import { C } from "./exports.js";
import { newestOwnCall, onWait, promisingCalls, promisingCallsSoFar } from "./py_call_promising.js";
import { freeSlots, takeSlots } from "./slots.js";

/** Any array of integers, usually over shared memory. */
type IntegerArray = { [index: number]: number };

let interrupts: IntegerArray | undefined;

/** While no Python runs, nobody else looks at the buffer. Ctrl-C is promised within 50 ms. */
const LOOK_EVERY_MS = 20;

/** JavaScript's turns do not come if nobody has looked for so long: a plain call runs. */
const TURNLESS_MS = 2 * LOOK_EVERY_MS;

const SIGINT = 2;

let timer: ReturnType<typeof setInterval> | undefined;
let lastLook = 0;

/** A run of runPythonAsync(). */
interface Run {
  readonly interrupt: () => void;
  /** How many calls there were when it began. */
  readonly callsBefore: number;
}

/** Those that have not ended, the newest last. */
const runs: Run[] = [];

/** Interrupts the newest of those that are not among them, which nobody could interrupt so far. */
let interruptOther: () => void = () => {};

/** When the innermost runPython() with a time-out is over. */
let deadline = Number.POSITIVE_INFINITY;

const { isView } = ArrayBuffer;

function isIntegerArray(value: unknown): value is IntegerArray {
  // By tag: the array may be of another realm.
  const tag = isView(value) ? (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] : "";
  return /^(?:Int|Uint)(?:8|16|32)(?:Clamped)?Array$/.test(tag ?? "");
}

/** Has the first element of `buffer` be looked at while Python runs; undefined ends that. */
export function setInterruptBuffer(buffer: unknown): void {
  if (buffer !== undefined && buffer !== null && !isIntegerArray(buffer)) {
    throw new TypeError("setInterruptBuffer() takes a typed array of integers, or undefined");
  }
  interrupts = buffer ?? undefined;
  poll();
  lookWhileSomebodyWaits();
}

export function hasInterruptBuffer(): boolean {
  return interrupts !== undefined;
}

/** Has Python look while it runs, as long as there is something to look at. */
function poll(): void {
  const wanted = interrupts !== undefined || deadline < Number.POSITIVE_INFINITY;
  C.coil_py_poll_interrupts(wanted ? 1 : 0);
}

function somebodyWaits(): boolean {
  return interrupts !== undefined && (promisingCalls() > 0 || runs.length > 0);
}

function look(): void {
  lastLook = performance.now();
  if (!somebodyWaits()) {
    clearInterval(timer);
    timer = undefined;
    return;
  }
  const signal = takeSignal();
  const run = signal === SIGINT ? runs.at(-1) : undefined;
  if (run !== undefined && run.callsBefore >= newestOwnCall()) {
    run.interrupt();
  } else if (signal !== 0) {
    C.coil_py_interrupt_waiting(signal);
  }
}

/** To be called when somebody has begun to wait, or when there is another buffer. */
function lookWhileSomebodyWaits(): void {
  if (timer === undefined && somebodyWaits()) {
    lastLook = performance.now();
    timer = setInterval(look, LOOK_EVERY_MS);
    // What is waited for keeps a program of Node alive, not this.
    (timer as { unref?: () => void }).unref?.();
  }
}

onWait(lookWhileSomebodyWaits);

/** Has Ctrl-C of the buffer go to a run of runPythonAsync(). Returns what ends that. */
export function noteRun(interrupt: () => void): () => void {
  const run = { interrupt, callsBefore: promisingCallsSoFar() };
  runs.push(run);
  lookWhileSomebodyWaits();
  return () => {
    runs.splice(runs.indexOf(run), 1);
  };
}

/** Has `interrupt` called for runs that nobody has noted. */
export function interruptOthersBy(interrupt: () => void): void {
  interruptOther = interrupt;
}

/**
 * The import bridge_js_interrupt_run: a thread has raised KeyboardInterrupt for the program, of which
 * nothing computes or blocks. Not at once, since C is in the middle of a change of threads.
 */
export function interruptRunSoon(): void {
  queueMicrotask(() => (runs.at(-1)?.interrupt ?? interruptOther)());
}

/** Calls `run`, in which KeyboardInterrupt is raised after so long; throws a TimeoutError then. */
export function runWithin<T>(milliseconds: number, run: () => T): T {
  const before = deadline;
  const end = performance.now() + milliseconds;
  deadline = Math.min(before, end);
  poll();
  try {
    return run();
  } catch (error) {
    const isOver = performance.now() >= end && error instanceof PythonError;
    if (isOver && error.type === "KeyboardInterrupt") {
      throw new DOMException("The operation timed out.", "TimeoutError");
    }
    throw error;
  } finally {
    deadline = before;
    poll();
  }
}

/**
 * The import bridge_js_take_interrupt. While JavaScript has its turns, look() gives a signal to whom a
 * user waits for, and not to whatever Python is called meanwhile.
 */
export function takeInterrupt(): number {
  const now = performance.now();
  if (now >= deadline) {
    deadline = Number.POSITIVE_INFINITY;
    return SIGINT;
  }
  return somebodyWaits() && now - lastLook < TURNLESS_MS ? 0 : takeSignal();
}

/** Empties the buffer. */
function takeSignal(): number {
  const signal = interrupts?.[0] ?? 0;
  if (interrupts !== undefined && signal > 0 && signal <= 64) {
    interrupts[0] = 0;
    return signal;
  }
  return 0;
}

/** Runs the handlers of signals that have come. Throws what they raise, KeyboardInterrupt for SIGINT. */
export function checkInterrupt(): void {
  const slots = takeSlots(1);
  C.coil_py_check_interrupt(slots, takeSignal());
  freeSlots(slots);
  decode(slots >>> 2);
}
