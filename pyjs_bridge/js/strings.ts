/**
 * Text in both directions. The quickest way depends on the length: loops over characters for a few,
 * the engine's decoders for many; see tests/bench for the lengths where they meet.
 */

import { C } from "./exports.js";
import {
  ENCODING_ASCII,
  ENCODING_LATIN1,
  ENCODING_UCS4,
  ENCODING_UTF8,
  ENCODING_UTF16,
  KIND_BIGINT,
  KIND_PYNEW,
  KIND_STRING,
} from "./generated.js";
import { buffer, I32, U8, U16, U32 } from "./memory.js";
import { ENCODING, EXTRA, PAYLOAD, takeText } from "./slots.js";

/** Characters up to which a loop is quicker. */
const SHORT_TO_C = 48;
const SHORT_TO_JS = 28;

/** Characters up to which the text area serves; longer text goes straight into a str. */
const MEDIUM = 8192;

/** What String.fromCharCode.apply takes at once without a deep stack. */
const CHUNK = 2048;

const encoder = new TextEncoder();
const asciiDecoder = new TextDecoder("utf-8");
const { fromCharCode, fromCodePoint } = String;
const { apply } = Reflect;

/* --- to C --- */

function writeSlot(word: number, address: number, length: number, encoding: number): void {
  I32[word] = KIND_STRING;
  I32[word + EXTRA] = length;
  I32[word + PAYLOAD] = address;
  I32[word + ENCODING] = encoding;
}

function writeUtf16(text: string, address: number): void {
  const view = U16;
  const start = address >>> 1;
  for (let i = 0; i < text.length; i++) {
    view[start + i] = text.charCodeAt(i);
  }
}

function encodeShort(text: string, word: number, address: number): void {
  const { length } = text;
  const view = U8;
  let bits = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    bits |= code;
    view[address + i] = code;
  }
  if (bits < 128) {
    writeSlot(word, address, length, ENCODING_ASCII);
  } else if (bits < 256) {
    writeSlot(word, address, length, ENCODING_LATIN1);
  } else {
    writeUtf16(text, address);
    writeSlot(word, address, length, ENCODING_UTF16);
  }
}

/** Old engines do not tell whether surrogates come in pairs, so UTF-16 has to do there. */
function isWellFormed(text: string): boolean {
  return (text as { isWellFormed?: () => boolean }).isWellFormed?.() ?? false;
}

/** `address` has room for three bytes a character. */
function encodeMedium(text: string, word: number, address: number): void {
  const { length } = text;
  const { written } = encoder.encodeInto(text, U8.subarray(address, address + length * 3));
  if (written === length) {
    writeSlot(word, address, length, ENCODING_ASCII);
  } else if (isWellFormed(text)) {
    writeSlot(word, address, written, ENCODING_UTF8);
  } else {
    writeUtf16(text, address);
    writeSlot(word, address, length, ENCODING_UTF16);
  }
}

/** Makes the str at once, since its memory is needed anyway. */
function encodeLong(text: string, word: number): void {
  const { length } = text;
  const slot = word * 4;
  const characters = C.coil_py_new_ascii(length, slot) >>> 0;
  if (characters === 0) {
    throw new RangeError(`no memory for a string of ${length} characters`);
  }
  const { read, written } = encoder.encodeInto(text, U8.subarray(characters, characters + length));
  if (read !== length || written !== length) {
    C.coil_py_release(I32[word + PAYLOAD] as number);
    encodeLongAs(KIND_STRING, text, word);
  }
}

/** Makes an object of STRING or BIGINT at once, from memory of its own. */
function encodeLongAs(kind: number, text: string, word: number): void {
  const address = C.coil_allocate(text.length * 3) >>> 0;
  if (address === 0) {
    throw new RangeError(`no memory for a string of ${text.length} characters`);
  }
  encodeMedium(text, word, address);
  I32[word] = kind;
  const made = C.coil_py_new(word * 4);
  C.free(address);
  if (made !== KIND_PYNEW) {
    C.coil_py_release(I32[word + PAYLOAD] as number);
    throw new RangeError(`no memory for ${text.length} characters`);
  }
}

/** Puts a string into the slot at `word`. */
export function encodeString(text: string, word: number): void {
  const { length } = text;
  if (length <= SHORT_TO_C) {
    const address = takeText(length * 2);
    if (address !== 0) {
      encodeShort(text, word, address);
      return;
    }
  } else if (length <= MEDIUM) {
    const address = takeText(length * 3);
    if (address !== 0) {
      encodeMedium(text, word, address);
      return;
    }
  }
  encodeLong(text, word);
}

/** Puts the hexadecimal digits of a BigInt into the slot at `word`. */
export function encodeDigits(digits: string, word: number): void {
  if (digits.length > MEDIUM) {
    encodeLongAs(KIND_BIGINT, digits, word);
    return;
  }
  encodeString(digits, word);
  if (I32[word] === KIND_STRING) {
    I32[word] = KIND_BIGINT;
  } else {
    // The text area was full.
    C.coil_py_release(I32[word + PAYLOAD] as number);
    encodeLongAs(KIND_BIGINT, digits, word);
  }
}

/* --- from C --- */

function charsIn(view: Uint8Array | Uint16Array, start: number, length: number): string {
  if (length <= SHORT_TO_JS) {
    let text = "";
    for (let i = 0; i < length; i++) {
      text += fromCharCode(view[start + i] as number);
    }
    return text;
  }
  let text = "";
  for (let at = start; at < start + length; at += CHUNK) {
    const part = view.subarray(at, Math.min(at + CHUNK, start + length));
    text += apply(fromCharCode, undefined, part as unknown as number[]);
  }
  return text;
}

function codePointsIn(start: number, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) {
    text += fromCodePoint(U32[start + i] as number);
  }
  return text;
}

/** Reads text that C holds. */
export function readText(address: number, length: number, encoding: number): string {
  switch (encoding) {
    case ENCODING_ASCII:
      return length <= SHORT_TO_JS
        ? charsIn(U8, address, length)
        : asciiDecoder.decode(new Uint8Array(buffer(), address, length));
    case ENCODING_LATIN1:
      return charsIn(U8, address, length);
    case ENCODING_UTF16:
      return charsIn(U16, address >>> 1, length);
    case ENCODING_UCS4:
      return codePointsIn(address >>> 2, length);
    default:
      return asciiDecoder.decode(new Uint8Array(buffer(), address, length));
  }
}

/** Reads the string of the slot at `word`. */
export function decodeString(word: number): string {
  return readText(
    U32[word + PAYLOAD] as number,
    I32[word + EXTRA] as number,
    I32[word + ENCODING] as number,
  );
}
