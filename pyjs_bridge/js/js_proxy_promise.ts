/** Promises in Python: futures for them, and then(), catch(), finally_(). The mirror of js_proxy_promise.c. */

import { decode, encode } from "./convert.js";
import {
  type Edges,
  forget,
  type Holder,
  type Owner,
  promote,
  releasedWithGarbage,
  watch,
} from "./cycles.js";
import { encodeThrown, exceptionOf } from "./errors.js";
import { C } from "./exports.js";
import {
  JS_OP_PROMISE_FINALLY,
  JS_OP_PROMISE_SETTLE,
  JS_OP_PROMISE_THEN,
  KIND_NONE,
  PY_OP_FLAGS,
} from "./generated.js";
import { defineOperations } from "./js_operations.js";
import { I32 } from "./memory.js";
import { operate } from "./py_operations.js";
import { attributesOf, destroyProxy, type PyProxy, proxyOf } from "./py_proxy.js";
import { freeSlots, freeText, takeSlots, textTop } from "./slots.js";

/** Outcomes of bridge_py_settle. */
const SETTLE_RESULT = 0;
const SETTLE_EXCEPTION = 1;
export const SETTLE_END = 2;

/**
 * A future that waits for a promise. It is a holder as a proxy is: when the promise is garbage nothing
 * will ever settle the future, and then the task that awaits it goes, too.
 */
export class Pending implements Holder {
  readonly pointer: number;
  readonly context = 0;
  edges: Edges | undefined = undefined;
  #owner: Owner | undefined;

  /** Takes the reference to the future over. */
  constructor(future: number) {
    this.pointer = future;
    this.#owner = watch(this);
    releasedWithGarbage.register(this, this.#owner, this);
  }

  /** Ends the wait. Returns false if it has ended before, which a thenable may try. */
  #end(): boolean {
    if (this.#owner === undefined) {
      return false;
    }
    promote(this);
    forget(this.#owner);
    releasedWithGarbage.unregister(this);
    this.#owner = undefined;
    return true;
  }

  #settle(outcome: number, write: (word: number) => void): void {
    if (!this.#end()) {
      return;
    }
    const text = textTop;
    const slots = takeSlots(1);
    try {
      write(slots >>> 2);
      C.coil_py_settle(this.pointer, slots, outcome);
      decode(slots >>> 2);
    } finally {
      freeSlots(slots);
      freeText(text);
    }
  }

  /** Gives the future the exception for what was thrown. */
  reject(reason: unknown): void {
    this.#settle(SETTLE_EXCEPTION, (word) => {
      encodeThrown(reason, word);
    });
  }

  /** Gives the future its result, or the end of an iteration. */
  resolve(value: unknown, outcome: number = SETTLE_RESULT): void {
    this.#settle(outcome, (word) => {
      try {
        encode(value, word);
      } catch (error) {
        I32[word] = KIND_NONE;
        encodeThrown(error, word); // a destroyed proxy: C raises what the slot holds
      }
    });
  }
}

function settleLater(promise: PromiseLike<unknown>, future: number): void {
  const pending = new Pending(future);
  try {
    promise.then(
      (value) => pending.resolve(value),
      (reason) => pending.reject(reason),
    );
  } catch (error) {
    pending.reject(error); // as in an `await` of JavaScript
  }
}

type Handler = ((value: unknown) => unknown) | undefined;

/** A Python exception is handed to Python as itself, not as the error around it. */
function reasonFor(reason: unknown): unknown {
  const pointer = exceptionOf(reason);
  if (pointer === undefined) {
    return reason;
  }
  C.coil_py_retain(pointer);
  return proxyOf(pointer, operate(PY_OP_FLAGS, pointer) as number);
}

/** Calls a handler and has both forgotten, since a promise settles once. */
function handler(own: Handler, other: Handler, isRejection: boolean): Handler {
  if (own === undefined && other === undefined) {
    return undefined;
  }
  return (value) => {
    try {
      if (own === undefined) {
        return passOn(value, isRejection);
      }
      return callHandler(own, isRejection ? reasonFor(value) : value, value);
    } finally {
      drop(own);
      drop(other);
    }
  };
}

function passOn(value: unknown, isRejection: boolean): unknown {
  if (isRejection) {
    throw value;
  }
  return value;
}

/** The proxy that was made for the handler's sake ends with the call. */
function callHandler(own: (value: unknown) => unknown, value: unknown, given: unknown): unknown {
  try {
    return own(value);
  } finally {
    if (value !== given) {
      destroyProxy(value as PyProxy);
    }
  }
}

function drop(own: Handler): void {
  if (attributesOf(own)?.props.roundtrip === false) {
    destroyProxy(own as unknown as PyProxy);
  }
}

function then(promise: PromiseLike<unknown>, onFulfilled: Handler, onRejected: Handler): unknown {
  return promise.then(
    handler(onFulfilled, onRejected, false),
    handler(onRejected, onFulfilled, true),
  );
}

/** Promise.prototype.finally for any thenable: the outcome stays, unless the function fails. */
function finallyOf(promise: PromiseLike<unknown>, onFinally: (() => unknown) | undefined): unknown {
  const run = async (): Promise<void> => {
    try {
      await onFinally?.();
    } finally {
      drop(onFinally as Handler);
    }
  };
  return promise.then(
    async (value) => {
      await run();
      return value;
    },
    async (reason) => {
      await run();
      throw reason;
    },
  );
}

defineOperations({
  [JS_OP_PROMISE_SETTLE]: settleLater,
  [JS_OP_PROMISE_THEN]: then,
  [JS_OP_PROMISE_FINALLY]: finallyOf,
});
