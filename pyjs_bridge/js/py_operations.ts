/** The py_ops from the side of JavaScript. */

import { decode, dropSlots, encode, prepareSlots } from "./convert.js";
import { C } from "./exports.js";
import { KIND_PYREF } from "./generated.js";
import { I32 } from "./memory.js";
import { internName } from "./names.js";
import { freeSlots, freeText, PAYLOAD, takeSlots, textTop } from "./slots.js";

/** Does a py_op with a name, whose str Python has already: {@link internName}. */
export function operateNamed(op: number, pointer: number, name: string): unknown {
  const interned = internName(name);
  const slots = takeSlots(1);
  const word = slots >>> 2;
  I32[word] = KIND_PYREF;
  I32[word + PAYLOAD] = interned;
  const kind = C.coil_py_operate(op, pointer, slots, 1);
  freeSlots(slots);
  return kind < 0 ? undefined : decode(word);
}

/**
 * Does a py_op on the object at `pointer`; throws what it raises, undefined if it finds nothing.
 * Three values always cross, for None costs nothing and an array of the arguments does.
 */
export function operate(
  op: number,
  pointer: number,
  a?: unknown,
  b?: unknown,
  c?: unknown,
): unknown {
  const text = textTop;
  const slots = takeSlots(3);
  const word = slots >>> 2;
  prepareSlots(word, 3);
  try {
    encode(a, word);
    encode(b, word + 4);
    encode(c, word + 8);
  } catch (error) {
    dropSlots(word, 3);
    freeSlots(slots);
    freeText(text);
    throw error;
  }
  try {
    const kind = C.coil_py_operate(op, pointer, slots, 3);
    return kind < 0 ? undefined : decode(word);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}
