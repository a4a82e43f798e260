/** Calls from JavaScript into Python. The mirror of py_call.c. */

import { decode, encode } from "./convert.js";
import { C } from "./exports.js";
import { checkAlive, type Props, type Shared } from "./py_proxy.js";
import { freeSlots, freeText, SLOT_SIZE, takeSlots, textTop } from "./slots.js";
import { encodeString } from "./strings.js";

/** A call without arguments. */
function call0(shared: Shared): unknown {
  checkAlive(shared);
  const slots = takeSlots(1);
  C.coil_py_call(shared.pointer, slots, 0, 0);
  freeSlots(slots);
  return decode(slots >>> 2);
}

/** A call with one argument: nothing is allocated here. */
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

/** Any call. `names` go with the last values; they are keyword arguments. */
export function callWith(
  shared: Shared,
  values: ArrayLike<unknown>,
  names: readonly string[] = [],
): unknown {
  checkAlive(shared);
  const { length } = values;
  const nargs = length - names.length;
  const text = textTop;
  const slots = takeSlots(Math.max(length + names.length, 1));
  try {
    let word = slots >>> 2;
    for (let i = 0; i < length; i++) {
      if (i >= nargs) {
        encodeString(names[i - nargs] as string, word);
        word += SLOT_SIZE >>> 2;
      }
      encode(values[i], word);
      word += SLOT_SIZE >>> 2;
    }
    C.coil_py_call(shared.pointer, slots, nargs, names.length);
    return decode(slots >>> 2);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}

/** The function under the proxy of a callable; most calls are as simple as this. */
function plainTarget(shared: Shared): (...values: unknown[]) => unknown {
  return function (a: unknown, b: unknown, c: unknown): unknown {
    // biome-ignore lint/complexity/noArguments: it allocates nothing, `...values` does.
    const values = arguments;
    switch (values.length) {
      case 0:
        return call0(shared);
      case 1:
        return call1(shared, a);
      case 3:
        return call3(shared, a, b, c);
      default:
        return callWith(shared, values);
    }
  } as (...values: unknown[]) => unknown;
}

function call3(shared: Shared, a: unknown, b: unknown, c: unknown): unknown {
  checkAlive(shared);
  const text = textTop;
  const slots = takeSlots(3);
  try {
    const word = slots >>> 2;
    encode(a, word);
    encode(b, word + 4);
    encode(c, word + 8);
    C.coil_py_call(shared.pointer, slots, 3, 0);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
  return decode(slots >>> 2);
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

/** The function under a proxy that bind() or captureThis() has made. */
function boundTarget(shared: Shared, props: Props): (...values: unknown[]) => unknown {
  return function (this: unknown, ...values: unknown[]): unknown {
    return callWith(shared, boundValues(props, this, values));
  };
}

export function callTarget(shared: Shared, props: Props): (...values: unknown[]) => unknown {
  const plain = !props.captureThis && props.boundArgs.length === 0;
  return plain ? plainTarget(shared) : boundTarget(shared, props);
}
