/** The traps of the Proxy around each PyProxy: members, then attributes of the Python object. */

import { decode, encode } from "./convert.js";
import { C } from "./exports.js";
import { KIND_PYREF, PY_OP_DELETE_ATTRIBUTE, PY_OP_DIR, PY_OP_HAS_ATTRIBUTE } from "./generated.js";
import { I32 } from "./memory.js";
import { internName } from "./names.js";
import { operate } from "./py_operations.js";
import {
  ATTRS,
  type Attributes,
  checkAlive,
  childOf,
  knownChild,
  type PyProxy,
  type Target,
} from "./py_proxy.js";
import type { Member } from "./py_proxy_kinds.js";
import { EXTRA, freeSlots, freeText, PAYLOAD, takeSlots, textTop } from "./slots.js";

/**
 * What a string that is no member means. `set` and `remove` return false for what cannot be done,
 * which is a TypeError in strict code.
 */
export interface Family {
  get(attributes: Attributes, key: string): unknown;
  set(attributes: Attributes, key: string, value: unknown): boolean;
  has(attributes: Attributes, key: string): boolean;
  remove(attributes: Attributes, key: string): boolean;
  keys(attributes: Attributes): string[];
  describe(attributes: Attributes, key: string): PropertyDescriptor | undefined;
}

/* --- attributes --- */

const DOLLAR = 36;

/** A leading `$` forces the Python attribute. */
export function isEscaped(key: string): boolean {
  return key.charCodeAt(0) === DOLLAR;
}

function attributeName(key: string): string {
  return isEscaped(key) ? key.slice(1) : key;
}

/** What {@link readAttribute} gives for an attribute that is not there. */
export const MISSING = Symbol("missing");

/** Reads an attribute; the proxy for an object is the same each time. */
export function readAttribute({ shared }: Attributes, key: string): unknown {
  checkAlive(shared);
  const name = attributeName(key);
  const known = shared.children === undefined ? undefined : knownChild(shared, name);
  const slots = takeSlots(1);
  const expected = known === undefined ? 0 : known.shared.pointer;
  const kind = C.coil_py_get(shared.pointer, internName(name), expected, slots);
  freeSlots(slots);
  if (kind < 0) {
    return kind === -1 ? MISSING : (known as Attributes).proxy;
  }
  const word = slots >>> 2;
  return kind === KIND_PYREF
    ? childOf(shared, name, I32[word + PAYLOAD] as number, I32[word + EXTRA] as number)
    : decode(word);
}

export function setAttribute({ shared }: Attributes, key: string, value: unknown): true {
  checkAlive(shared);
  const text = textTop;
  const slots = takeSlots(1);
  try {
    encode(value, slots >>> 2);
    C.coil_py_set(shared.pointer, internName(attributeName(key)), slots);
    decode(slots >>> 2);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
  return true;
}

export function hasAttribute({ shared }: Attributes, key: string): boolean {
  checkAlive(shared);
  return operate(PY_OP_HAS_ATTRIBUTE, shared.pointer, attributeName(key)) as boolean;
}

export function deleteAttribute({ shared }: Attributes, key: string): true {
  checkAlive(shared);
  operate(PY_OP_DELETE_ATTRIBUTE, shared.pointer, attributeName(key));
  return true;
}

/** Reads a list of str that an operation makes. */
export function namesFrom(op: number, { shared }: Attributes): string[] {
  checkAlive(shared);
  const list = operate(op, shared.pointer) as PyProxy;
  const names = list["toJs"]();
  list["destroy"]();
  return names;
}

/** Objects without items. */
export const PLAIN: Family = {
  get(attributes, key) {
    const value = readAttribute(attributes, key);
    return value === MISSING ? undefined : value;
  },
  set: setAttribute,
  has: hasAttribute,
  remove: deleteAttribute,
  keys: (attributes) => namesFrom(PY_OP_DIR, attributes),
  describe: () => undefined,
};

/* --- traps --- */

/** A member that was assigned to is another one from then on, for this proxy. */
function assignMember(attributes: Attributes, key: string, value: unknown): true {
  attributes.shadows ??= new Map();
  attributes.shadows.set(key, value);
  return true;
}

/** Symbols are properties of the object under the proxy. */
const SYMBOLS = {
  set(target: Target, key: symbol, value: unknown): boolean {
    return key === ATTRS ? false : Reflect.set(target, key, value);
  },
  describe(target: Target, key: symbol): PropertyDescriptor | undefined {
    const descriptor = Reflect.getOwnPropertyDescriptor(target, key);
    return descriptor === undefined || key !== ATTRS
      ? descriptor
      : { ...descriptor, enumerable: false };
  },
};

function ownKeys(family: Family, target: Target): PropertyKey[] {
  const attributes = target[ATTRS];
  const keys = new Set<PropertyKey>(family.keys(attributes));
  for (const key of attributes.shadows?.keys() ?? []) {
    keys.add(key);
  }
  for (const key of Reflect.ownKeys(target)) {
    if (typeof key === "symbol" || key === "prototype") {
      keys.add(key);
    }
  }
  return [...keys];
}

function describe(
  family: Family,
  members: ReadonlyMap<PropertyKey, Member>,
  target: Target,
  key: string,
): PropertyDescriptor | undefined {
  const attributes = target[ATTRS];
  if (attributes.shadows?.has(key)) {
    const value = attributes.shadows.get(key);
    return { value, writable: true, enumerable: false, configurable: true };
  }
  const own = members.has(key) ? Reflect.getOwnPropertyDescriptor(target, key) : undefined;
  return own !== undefined && !own.configurable ? own : family.describe(attributes, key);
}

/** The traps that ask neither members nor Python. */
function fixedTraps(prototype: object): ProxyHandler<Target> {
  return {
    getPrototypeOf: () => prototype,
    setPrototypeOf: () => false,
    defineProperty: () => true,
    preventExtensions: () => false,
  };
}

/** The traps of one kind of proxies; members come first. */
export function handlersOf(
  family: Family,
  members: ReadonlyMap<PropertyKey, Member>,
  prototype: object,
): ProxyHandler<Target> {
  return {
    ...fixedTraps(prototype),
    // No trap; but an engine that finds it here need not look through Object.prototype at each call.
    apply: undefined as never,
    get(target, key) {
      if (key === ATTRS) {
        return target[ATTRS];
      }
      const member = members.get(key);
      if (member !== undefined) {
        const { shadows } = target[ATTRS];
        return shadows?.has(key as string) ? shadows.get(key as string) : member(target);
      }
      return typeof key === "symbol" ? target[key] : family.get(target[ATTRS], key);
    },
    set(target, key, value) {
      if (typeof key === "symbol") {
        return SYMBOLS.set(target, key, value);
      }
      return members.has(key)
        ? assignMember(target[ATTRS], key, value)
        : family.set(target[ATTRS], key, value);
    },
    has(target, key) {
      return (
        members.has(key) ||
        (typeof key === "symbol" ? key in target : family.has(target[ATTRS], key))
      );
    },
    deleteProperty(target, key) {
      if (typeof key === "symbol") {
        return key === ATTRS ? false : Reflect.deleteProperty(target, key);
      }
      if (members.has(key)) {
        target[ATTRS].shadows?.delete(key);
        return true;
      }
      return family.remove(target[ATTRS], key);
    },
    ownKeys: (target) => ownKeys(family, target) as (string | symbol)[],
    getOwnPropertyDescriptor: (target, key) =>
      typeof key === "symbol"
        ? SYMBOLS.describe(target, key)
        : describe(family, members, target, key),
  };
}
