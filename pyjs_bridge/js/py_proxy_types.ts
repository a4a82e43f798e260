/** The members that kinds of proxies have: one prototype for each combination of flags. */

import { PY_OP_STR, PY_OP_TYPE_NAME } from "./generated.js";
import { operate } from "./py_operations.js";
import { ATTRS, type Attributes, checkAlive, destroyProxy, type PyProxy } from "./py_proxy.js";

function self(proxy: unknown): Attributes {
  return (proxy as { [ATTRS]: Attributes })[ATTRS];
}

/** What every proxy has. */
const BASE = {
  get type(): string {
    const { shared } = self(this);
    checkAlive(shared);
    return operate(PY_OP_TYPE_NAME, shared.pointer) as string;
  },
  toString(): string {
    const { shared } = self(this);
    checkAlive(shared);
    return operate(PY_OP_STR, shared.pointer) as string;
  },
  destroy(options: { message?: string } = {}): void {
    destroyProxy(this as PyProxy, options.message);
  },
};

export function prototypeFor(_flags: number): object {
  return BASE;
}
