/** setInterruptBuffer() and checkInterrupt(): api.md 2.9. The mirror of interrupt_buffer.c. */

import { decode } from "./convert.js";
import { C } from "./exports.js";
import { onWait, promisingCalls } from "./py_call_promising.js";
import { freeSlots, takeSlots } from "./slots.js";

/** Any array of integers, usually over shared memory. */
type IntegerArray = { [index: number]: number };

let interrupts: IntegerArray | undefined;

/** While no Python runs, nobody else looks at the buffer. Ctrl-C is promised within 50 ms. */
const LOOK_EVERY_MS = 20;

let timer: ReturnType<typeof setInterval> | undefined;

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
  C.coil_py_poll_interrupts(interrupts === undefined ? 0 : 1);
  lookWhileCallsWait();
}

function look(): void {
  if (promisingCalls() === 0 || interrupts === undefined) {
    clearInterval(timer);
    timer = undefined;
    return;
  }
  const signal = takeInterrupt();
  if (signal !== 0) {
    C.coil_py_interrupt_waiting(signal);
  }
}

/** To be called when a call has begun to wait, or when there is another buffer. */
function lookWhileCallsWait(): void {
  if (timer === undefined && interrupts !== undefined && promisingCalls() > 0) {
    timer = setInterval(look, LOOK_EVERY_MS);
    // What is waited for keeps a program of Node alive, not this.
    (timer as { unref?: () => void }).unref?.();
  }
}

onWait(lookWhileCallsWait);

/** The import bridge_js_take_interrupt. */
export function takeInterrupt(): number {
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
  C.coil_py_check_interrupt(slots);
  freeSlots(slots);
  decode(slots >>> 2);
}
