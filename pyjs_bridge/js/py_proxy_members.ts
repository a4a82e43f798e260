/** The members that every proxy has. */

import { PY_OP_REPR, PY_OP_STR, PY_OP_TYPE_NAME } from "./generated.js";
import { checkString, optionsOf } from "./options.js";
import { operate } from "./py_operations.js";
import {
  type Attributes,
  copyProxy,
  destroyBehind,
  type PyProxy,
  self,
  selfPointer,
} from "./py_proxy.js";
import { type ToJsOptions, toJs } from "./py_to_js_deep.js";

/** What toString() gives. */
let textOperation = PY_OP_STR;

/** The option pyproxyToStringRepr of older programs. */
export function toStringGivesRepr(on: boolean): void {
  textOperation = on ? PY_OP_REPR : PY_OP_STR;
}

/** Options of destroy(). */
interface DestroyOptions {
  readonly message?: string;
  readonly destroyRoundtrip?: boolean;
}

function destroy(attributes: Attributes, options: DestroyOptions): void {
  const { message, destroyRoundtrip = true } = optionsOf("destroy", options);
  checkString("destroy", "message", message);
  if (destroyRoundtrip || !attributes.props.roundtrip) {
    destroyBehind(attributes, message);
  }
}

export const BASE = {
  get [Symbol.toStringTag](): string {
    return "PyProxy";
  },
  get type(): string {
    return operate(PY_OP_TYPE_NAME, selfPointer(this)) as string;
  },
  /** What the object can do, as numbers of this version. */
  get $$flags(): number {
    return self(this).shared.flags;
  },
  toString(): string {
    return operate(textOperation, selfPointer(this)) as string;
  },
  copy(): PyProxy {
    return copyProxy(self(this));
  },
  destroy(options?: DestroyOptions): void {
    const attributes = self(this);
    if (options === undefined) {
      destroyBehind(attributes);
    } else {
      destroy(attributes, options);
    }
  },
  toJs(options?: ToJsOptions): unknown {
    return toJs(selfPointer(this), optionsOf("toJs", options));
  },
};

const { dispose } = Symbol as { dispose?: symbol };
if (dispose !== undefined) {
  Object.defineProperty(BASE, dispose, {
    value(this: unknown): void {
      destroyBehind(self(this));
    },
  });
}
