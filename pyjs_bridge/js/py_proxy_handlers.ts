/** The traps of the Proxy around each PyProxy: attributes of the Python object as properties. */

import { decode, encode } from "./convert.js";
import { C } from "./exports.js";
import { PY_OP_DELETE_ATTRIBUTE, PY_OP_HAS_ATTRIBUTE } from "./generated.js";
import { internName } from "./names.js";
import { operate } from "./py_operations.js";
import { ATTRS, type Attributes, checkAlive, type PyProxy } from "./py_proxy.js";
import { freeSlots, freeText, takeSlots, textTop } from "./slots.js";

type Target = PyProxy & { [ATTRS]: Attributes };

/** A leading `$` forces the Python attribute. */
function attributeName(key: string): string {
  return key.charCodeAt(0) === 36 ? key.slice(1) : key;
}

function getAttribute(target: Target, key: string): unknown {
  const { shared } = target[ATTRS];
  checkAlive(shared);
  const slots = takeSlots(1);
  const kind = C.coil_py_get(shared.pointer, internName(key), slots);
  freeSlots(slots);
  return kind < 0 ? undefined : decode(slots >>> 2);
}

function setAttribute(target: Target, key: string, value: unknown): void {
  const { shared } = target[ATTRS];
  checkAlive(shared);
  const text = textTop;
  const slots = takeSlots(1);
  try {
    encode(value, slots >>> 2);
    C.coil_py_set(shared.pointer, internName(key), slots);
    decode(slots >>> 2);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}

const HANDLERS: ProxyHandler<Target> = {
  get(target, key) {
    if (typeof key === "symbol" || key in target) {
      return Reflect.get(target, key);
    }
    return getAttribute(target, attributeName(key));
  },
  set(target, key, value) {
    if (typeof key === "symbol" || key in target) {
      return Reflect.set(target, key, value);
    }
    setAttribute(target, attributeName(key), value);
    return true;
  },
  has(target, key) {
    if (typeof key === "symbol" || key in target) {
      return true;
    }
    const { shared } = target[ATTRS];
    checkAlive(shared);
    return operate(PY_OP_HAS_ATTRIBUTE, shared.pointer, attributeName(key)) as boolean;
  },
  deleteProperty(target, key) {
    if (typeof key === "symbol") {
      return Reflect.deleteProperty(target, key);
    }
    operate(PY_OP_DELETE_ATTRIBUTE, target[ATTRS].shared.pointer, attributeName(key));
    return true;
  },
};

export function handlersFor(_flags: number): ProxyHandler<PyProxy> {
  return HANDLERS as ProxyHandler<PyProxy>;
}
