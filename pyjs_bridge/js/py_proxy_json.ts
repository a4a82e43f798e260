/** asJsJson(): a view of nested containers whose properties are their items. */

import {
  PY_FLAG_DICT,
  PY_FLAG_GET,
  PY_FLAG_SEQUENCE,
  PY_OP_DELETE_DICT_ITEM,
  PY_OP_DELETE_ITEM,
  PY_OP_GET_DICT_ITEM,
  PY_OP_GET_ITEM,
  PY_OP_HAS_DICT_ITEM,
  PY_OP_KEYS,
  PY_OP_LENGTH,
  PY_OP_SET_DICT_ITEM,
  PY_OP_SET_ITEM,
} from "./generated.js";
import { operate } from "./py_operations.js";
import { type Attributes, attributesOf, checkAlive, type PyProxy, self } from "./py_proxy.js";
import { indexOf, SEQUENCE } from "./py_proxy_sequence.js";

/** How the items of one kind of container are named. */
interface Items {
  get(attributes: Attributes, key: string): unknown;
  set(attributes: Attributes, key: string, value: unknown): boolean;
  has(attributes: Attributes, key: string): boolean;
  remove(attributes: Attributes, key: string): boolean;
  keys(attributes: Attributes): string[];
}

function living({ shared }: Attributes): number {
  checkAlive(shared);
  return shared.pointer;
}

const DICT_ITEMS: Items = {
  get: (attributes, key) => operate(PY_OP_GET_DICT_ITEM, living(attributes), key),
  set(attributes, key, value) {
    operate(PY_OP_SET_DICT_ITEM, living(attributes), key, value);
    return true;
  },
  has: (attributes, key) => operate(PY_OP_HAS_DICT_ITEM, living(attributes), key) as boolean,
  remove(attributes, key) {
    operate(PY_OP_DELETE_DICT_ITEM, living(attributes), key);
    return true;
  },
  keys(attributes) {
    const list = operate(PY_OP_KEYS, living(attributes)) as PyProxy;
    const keys = list["toJs"]();
    list["destroy"]();
    return keys;
  },
};

/** Any other object with `__getitem__`: a mapping whose keys are strings. */
const OTHER_ITEMS: Items = {
  get: (attributes, key) => operate(PY_OP_GET_ITEM, living(attributes), key),
  set(attributes, key, value) {
    operate(PY_OP_SET_ITEM, living(attributes), key, value);
    return true;
  },
  has: (attributes, key) => operate(PY_OP_GET_ITEM, living(attributes), key) !== undefined,
  remove(attributes, key) {
    operate(PY_OP_DELETE_ITEM, living(attributes), key);
    return true;
  },
  keys: (attributes) => Array.from(attributes.proxy as unknown as Iterable<unknown>, String),
};

/** Under the view of a sequence is an Array, whose methods are no items. */
const SEQUENCE_ITEMS: Items = {
  get(attributes, key) {
    if (key === "length") {
      return operate(PY_OP_LENGTH, living(attributes));
    }
    return indexOf(key) < 0 ? undefined : SEQUENCE.get(attributes, key);
  },
  set: (attributes, key, value) => indexOf(key) >= 0 && SEQUENCE.set(attributes, key, value),
  has: (attributes, key) => indexOf(key) >= 0 && SEQUENCE.has(attributes, key),
  remove: (attributes, key) => indexOf(key) >= 0 && SEQUENCE.remove(attributes, key),
  keys: SEQUENCE.keys,
};

function itemsFor(flags: number): Items {
  if (flags & PY_FLAG_DICT) {
    return DICT_ITEMS;
  }
  return flags & PY_FLAG_SEQUENCE ? SEQUENCE_ITEMS : OTHER_ITEMS;
}

/** Containers inside are viewed in the same way. */
function viewOf(value: unknown): unknown {
  const attributes = attributesOf(value);
  return attributes !== undefined && attributes.shared.flags & PY_FLAG_GET
    ? jsonViewOf(attributes.proxy)
    : value;
}

function describe(
  items: Items,
  attributes: Attributes,
  target: object,
  key: string,
): PropertyDescriptor | undefined {
  const own = Reflect.getOwnPropertyDescriptor(target, key);
  if (own !== undefined) {
    return { ...own, value: items.get(attributes, key) }; // `length` of an Array
  }
  if (!items.has(attributes, key)) {
    return undefined;
  }
  const value = viewOf(items.get(attributes, key));
  return { value, writable: true, enumerable: true, configurable: true };
}

function handlersFor(items: Items, attributes: Attributes): ProxyHandler<object> {
  return {
    get(target, key) {
      const item = typeof key === "symbol" ? undefined : viewOf(items.get(attributes, key));
      return item === undefined && !Object.hasOwn(target, key) ? Reflect.get(target, key) : item;
    },
    set: (target, key, value) =>
      typeof key === "symbol" ? Reflect.set(target, key, value) : items.set(attributes, key, value),
    has: (target, key) => key in target || (typeof key === "string" && items.has(attributes, key)),
    deleteProperty: (target, key) =>
      typeof key === "symbol" ? Reflect.deleteProperty(target, key) : items.remove(attributes, key),
    // 7 and "7" are one name.
    ownKeys: () => [...new Set(items.keys(attributes))],
    getOwnPropertyDescriptor: (target, key) =>
      typeof key === "symbol" ? undefined : describe(items, attributes, target, key),
  };
}

/** A view of the items of a container; what is in it is read when it is asked for. */
export function jsonViewOf(proxy: PyProxy): object {
  const attributes = self(proxy);
  checkAlive(attributes.shared);
  const { flags } = attributes.shared;
  const target = flags & PY_FLAG_SEQUENCE ? [] : Object.create(Object.prototype);
  return new Proxy(target, handlersFor(itemsFor(flags), attributes));
}
