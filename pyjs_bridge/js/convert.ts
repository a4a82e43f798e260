/** Implicit conversion of one value: api.md 4.5 and 4.6. The mirror of js_to_py.c and py_to_js.c. */

import { errorOfPython, JsThrown } from "./errors.js";
import { C } from "./exports.js";
import {
  ENCODING_ASCII,
  KIND_BIGINT,
  KIND_DOUBLE,
  KIND_FALSE,
  KIND_INT,
  KIND_JSREF,
  KIND_NONE,
  KIND_NULL,
  KIND_PYERROR,
  KIND_PYNEW,
  KIND_PYREF,
  KIND_STRING,
  KIND_TRUE,
} from "./generated.js";
import { jsFlags } from "./js_flags.js";
import { F64, I32, U32 } from "./memory.js";
import { noteFresh } from "./promise_rejections.js";
import { pointerOf, proxyOf } from "./py_proxy.js";
import { getRef, newRef, releaseRef } from "./refs.js";
import { ENCODING, EXTRA, PAYLOAD } from "./slots.js";
import { decodeString, encodeDigits, encodeString, readText } from "./strings.js";

/** What null becomes; `convertNullToNone` asks for None. */
let nullKind = KIND_NULL;

export function convertNullToNone(on: boolean): void {
  nullKind = on ? KIND_NONE : KIND_NULL;
}

/* --- to C --- */

/** Puts a number into the slot at `word`: an int if it is one, and is not -0. */
export function encodeNumber(value: number, word: number): void {
  const integer = value | 0;
  if (integer === value && (integer !== 0 || 1 / value > 0)) {
    I32[word] = KIND_INT;
    I32[word + PAYLOAD] = integer;
  } else {
    I32[word] = KIND_DOUBLE;
    F64[(word + PAYLOAD) >>> 1] = value;
  }
}

/** Puts a value behind a handle, whatever it is. */
export function encodeRef(value: unknown, word: number): void {
  const flags = jsFlags(value);
  noteFresh(value, flags);
  I32[word] = KIND_JSREF;
  I32[word + EXTRA] = flags;
  I32[word + PAYLOAD] = newRef(value);
}

function encodeObject(value: object, word: number): void {
  const pointer = pointerOf(value);
  if (pointer !== 0) {
    I32[word] = KIND_PYREF;
    I32[word + PAYLOAD] = pointer;
  } else {
    encodeRef(value, word);
  }
}

/** Puts a value into the slot at `word`. Throws when it is a destroyed proxy. */
export function encode(value: unknown, word: number): void {
  switch (typeof value) {
    case "number":
      encodeNumber(value, word);
      break;
    case "string":
      encodeString(value, word);
      break;
    case "boolean":
      I32[word] = value ? KIND_TRUE : KIND_FALSE;
      break;
    case "undefined":
      I32[word] = KIND_NONE;
      break;
    case "bigint":
      encodeDigits(value.toString(16), word);
      break;
    case "symbol":
      encodeRef(value, word);
      break;
    default:
      if (value === null) {
        I32[word] = nullKind;
      } else {
        encodeObject(value as object, word);
      }
  }
}

/** Prepares slots for {@link dropSlots}, since what they held before is there still. */
export function prepareSlots(word: number, count: number): void {
  for (let at = word; at < word + count * 4; at += 4) {
    I32[at] = KIND_NONE;
  }
}

/** Gives back what values own that were encoded before one of them could not be. */
export function dropSlots(word: number, count: number): void {
  for (let at = word; at < word + count * 4; at += 4) {
    if (I32[at] === KIND_JSREF) {
      releaseRef(I32[at + PAYLOAD] as number);
    } else if (I32[at] === KIND_PYNEW) {
      C.coil_py_release(I32[at + PAYLOAD] as number);
    }
  }
}

/* --- from C --- */

/** Reads the BIGINT at `word`, whose digits remain C's. */
export function readBigInt(word: number): bigint {
  const digits = readText(
    U32[word + PAYLOAD] as number,
    I32[word + EXTRA] as number,
    ENCODING_ASCII,
  );
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

function decodeBigInt(word: number): bigint {
  const value = readBigInt(word);
  C.coil_py_release(I32[word + ENCODING] as number);
  return value;
}

/** Reads what owns or refers to something. Throws the exception that the slot holds. */
function decodeObject(word: number): unknown {
  const payload = I32[word + PAYLOAD] as number;
  switch (I32[word]) {
    case KIND_BIGINT:
      return decodeBigInt(word);
    case KIND_JSREF:
      return getRef(payload);
    case KIND_PYREF:
      return proxyOf(payload, I32[word + EXTRA] as number);
    case KIND_PYERROR:
      throw errorOfPython(payload);
    default:
      throw new JsThrown(`the bridge read a value of the unknown kind ${I32[word]}`);
  }
}

/** Reads the slot at `word`; a Python object becomes a new proxy that owns its reference. */
export function decode(word: number): unknown {
  switch (I32[word]) {
    case KIND_NONE:
      return undefined;
    case KIND_NULL:
      return null;
    case KIND_FALSE:
      return false;
    case KIND_TRUE:
      return true;
    case KIND_INT:
      return I32[word + PAYLOAD];
    case KIND_DOUBLE:
      return F64[(word + PAYLOAD) >>> 1];
    case KIND_STRING:
      return decodeString(word);
    default:
      return decodeObject(word);
  }
}
