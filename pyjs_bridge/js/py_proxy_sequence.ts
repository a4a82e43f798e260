/** Items of a sequence as properties of its proxy: keys of digits only. */

import { PY_OP_DELETE_ITEM, PY_OP_GET_ITEM, PY_OP_LENGTH, PY_OP_SET_ITEM } from "./generated.js";
import { operate } from "./py_operations.js";
import { type Attributes, checkAlive } from "./py_proxy.js";
import { type Family, PLAIN } from "./py_proxy_handlers.js";

const ZERO = 48;
const NINE = 57;

/** Longer keys are no index of anything. */
const MAX_DIGITS = 15;

/** The index that a key is; -1 for other names. */
export function indexOf(key: string): number {
  const { length } = key;
  if (length === 0 || length > MAX_DIGITS || (length > 1 && key.charCodeAt(0) === ZERO)) {
    return -1;
  }
  let index = 0;
  for (let i = 0; i < length; i++) {
    const digit = key.charCodeAt(i);
    if (digit < ZERO || digit > NINE) {
      return -1;
    }
    index = index * 10 + digit - ZERO;
  }
  return index;
}

function lengthOf({ shared }: Attributes): number {
  checkAlive(shared);
  return operate(PY_OP_LENGTH, shared.pointer) as number;
}

export const SEQUENCE: Family = {
  get(attributes, key) {
    const index = indexOf(key);
    if (index < 0) {
      return PLAIN.get(attributes, key);
    }
    checkAlive(attributes.shared);
    return operate(PY_OP_GET_ITEM, attributes.shared.pointer, index);
  },
  set(attributes, key, value) {
    const index = indexOf(key);
    if (index < 0) {
      return PLAIN.set(attributes, key, value);
    }
    if (index >= lengthOf(attributes)) {
      return false;
    }
    operate(PY_OP_SET_ITEM, attributes.shared.pointer, index, value);
    return true;
  },
  has(attributes, key) {
    const index = indexOf(key);
    return index < 0 ? PLAIN.has(attributes, key) : index < lengthOf(attributes);
  },
  remove(attributes, key) {
    const index = indexOf(key);
    if (index < 0) {
      return PLAIN.remove(attributes, key);
    }
    if (index >= lengthOf(attributes)) {
      return false;
    }
    operate(PY_OP_DELETE_ITEM, attributes.shared.pointer, index);
    return true;
  },
  keys(attributes) {
    const indices = Array.from({ length: lengthOf(attributes) }, (_, index) => String(index));
    return [...indices, "length"];
  },
  describe: () => undefined,
};
