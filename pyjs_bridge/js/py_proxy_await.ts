/** Awaitables as thenables. The mirror of py_proxy_await.c. */

import { PY_FLAG_AWAITABLE, PY_OP_FUTURE_RESULT, PY_OP_SCHEDULE } from "./generated.js";
import { operate } from "./py_operations.js";
import {
  type Attributes,
  attributesOf,
  checkAlive,
  type PyProxy,
  self,
  selfPointer,
} from "./py_proxy.js";

type OnSettled = ((value: unknown) => unknown) | null | undefined;

/** Has asyncio run the object of a proxy. */
function schedule(pointer: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    operate(PY_OP_SCHEDULE, pointer, (future: PyProxy) => {
      try {
        resolve(operate(PY_OP_FUTURE_RESULT, selfPointer(future)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** The promise of an awaitable: made once, and good for later although the proxy may be destroyed. */
function promiseOf(attributes: Attributes): Promise<unknown> {
  if (attributes.promise === undefined) {
    checkAlive(attributes.shared);
    attributes.promise = schedule(attributes.shared.pointer);
  }
  return attributes.promise;
}

/** Has the coroutine run that an async function has returned. */
export function startCoroutine(result: unknown): unknown {
  const attributes = attributesOf(result);
  if (attributes !== undefined && attributes.shared.flags & PY_FLAG_AWAITABLE) {
    promiseOf(attributes);
  }
  return result;
}

export const AWAITABLE = {
  // biome-ignore lint/suspicious/noThenProperty: it is a thenable.
  then(onFulfilled?: OnSettled, onRejected?: OnSettled): Promise<unknown> {
    return promiseOf(self(this)).then(onFulfilled, onRejected);
  },
  catch(onRejected?: OnSettled): Promise<unknown> {
    return promiseOf(self(this)).catch(onRejected);
  },
  finally(onFinally?: (() => void) | null): Promise<unknown> {
    return promiseOf(self(this)).finally(onFinally);
  },
};
