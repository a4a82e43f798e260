/** The py_ops from the side of JavaScript. */

import { decode, dropSlots, encode, prepareSlots } from "./convert.js";
import { C } from "./exports.js";
import { freeSlots, freeText, takeSlots, textTop } from "./slots.js";

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
