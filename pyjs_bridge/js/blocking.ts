/** Promises that a fiber of Python waits for. The mirror of blocking.c. */

import { C } from "./exports.js";
import { JS_OP_PROMISE_OUTCOME, JS_OP_PROMISE_UNWATCH, JS_OP_PROMISE_WATCH } from "./generated.js";
import { defineOperations, MISSING } from "./js_operations.js";

interface Watch {
  settled: boolean;
  rejected: boolean;
  value: unknown;
}

/** By the number of the fiber, which waits for one promise at a time. */
const watches = new Map<number, Watch>();

function watch(promise: PromiseLike<unknown>, fiber: number): void {
  const entry: Watch = { settled: false, rejected: false, value: undefined };
  watches.set(fiber, entry);
  const settle = (rejected: boolean, value: unknown): void => {
    entry.settled = true;
    entry.rejected = rejected;
    entry.value = value;
    if (watches.get(fiber) === entry) {
      C.coil_py_wake(fiber);
    }
  };
  promise.then(
    (value) => settle(false, value),
    (reason) => settle(true, reason),
  );
}

function outcome(_: unknown, fiber: number): unknown {
  const entry = watches.get(fiber) as Watch;
  if (!entry.settled) {
    return MISSING;
  }
  watches.delete(fiber);
  if (entry.rejected) {
    throw entry.value;
  }
  return entry.value;
}

defineOperations({
  [JS_OP_PROMISE_WATCH]: watch,
  [JS_OP_PROMISE_OUTCOME]: outcome,
  [JS_OP_PROMISE_UNWATCH]: (_: unknown, fiber: number) => watches.delete(fiber),
});
