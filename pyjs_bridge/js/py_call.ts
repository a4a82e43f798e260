/** Calls from JavaScript into Python. The mirror of py_call.c. */

import { decode, dropSlots, encode, encodeNumber, prepareSlots } from "./convert.js";
import { C } from "./exports.js";
import { KIND_NONE, PY_FLAG_COROUTINE_FUNCTION } from "./generated.js";
import { I32 } from "./memory.js";
import { checkAlive, type Props, type Shared } from "./py_proxy.js";
import { startCoroutine } from "./py_proxy_await.js";
import { freeSlots, freeText, SLOT_SIZE, takeSlots, textTop } from "./slots.js";
import { encodeString } from "./strings.js";

type Callable = (...values: unknown[]) => unknown;

/* --- simple calls: nothing is allocated here --- */

function call0(shared: Shared): unknown {
  checkAlive(shared);
  const slots = takeSlots(1);
  const kind = C.coil_py_call(shared.pointer, slots, 0, 0);
  freeSlots(slots);
  return kind === KIND_NONE ? undefined : decode(slots >>> 2);
}

function call1(shared: Shared, value: unknown): unknown {
  checkAlive(shared);
  const text = textTop;
  const slots = takeSlots(1);
  try {
    encode(value, slots >>> 2);
    C.coil_py_call(shared.pointer, slots, 1, 0);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
  return decode(slots >>> 2);
}

function call2(shared: Shared, a: unknown, b: unknown): unknown {
  checkAlive(shared);
  const text = textTop;
  const slots = takeSlots(2);
  const word = slots >>> 2;
  I32[word] = I32[word + 4] = KIND_NONE; // as prepareSlots() does
  try {
    encode(a, word);
    encode(b, word + 4);
    C.coil_py_call(shared.pointer, slots, 2, 0);
  } catch (error) {
    dropSlots(word, 2);
    throw error;
  } finally {
    freeSlots(slots);
    freeText(text);
  }
  return decode(word);
}

/** Numbers own nothing, and encoding them cannot fail: there is nothing to prepare. */
function callNumbers(shared: Shared, a: number, b: number, c: number): unknown {
  const slots = takeSlots(3);
  const word = slots >>> 2;
  encodeNumber(a, word);
  encodeNumber(b, word + 4);
  encodeNumber(c, word + 8);
  C.coil_py_call(shared.pointer, slots, 3, 0);
  freeSlots(slots);
  return decode(word);
}

function call3(shared: Shared, a: unknown, b: unknown, c: unknown): unknown {
  checkAlive(shared);
  if (typeof a === "number" && typeof b === "number" && typeof c === "number") {
    return callNumbers(shared, a, b, c);
  }
  const text = textTop;
  const slots = takeSlots(3);
  const word = slots >>> 2;
  I32[word] = I32[word + 4] = I32[word + 8] = KIND_NONE; // as prepareSlots() does
  try {
    encode(a, word);
    encode(b, word + 4);
    encode(c, word + 8);
    C.coil_py_call(shared.pointer, slots, 3, 0);
  } catch (error) {
    dropSlots(word, 3);
    throw error;
  } finally {
    freeSlots(slots);
    freeText(text);
  }
  return decode(word);
}

/* --- any call --- */

const WORDS = SLOT_SIZE >>> 2;

/** Puts values into slots; before each of the last ones comes its name. */
export function encodeAll(
  values: ArrayLike<unknown>,
  names: readonly string[],
  first: number,
): void {
  const nargs = values.length - names.length;
  let word = first;
  prepareSlots(first, values.length + names.length);
  try {
    for (let i = 0; i < values.length; i++) {
      if (i >= nargs) {
        encodeString(names[i - nargs] as string, word);
        word += WORDS;
      }
      encode(values[i], word);
      word += WORDS;
    }
  } catch (error) {
    dropSlots(first, values.length + names.length);
    throw error;
  }
}

/** Any call. `names` go with the last values; they are keyword arguments. */
export function callWith(
  shared: Shared,
  values: ArrayLike<unknown>,
  names: readonly string[] = [],
  context: number = shared.context,
): unknown {
  checkAlive(shared);
  const text = textTop;
  const slots = takeSlots(Math.max(values.length + names.length, 1));
  const nargs = values.length - names.length;
  try {
    encodeAll(values, names, slots >>> 2);
    if (context === 0) {
      C.coil_py_call(shared.pointer, slots, nargs, names.length);
    } else {
      C.coil_py_call_in(context, shared.pointer, slots, nargs, names.length);
    }
    return decode(slots >>> 2);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}

/** What a call gives: a coroutine of an async function is on its way at once. */
export function finishCall(shared: Shared, result: unknown): unknown {
  return shared.flags & PY_FLAG_COROUTINE_FUNCTION ? startCoroutine(result) : result;
}

/** The values of a call as Python sees them. */
export function boundValues(
  props: Props,
  receiver: unknown,
  values: ArrayLike<unknown>,
): unknown[] {
  const first = props.isBound ? props.boundThis : receiver;
  const rest = [...props.boundArgs, ...Array.from(values)];
  return props.captureThis ? [first, ...rest] : rest;
}

/* --- the functions under proxies --- */

/** Most calls are as simple as this. */
function plainTarget(shared: Shared): Callable {
  return function (a: unknown, b: unknown, c: unknown): unknown {
    // biome-ignore lint/complexity/noArguments: it allocates nothing, `...values` does.
    const values = arguments;
    switch (values.length) {
      case 0:
        return call0(shared);
      case 1:
        return call1(shared, a);
      case 2:
        return call2(shared, a, b);
      case 3:
        return call3(shared, a, b, c);
      default:
        return callWith(shared, values);
    }
  } as Callable;
}

/** For what bind() and captureThis() have made, async functions, and calls in a context. */
function generalTarget(shared: Shared, props: Props): Callable {
  return function (this: unknown, ...values: unknown[]): unknown {
    return finishCall(shared, callWith(shared, boundValues(props, this, values)));
  };
}

export function callTarget(shared: Shared, props: Props): Callable {
  const isPlain =
    !props.captureThis &&
    props.boundArgs.length === 0 &&
    shared.context === 0 &&
    !(shared.flags & PY_FLAG_COROUTINE_FUNCTION);
  return isPlain ? plainTarget(shared) : generalTarget(shared, props);
}
