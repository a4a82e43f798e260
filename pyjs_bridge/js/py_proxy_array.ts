/** Methods of Array for sequences. */

import {
  PY_OP_APPEND,
  PY_OP_DELETE_RANGE,
  PY_OP_GET_ITEM,
  PY_OP_INSERT,
  PY_OP_LENGTH,
  PY_OP_REVERSE,
  PY_OP_SET_ITEM,
} from "./generated.js";
import { operate } from "./py_operations.js";
import { destroyProxy, isPyProxy, type PyProxy, selfPointer } from "./py_proxy.js";

// biome-ignore lint/suspicious/noExplicitAny: items are of any type.
type Anything = any;
type Method = (...values: Anything[]) => unknown;

/** What only reads is Array's own, which works on anything with indices and a length. */
const READING = [
  "at",
  "concat",
  "entries",
  "every",
  "filter",
  "find",
  "findIndex",
  "forEach",
  "includes",
  "indexOf",
  "join",
  "keys",
  "lastIndexOf",
  "map",
  "reduce",
  "reduceRight",
  "slice",
  "some",
  "values",
] as const;

const { apply } = Reflect;

function borrowed(name: (typeof READING)[number]): Method {
  const method = Array.prototype[name] as Method;
  return function (this: unknown, ...values: Anything[]): unknown {
    selfPointer(this);
    return apply(method, this, values);
  };
}

/** What each collections.abc.Sequence has. */
export const ARRAY_METHODS: Record<PropertyKey, unknown> = {
  [Symbol.isConcatSpreadable]: true,
  toJSON(): unknown[] {
    selfPointer(this);
    return Array.from(this as unknown as Iterable<unknown>);
  },
  // concat() keeps the order of a sequence that has no method of its own.
  ...Object.fromEntries(READING.map((name) => [name, borrowed(name)])),
};

/* --- changing --- */

function lengthOf(pointer: number): number {
  return operate(PY_OP_LENGTH, pointer) as number;
}

function itemAt(pointer: number, index: number): unknown {
  return operate(PY_OP_GET_ITEM, pointer, index);
}

function deleteRange(pointer: number, start: number, count: number): void {
  if (count > 0) {
    operate(PY_OP_DELETE_RANGE, pointer, start, count);
  }
}

function insertAll(pointer: number, start: number, items: readonly unknown[]): void {
  for (const [i, item] of items.entries()) {
    operate(PY_OP_INSERT, pointer, start + i, item);
  }
}

/** What Array makes of an index that may count from the end. */
function clamp(index: unknown, length: number, absent: number): number {
  if (index === undefined) {
    return absent;
  }
  const number = Math.trunc(Number(index)) || 0;
  return number < 0 ? Math.max(length + number, 0) : Math.min(number, length);
}

/** Takes the item at an end off a sequence; undefined from an empty one. */
function takeOff(pointer: number, fromEnd: boolean): unknown {
  const length = lengthOf(pointer);
  if (length === 0) {
    return undefined;
  }
  const index = fromEnd ? length - 1 : 0;
  const item = itemAt(pointer, index);
  deleteRange(pointer, index, 1);
  return item;
}

function itemsOf(pointer: number, start: number, end: number): unknown[] {
  const items: unknown[] = [];
  for (let i = start; i < end; i++) {
    items.push(itemAt(pointer, i));
  }
  return items;
}

function store(pointer: number, start: number, items: readonly unknown[]): void {
  for (const [i, item] of items.entries()) {
    operate(PY_OP_SET_ITEM, pointer, start + i, item);
  }
}

/** Gives back proxies that were made to move items about. */
function dropAll(items: readonly unknown[]): void {
  for (const item of items) {
    if (isPyProxy(item)) {
      destroyProxy(item as PyProxy);
    }
  }
}

/** The number of items that splice() deletes, which depends on whether it was told. */
function spliceCount(given: number, count: unknown, rest: number): number {
  if (given < 2) {
    return given === 0 ? 0 : rest;
  }
  return Math.min(Math.max(Math.trunc(Number(count)) || 0, 0), rest);
}

/** What each collections.abc.MutableSequence has. */
export const MUTABLE_ARRAY_METHODS = {
  reverse(): unknown {
    operate(PY_OP_REVERSE, selfPointer(this));
    return this;
  },
  sort(compare?: (a: Anything, b: Anything) => number): unknown {
    const pointer = selfPointer(this);
    const items = itemsOf(pointer, 0, lengthOf(pointer));
    // Array sorts undefined to the end without asking; Python's None is no hole.
    items.sort(compare);
    store(selfPointer(this), 0, items); // the comparison may have destroyed this
    return this;
  },
  splice(...given: [start?: number, count?: number, ...items: unknown[]]): unknown[] {
    const pointer = selfPointer(this);
    const [start, count, ...items] = given;
    const length = lengthOf(pointer);
    const from = clamp(start, length, 0);
    const deleted = spliceCount(given.length, count, length - from);
    const removed = itemsOf(pointer, from, from + deleted);
    deleteRange(pointer, from, deleted);
    insertAll(pointer, from, items);
    return removed;
  },
  push(...items: unknown[]): number {
    const pointer = selfPointer(this);
    for (const item of items) {
      operate(PY_OP_APPEND, pointer, item);
    }
    return lengthOf(pointer);
  },
  pop(): unknown {
    return takeOff(selfPointer(this), true);
  },
  shift(): unknown {
    return takeOff(selfPointer(this), false);
  },
  unshift(...items: unknown[]): number {
    const pointer = selfPointer(this);
    insertAll(pointer, 0, items);
    return lengthOf(pointer);
  },
  copyWithin(target: number, start?: number, end?: number): unknown {
    const pointer = selfPointer(this);
    const length = lengthOf(pointer);
    const to = clamp(target, length, 0);
    const from = clamp(start, length, 0);
    const until = Math.min(clamp(end, length, length), from + length - to);
    const items = itemsOf(pointer, from, until);
    store(pointer, to, items);
    dropAll(items);
    return this;
  },
  fill(value: unknown, start?: number, end?: number): unknown {
    const pointer = selfPointer(this);
    const length = lengthOf(pointer);
    const until = clamp(end, length, length);
    for (let i = clamp(start, length, 0); i < until; i++) {
      operate(PY_OP_SET_ITEM, pointer, i, value);
    }
    return this;
  },
};
