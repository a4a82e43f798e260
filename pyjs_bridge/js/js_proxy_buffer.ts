/** Bytes of ArrayBuffers and views, copied to and from linear memory. The mirror of js_proxy_buffer.c. */

import { PythonRaise } from "./errors.js";
import { C } from "./exports.js";
import {
  JS_OP_BUFFER_ASSIGN,
  JS_OP_BUFFER_ASSIGN_TO,
  JS_OP_BUFFER_LENGTH,
  JS_OP_BUFFER_TO_PYTHON,
  RAISE_VALUE,
} from "./generated.js";
import { DirectResult, defineOperations } from "./js_operations.js";
import { U8 } from "./memory.js";

/** What has bytes. */
export type Bytes = ArrayBuffer | ArrayBufferView;

const { isView } = ArrayBuffer;
const tagOf = Object.prototype.toString;
const { apply } = Reflect;

/** Formats of the struct module, by the tag of the array. */
const FORMATS: Readonly<Record<string, string>> = {
  Int8Array: "b",
  Uint8Array: "B",
  Uint8ClampedArray: "B",
  Int16Array: "h",
  Uint16Array: "H",
  Int32Array: "i",
  Uint32Array: "I",
  BigInt64Array: "q",
  BigUint64Array: "Q",
  Float16Array: "e",
  Float32Array: "f",
  Float64Array: "d",
};

const FLOATS = "efd";

function formatOf(value: Bytes): string {
  const tag = apply(tagOf, value, []) as string;
  return FORMATS[tag.slice(8, -1)] ?? "B";
}

function bytesOf(value: Bytes): Uint8Array {
  return isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/**
 * Copies into an object of Python's: a memoryview, or bytes. Its reference goes into the slot at
 * `word` as PYNEW.
 */
export function copyToPython(value: Bytes, asView: boolean, word: number): void {
  const bytes = bytesOf(value);
  const format = asView ? formatOf(value).charCodeAt(0) : 0;
  const address = C.coil_py_new_buffer(bytes.length, format, word * 4) >>> 0;
  if (address === 0) {
    throw new RangeError(`no memory for ${bytes.length} bytes`);
  }
  U8.set(bytes, address);
}

/** Throws a ValueError where sizes or kinds of items differ. */
function checkSame(value: Bytes, size: number, itemSize: number, isFloat: boolean): Uint8Array {
  const bytes = bytesOf(value);
  const format = formatOf(value);
  const ownSize = isView(value)
    ? ((value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1)
    : 1;
  if (bytes.length !== size) {
    throw new PythonRaise(
      RAISE_VALUE,
      `the sizes differ: ${bytes.length} bytes in JavaScript, ${size} in Python`,
    );
  }
  const raw = ownSize === 1 || itemSize === 1;
  if (!raw && (ownSize !== itemSize || FLOATS.includes(format) !== isFloat)) {
    throw new PythonRaise(
      RAISE_VALUE,
      `the formats differ: JavaScript has items of format ${format}; use memoryview.cast("B") to copy bytes`,
    );
  }
  return bytes;
}

function assign(
  value: Bytes,
  address: number,
  size: number,
  itemSize: number,
  isFloat: boolean,
): void {
  const start = address >>> 0;
  checkSame(value, size, itemSize, isFloat).set(U8.subarray(start, start + size));
}

function assignTo(
  value: Bytes,
  address: number,
  size: number,
  itemSize: number,
  isFloat: boolean,
): void {
  U8.set(checkSame(value, size, itemSize, isFloat), address >>> 0);
}

defineOperations({
  [JS_OP_BUFFER_LENGTH]: (value: Bytes) => value.byteLength,
  [JS_OP_BUFFER_TO_PYTHON]: (value: Bytes, asView: boolean) =>
    new DirectResult((word) => copyToPython(value, asView, word)),
  [JS_OP_BUFFER_ASSIGN]: assign,
  [JS_OP_BUFFER_ASSIGN_TO]: assignTo,
});
