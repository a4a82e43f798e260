/** Which typed array has the elements of a buffer of Python; see c/buffer_format.h. */

// biome-ignore lint/suspicious/noExplicitAny: one type for all constructors of views.
type ArrayClass = any;

/** By the letters of buffer_format; `c` and `?` are bytes. */
const BY_ELEMENT: Readonly<Record<string, ArrayClass>> = {
  b: Int8Array,
  B: Uint8Array,
  c: Uint8Array,
  "?": Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  q: BigInt64Array,
  Q: BigUint64Array,
  e: (globalThis as { Float16Array?: unknown }).Float16Array,
  f: Float32Array,
  d: Float64Array,
};

/** By the names that getBuffer() takes. */
const BY_NAME: Readonly<Record<string, ArrayClass>> = {
  i8: Int8Array,
  u8: Uint8Array,
  u8clamped: Uint8ClampedArray,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
  dataview: DataView,
};

/** The class for a letter; undefined where the engine has none. */
export function arrayForElement(letter: string): ArrayClass {
  return Object.hasOwn(BY_ELEMENT, letter) ? BY_ELEMENT[letter] : undefined;
}

/** The class for a name; undefined for other values. */
export function arrayForName(name: unknown): ArrayClass {
  return typeof name === "string" && Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
}
