/** Items of containers: the mirror of py_proxy_item.c. */

import {
  PY_OP_CONTAINS,
  PY_OP_DELETE_ITEM,
  PY_OP_GET_ITEM,
  PY_OP_LENGTH,
  PY_OP_SET_ITEM,
} from "./generated.js";
import { operate } from "./py_operations.js";
import { self, selfPointer } from "./py_proxy.js";
import { jsonViewOf } from "./py_proxy_json.js";

/** What has `__len__`. */
export const LENGTH = {
  get length(): number {
    return operate(PY_OP_LENGTH, selfPointer(this)) as number;
  },
};

/** What has `__getitem__`. */
export const GET = {
  /** `object[key]`; undefined for a LookupError. */
  get(key: unknown): unknown {
    return operate(PY_OP_GET_ITEM, selfPointer(this), key);
  },
  asJsJson(): unknown {
    return jsonViewOf(self(this).proxy);
  },
};

/** What has `__setitem__` and `__delitem__`. */
export const SET = {
  set(key: unknown, value: unknown): void {
    operate(PY_OP_SET_ITEM, selfPointer(this), key, value);
  },
  delete(key: unknown): void {
    operate(PY_OP_DELETE_ITEM, selfPointer(this), key);
  },
};

/** What has `__contains__`. */
export const CONTAINS = {
  has(key: unknown): boolean {
    return operate(PY_OP_CONTAINS, selfPointer(this), key) as boolean;
  },
};
