/** Names of properties and attributes: each side keeps those it has seen, in its own form. */

import { C } from "./exports.js";
import { freeSlots, freeText, takeSlots, textTop } from "./slots.js";
import { decodeString, encodeString } from "./strings.js";

/** Names that C knows by number; number 0 is the one that was asked for last and is not kept. */
const names: string[] = [""];

/** Attribute names as interned str, each a reference of ours. */
let interned = new Map<string, number>();

/** A page that makes up names must not fill memory with them. */
const MAX_INTERNED = 20_000;

export function nameOf(number: number): string {
  return names[number] as string;
}

/**
 * Forgets all names, on both sides: they come back as they are needed. For whoever wants an image of
 * C's memory that another realm can go on with. Throws while C is on the stack.
 */
export function forgetAllNames(): void {
  if (C.coil_must_wait() !== 0) {
    throw new Error("names cannot be forgotten while Python runs");
  }
  C.coil_py_forget_names();
  names.length = 1;
  for (const pointer of interned.values()) {
    C.coil_py_release(pointer);
  }
  interned.clear();
}

/** The import bridge_js_name. */
export function keepName(slots: number, keep: number): number {
  const name = decodeString(slots >>> 2);
  if (keep) {
    return names.push(name) - 1;
  }
  names[0] = name;
  return 0;
}

function makeName(text: string): number {
  const mark = textTop;
  const slot = takeSlots(1);
  encodeString(text, slot >>> 2);
  const pointer = C.coil_py_name(slot);
  freeSlots(slot);
  freeText(mark);
  if (pointer === 0) {
    throw new RangeError("no memory for the name of an attribute");
  }
  return pointer;
}

function forgetNames(): void {
  const old = interned;
  // Later, since a tape of names may be on its way to C. Throws where the stack is full.
  setTimeout(() => {
    for (const pointer of old.values()) {
      C.coil_py_release(pointer);
    }
  });
  interned = new Map();
}

/** The interned str of an attribute's name, borrowed until the next macrotask. */
export function internName(text: string): number {
  const known = interned.get(text);
  if (known !== undefined) {
    return known;
  }
  if (interned.size >= MAX_INTERNED) {
    forgetNames();
  }
  const pointer = makeName(text);
  interned.set(text, pointer);
  return pointer;
}
