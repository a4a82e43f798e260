/**
 * Calls of Python that may wait, each on a fiber of its own: `callPromising()`, what the event loop
 * calls, listeners. They run at once, up to the first wait.
 */

import { decode } from "./convert.js";
import { C, Promising } from "./exports.js";
import { encodeAll } from "./py_call.js";
import { freeText, SLOT_SIZE, textTop } from "./slots.js";

/** Who is told the result of a call. */
export interface Caller {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Whether a program has asked for the call; otherwise the event loop or a listener has. */
  readonly isOwn?: boolean;
}

const { apply } = Reflect;

/**
 * Python runs on a stack of its own here, and functions of JavaScript that C imports run on the one
 * of the caller. What throws there since it is full unwinds Python, which nobody could mend. So there
 * must be room for them (16 KB, where a value takes 8 bytes) before the call begins.
 */
const ROOM = new Array<number>(2048).fill(0);
const takeRoom = (): void => {};

/** By the ticket that C hands back. */
const callers = new Map<number, Caller>();
let lastTicket = 0;

let tellWait: () => void = () => {};

/** Has `listener` told when a call has come back without having ended. */
export function onWait(listener: () => void): void {
  tellWait = listener;
}

/** Whether calls may wait at all here. */
export function canPromise(): boolean {
  return Promising !== undefined;
}

/** How many calls have not ended. */
export function promisingCalls(): number {
  return callers.size;
}

/** How many calls there were. */
export function promisingCallsSoFar(): number {
  return lastTicket;
}

/** The number of the last call that a program has asked for and that has not ended; 0: none. */
export function newestOwnCall(): number {
  let newest = 0;
  for (const [ticket, { isOwn }] of callers) {
    newest = isOwn ? ticket : newest; // in the order of their beginnings
  }
  return newest;
}

/** The import bridge_js_settle. The result is read here, while C keeps what it consists of. */
export function settlePromising(ticket: number, slots: number): void {
  const caller = callers.get(ticket) as Caller;
  callers.delete(ticket);
  try {
    caller.resolve(decode(slots >>> 2));
  } catch (error) {
    caller.reject(error);
  }
}

/** Not from the tape: these slots are in use until the call has ended. */
function allocateSlots(count: number): number {
  const slots = C.coil_allocate(count * SLOT_SIZE) >>> 0;
  if (slots === 0) {
    throw new RangeError(`no memory for a call with ${count} values`);
  }
  return slots;
}

function fillSlots(values: ArrayLike<unknown>, names: readonly string[]): number {
  const slots = allocateSlots(Math.max(values.length + names.length, 1));
  try {
    encodeAll(values, names, slots >>> 2);
  } catch (error) {
    C.free(slots);
    throw error;
  }
  return slots;
}

/**
 * Calls a Python object, whose address C takes for borrowed, in a contextvars.Context (0: none); the
 * last values go with `names`. Throws when a value cannot be passed or JavaScript's stack is full;
 * everything else is told to `caller`.
 * Needs {@link canPromise}.
 */
export function enterPromising(
  callable: number,
  context: number,
  values: ArrayLike<unknown>,
  names: readonly string[],
  caller: Caller,
): void {
  apply(takeRoom, undefined, ROOM);
  const text = textTop;
  const slots = fillSlots(values, names);
  const ticket = ++lastTicket;
  callers.set(ticket, caller);
  const nargs = values.length - names.length;
  const fail = (error: unknown): void => {
    callers.delete(ticket);
    caller.reject(error);
  };
  const entries = Promising as NonNullable<typeof Promising>;
  const called = entries.coil_py_call_promising(
    context,
    callable,
    slots,
    nargs,
    names.length,
    ticket,
    caller.isOwn ? 1 : 0,
  );
  freeText(text);
  if (callers.has(ticket)) {
    tellWait();
  }
  called.then((couldRun) => {
    if (!couldRun) {
      C.free(slots);
      fail(new RangeError("no memory for the stack of a call that may wait"));
    }
  }, fail);
}

/** The same with a promise of the result. */
export function callPromising(
  callable: number,
  context: number,
  values: ArrayLike<unknown>,
  names: readonly string[],
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    enterPromising(callable, context, values, names, { resolve, reject, isOwn: true });
  });
}
