/** The memory that values cross in; see c/slot.h for the layout. */

import { C } from "./exports.js";
import { I32 } from "./memory.js";

export const SLOT_SIZE = 16;

/** Offsets in a slot, in words of 32 bits; a number takes both words of the payload. */
export const EXTRA = 1;
export const PAYLOAD = 2;
export const ENCODING = 3;

/** Bytes for the characters of the strings that are on their way at one time. */
const TEXT_SIZE = 65536;

/** The tape: calls take slots from its free part and give them back in the opposite order. */
let begin = 0;
let top = 0;
let end = 0;

/** Where the free part of the text area begins; it is used in the same way. */
export let textTop = 0;
let textEnd = 0;

/** Needs the exports of C. */
export function attachTape(): void {
  begin = top = C.coil_py_tape() >>> 0;
  end = begin + (I32[(begin >>> 2) + PAYLOAD] as number) * SLOT_SIZE;
  textTop = C.coil_allocate(TEXT_SIZE) >>> 0;
  textEnd = textTop + TEXT_SIZE;
}

/**
 * Takes `count` slots; returns the address of the first, for {@link freeSlots}. A list that is too
 * long for the tape gets memory of its own. Throws a RangeError without memory.
 */
export function takeSlots(count: number): number {
  const address = top;
  const next = top + count * SLOT_SIZE;
  if (next <= end) {
    top = next;
    return address;
  }
  const allocated = C.coil_allocate(count * SLOT_SIZE) >>> 0;
  if (allocated === 0) {
    throw new RangeError(`no memory for a call with ${count} values`);
  }
  return allocated;
}

/** Gives back what {@link takeSlots} gave, and what was taken from the tape since. */
export function freeSlots(address: number): void {
  if (address >= begin && address < end) {
    top = address;
  } else {
    C.free(address);
  }
}

/** Takes bytes of the text area for UTF-16 or less; 0 where there are not so many. */
export function takeText(size: number): number {
  const address = textTop + (textTop & 1);
  if (address + size > textEnd) {
    return 0;
  }
  textTop = address + size;
  return address;
}

/** Gives back what was taken since {@link textTop} was `mark`. */
export function freeText(mark: number): void {
  textTop = mark;
}
