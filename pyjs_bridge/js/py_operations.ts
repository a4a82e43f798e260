/** The py_ops from the side of JavaScript. */

import { decode, encode } from "./convert.js";
import { C } from "./exports.js";
import { freeSlots, freeText, SLOT_SIZE, takeSlots, textTop } from "./slots.js";

/** Does a py_op on the object at `pointer`; throws what it raises. */
export function operate(op: number, pointer: number, ...values: unknown[]): unknown {
  const text = textTop;
  const slots = takeSlots(Math.max(values.length, 1));
  try {
    for (let i = 0; i < values.length; i++) {
      encode(values[i], (slots + i * SLOT_SIZE) >>> 2);
    }
    C.coil_py_operate(op, pointer, slots, values.length);
    return decode(slots >>> 2);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}
