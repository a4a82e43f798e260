/** Items of a dict as properties of its proxy, where no attribute has the name. */

import {
  PY_OP_DELETE_DICT_ITEM,
  PY_OP_GET_DICT_ITEM,
  PY_OP_HAS_DICT_ITEM,
  PY_OP_KEYS,
  PY_OP_SET_DICT_ITEM,
} from "./generated.js";
import { operate } from "./py_operations.js";
import {
  deleteAttribute,
  type Family,
  hasAttribute,
  isEscaped,
  MISSING,
  namesFrom,
  readAttribute,
  setAttribute,
} from "./py_proxy_handlers.js";

export const DICT: Family = {
  get(attributes, key) {
    const value = readAttribute(attributes, key);
    if (value !== MISSING) {
      return value;
    }
    return isEscaped(key)
      ? undefined
      : operate(PY_OP_GET_DICT_ITEM, attributes.shared.pointer, key);
  },
  set(attributes, key, value) {
    if (isEscaped(key) || hasAttribute(attributes, key)) {
      return setAttribute(attributes, key, value);
    }
    operate(PY_OP_SET_DICT_ITEM, attributes.shared.pointer, key, value);
    return true;
  },
  has(attributes, key) {
    return (
      hasAttribute(attributes, key) ||
      (!isEscaped(key) && Boolean(operate(PY_OP_HAS_DICT_ITEM, attributes.shared.pointer, key)))
    );
  },
  remove(attributes, key) {
    const isItem = !isEscaped(key) && !hasAttribute(attributes, key);
    if (isItem && operate(PY_OP_DELETE_DICT_ITEM, attributes.shared.pointer, key)) {
      return true;
    }
    return deleteAttribute(attributes, key);
  },
  keys: (attributes) => namesFrom(PY_OP_KEYS, attributes),
  describe(attributes, key) {
    const { pointer } = attributes.shared;
    if (pointer === 0 || !operate(PY_OP_HAS_DICT_ITEM, pointer, key)) {
      return undefined;
    }
    const value = operate(PY_OP_GET_DICT_ITEM, pointer, key);
    return { value, writable: true, enumerable: true, configurable: true };
  },
};
