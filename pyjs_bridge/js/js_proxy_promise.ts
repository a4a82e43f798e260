/** Promises in Python: futures for them, and then(), catch(), finally_(). The mirror of js_proxy_promise.c. */

import { decode, encode } from "./convert.js";
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
export const SETTLE_RESULT = 0;
const SETTLE_EXCEPTION = 1;
export const SETTLE_END = 2;

function settle(future: number, outcome: number, write: (word: number) => void): void {
  const text = textTop;
  const slots = takeSlots(1);
  try {
    write(slots >>> 2);
    C.coil_py_settle(future, slots, outcome);
    decode(slots >>> 2);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}

/** Gives a future the exception for what was thrown; takes its reference over. */
export function rejectFuture(future: number, reason: unknown): void {
  settle(future, SETTLE_EXCEPTION, (word) => {
    encodeThrown(reason, word);
  });
}

/** Gives a future its result, or the end of an iteration; takes its reference over. */
export function settleFuture(future: number, value: unknown, outcome: number): void {
  settle(future, outcome, (word) => {
    try {
      encode(value, word);
    } catch (error) {
      I32[word] = KIND_NONE;
      encodeThrown(error, word); // a destroyed proxy: C raises what the slot holds
    }
  });
}

/** References to futures whose promises are garbage, so that nothing will ever settle them. */
const forgotten = new FinalizationRegistry<number>((future) => C.coil_py_release(future));

function settleLater(promise: PromiseLike<unknown>, future: number): void {
  const resolve = (value: unknown): void => {
    forgotten.unregister(resolve);
    settleFuture(future, value, SETTLE_RESULT);
  };
  const reject = (reason: unknown): void => {
    forgotten.unregister(resolve);
    rejectFuture(future, reason);
  };
  forgotten.register(resolve, future, resolve);
  promise.then(resolve, reject);
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
