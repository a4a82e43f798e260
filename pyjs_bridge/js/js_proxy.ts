/** Properties of JavaScript values as attributes in Python. The mirror of js_proxy.c. */

import { decode, encode } from "./convert.js";
import { crossing } from "./crossing.js";
import { encodeThrown } from "./errors.js";
import { KIND_METHOD, KIND_NONE } from "./generated.js";
import { I32 } from "./memory.js";
import { nameOf } from "./names.js";
import { attributesOf } from "./py_proxy.js";
import { Gone, getRef } from "./refs.js";
import { freeText, PAYLOAD, textTop } from "./slots.js";

type Properties = Record<PropertyKey, unknown>;

/** Puts what was read into the slot at `word`; returns its kind, or -1 where there is no property. */
function encodeProperty(object: Properties, key: string, value: unknown, word: number): number {
  if (value === undefined && !(key in Object(object))) {
    return -1;
  }
  encode(value, word);
  return I32[word] as number;
}

/** The import bridge_js_get. */
export function coilBoundaryGet(ref: number, name: number, slots: number): number {
  const word = slots >>> 2;
  const text = textTop;
  try {
    const object = getRef(ref) as Properties;
    const key = nameOf(name);
    crossing();
    const value = object[key];
    return encodeProperty(object, key, value, word);
  } catch (error) {
    return encodeFailure(error, word);
  } finally {
    freeText(text);
  }
}

/** hasattr() and getattr() with a default, which code that reports uses, do not fail at what is gone. */
function encodeFailure(error: unknown, word: number): number {
  return error instanceof Gone ? -1 : encodeThrown(error, word);
}

let ticket = 0;
let pending: unknown;

/** The function that a ticket stands for, once; undefined when another one was asked for since. */
export function redeem(number: number): unknown {
  const method = number === ticket ? pending : undefined;
  pending = undefined;
  return method;
}

/** The import bridge_js_get_method: a function that is called at once needs neither handle nor flags. */
export function coilBoundaryGetMethod(ref: number, name: number, slots: number): number {
  const word = slots >>> 2;
  const text = textTop;
  try {
    const object = getRef(ref) as Properties;
    const key = nameOf(name);
    crossing();
    const value = object[key];
    if (typeof value === "function" && attributesOf(value) === undefined) {
      pending = value;
      ticket = (ticket + 1) | 0;
      I32[word] = KIND_METHOD;
      I32[word + PAYLOAD] = ticket;
      return KIND_METHOD;
    }
    return encodeProperty(object, key, value, word);
  } catch (error) {
    return encodeFailure(error, word);
  } finally {
    freeText(text);
  }
}

/** The import bridge_js_set. */
export function coilBoundarySet(ref: number, name: number, slots: number): number {
  const word = slots >>> 2;
  try {
    const key = nameOf(name);
    crossing();
    (getRef(ref) as Properties)[key] = decode(word);
    I32[word] = KIND_NONE;
    return KIND_NONE;
  } catch (error) {
    return encodeThrown(error, word);
  }
}
