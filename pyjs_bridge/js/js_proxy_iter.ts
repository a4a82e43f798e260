/** Iterators and generators of JavaScript in Python. The mirror of js_proxy_iter.c. */

import { encode } from "./convert.js";
import { crossing } from "./crossing.js";
import { encodeThrown } from "./errors.js";
import {
  JS_OP_ASYNC_DISPOSE,
  JS_OP_ASYNC_ITERATE,
  JS_OP_ASYNC_STEP,
  JS_OP_DISPOSE,
  JS_OP_ITERATE,
} from "./generated.js";
import { decodeOperand, defineOperations } from "./js_operations.js";
import { Pending, SETTLE_END } from "./js_proxy_promise.js";
import { I32 } from "./memory.js";
import { getRef } from "./refs.js";
import { freeText, textTop } from "./slots.js";

// biome-ignore lint/suspicious/noExplicitAny: operations take any value.
type Anything = any;

/** What bridge_js_iterate adds to the kind of the last value. */
const DONE = 256;

const THROW = 1;
const RETURN = 2;
/** RETURN for which the end of the iteration is a result. */
const CLOSE = 3;

/** Calls a method of an iterator. One without throw() or return() behaves as in `yield*`. */
function step(iterator: Anything, which: number, values: unknown[]): unknown {
  if (which === THROW) {
    if (typeof iterator.throw !== "function") {
      throw values[0];
    }
    return iterator.throw(values[0]);
  }
  if (which === RETURN) {
    return typeof iterator.return === "function"
      ? iterator.return(...values)
      : { done: true, value: undefined };
  }
  return values.length === 0 ? iterator.next() : iterator.next(values[0]);
}

function checkResult(result: unknown): { done?: unknown; value?: unknown } {
  if (typeof result !== "object" || result === null) {
    throw new TypeError(`Iterator result ${String(result)} is not an object`);
  }
  return result;
}

/** The import bridge_js_iterate. */
export function coilBoundaryIterate(
  ref: number,
  which: number,
  slots: number,
  nargs: number,
): number {
  const word = slots >>> 2;
  const text = textTop;
  try {
    const values = nargs === 0 ? [] : [decodeOperand(word)];
    crossing();
    const result = checkResult(step(getRef(ref), which, values));
    const { done } = result;
    encode(result.value, word);
    return (I32[word] as number) | (done ? DONE : 0);
  } catch (error) {
    return encodeThrown(error, word);
  } finally {
    freeText(text);
  }
}

/** Settles a future as the promise of an asynchronous iterator says. */
async function asyncStep(
  iterator: Anything,
  pending: Pending,
  which: number,
  ...values: unknown[]
): Promise<void> {
  try {
    const closes = which === CLOSE;
    const result = checkResult(await step(iterator, closes ? RETURN : which, values));
    const outcome = result.done && !closes ? SETTLE_END : undefined;
    pending.resolve(closes ? undefined : result.value, outcome);
  } catch (error) {
    pending.reject(error);
  }
}

const { dispose, asyncDispose } = Symbol as { dispose?: symbol; asyncDispose?: symbol };

defineOperations({
  [JS_OP_ITERATE]: (value) => value[Symbol.iterator](),
  [JS_OP_ASYNC_ITERATE]: (value) => value[Symbol.asyncIterator](),
  [JS_OP_ASYNC_STEP]: (iterator, future: number, which: number, ...values) => {
    void asyncStep(iterator, new Pending(future), which, ...values);
  },
  [JS_OP_DISPOSE]: (value) => {
    value[dispose as symbol]();
  },
  [JS_OP_ASYNC_DISPOSE]: (value) => value[asyncDispose as symbol](),
});
