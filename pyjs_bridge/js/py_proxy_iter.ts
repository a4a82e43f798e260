/** Iteration of Python objects, synchronous and asynchronous. The mirror of py_proxy_iter.c. */

import { decode, encode } from "./convert.js";
import { encodeThrown, isThrowable, PythonError } from "./errors.js";
import { C } from "./exports.js";
import {
  KIND_SEEN,
  PY_FLAG_ASYNC_GENERATOR,
  PY_FLAG_GENERATOR,
  PY_OP_ASYNC_CLOSE,
  PY_OP_ASYNC_ITER,
  PY_OP_ASYNC_NEXT,
  PY_OP_ITER,
  STEP_ASYNC_THROW,
  STEP_CLOSE,
  STEP_NEXT,
  STEP_THROW,
} from "./generated.js";
import { operate } from "./py_operations.js";
import { destroyProxy, type PyProxy, self, selfPointer } from "./py_proxy.js";
import { freeSlots, freeText, takeSlots, textTop } from "./slots.js";

type Result = IteratorResult<unknown, unknown>;
type Write = (word: number) => void;

/** One step; `write` puts into the slot what goes with it. */
function step(how: number, pointer: number, write: Write): Result {
  const text = textTop;
  const slots = takeSlots(1);
  try {
    write(slots >>> 2);
    const kind = C.coil_py_step(how, pointer, slots);
    if (kind === -1 - KIND_SEEN) {
      return { done: true, value: undefined };
    }
    return { done: kind < 0, value: decode(slots >>> 2) };
  } finally {
    freeSlots(slots);
    freeText(text);
  }
}

function advance(pointer: number, value: unknown): Result {
  return step(STEP_NEXT, pointer, (word) => encode(value, word));
}

/** Raises an error of either language where a generator waits. */
function throwInto(pointer: number, error: unknown): Result {
  checkThrowable(error);
  return step(STEP_THROW, pointer, (word) => {
    encodeThrown(error, word);
  });
}

function checkThrowable(error: unknown): void {
  if (!isThrowable(error)) {
    throw new TypeError("throw() of a generator needs an Error, which Python can raise");
  }
}

/** Ends a generator; `value` is what it gives unless it gives something itself. */
function close(pointer: number, value: unknown): Result {
  const result = step(STEP_CLOSE, pointer, () => {});
  return result.done && result.value === undefined ? { done: true, value } : result;
}

/* --- synchronous --- */

/** What for...of uses of an iterable: the Python iterator lives as long as it is of use. */
class Iteration implements Iterator<unknown> {
  readonly #iterator: PyProxy;

  constructor(iterator: PyProxy) {
    this.#iterator = iterator;
  }

  next(value?: unknown): Result {
    const { shared } = self(this.#iterator);
    if (shared.pointer === 0) {
      return { done: true, value: undefined };
    }
    const result = advance(shared.pointer, shared.flags & PY_FLAG_GENERATOR ? value : undefined);
    if (result.done) {
      destroyProxy(this.#iterator);
    }
    return result;
  }

  /** Leaving the loop early ends a generator that nobody else has. */
  return(value?: unknown): Result {
    const { shared } = self(this.#iterator);
    const isGenerator = shared.pointer !== 0 && shared.flags & PY_FLAG_GENERATOR;
    try {
      return isGenerator ? close(shared.pointer, value) : { done: true, value };
    } finally {
      destroyProxy(this.#iterator);
    }
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** What has `__iter__`. */
export const ITERABLE = {
  [Symbol.iterator](): Iterator<unknown> {
    return new Iteration(operate(PY_OP_ITER, selfPointer(this)) as PyProxy);
  },
};

/** What has `__next__`. */
export const ITERATOR = {
  next(value?: unknown): Result {
    const pointer = selfPointer(this);
    return advance(pointer, self(this).shared.flags & PY_FLAG_GENERATOR ? value : undefined);
  },
  [Symbol.iterator](): unknown {
    return this;
  },
};

export const GENERATOR = {
  throw(error: unknown): Result {
    return throwInto(selfPointer(this), error);
  },
  return(value?: unknown): Result {
    return close(selfPointer(this), value);
  },
};

/* --- asynchronous --- */

const ENDS = ["StopAsyncIteration", "GeneratorExit"];

/** Waits for an awaitable that a step has made; its end may be an exception. */
async function settle(
  awaitable: PyProxy,
  value: unknown,
  ends: readonly string[],
): Promise<Result> {
  try {
    return { done: false, value: await awaitable };
  } catch (error) {
    if (error instanceof PythonError && ends.includes(error.type)) {
      return { done: true, value };
    }
    throw error;
  } finally {
    destroyProxy(awaitable);
  }
}

async function advanceAsync(pointer: number, value: unknown): Promise<Result> {
  const awaitable = operate(PY_OP_ASYNC_NEXT, pointer, value) as PyProxy;
  return await settle(awaitable, undefined, ENDS.slice(0, 1));
}

async function closeAsync(pointer: number, value: unknown): Promise<Result> {
  return await settle(operate(PY_OP_ASYNC_CLOSE, pointer) as PyProxy, value, ENDS);
}

async function throwIntoAsync(pointer: number, error: unknown): Promise<Result> {
  checkThrowable(error);
  const { value } = step(STEP_ASYNC_THROW, pointer, (word) => {
    encodeThrown(error, word);
  });
  return await settle(value as PyProxy, undefined, ENDS.slice(0, 1));
}

function sent(flags: number, value: unknown): unknown {
  return flags & PY_FLAG_ASYNC_GENERATOR ? value : undefined;
}

/** What for await...of uses of an iterable. */
class AsyncIteration implements AsyncIterator<unknown> {
  readonly #iterator: PyProxy;

  constructor(iterator: PyProxy) {
    this.#iterator = iterator;
  }

  async next(value?: unknown): Promise<Result> {
    const { shared } = self(this.#iterator);
    if (shared.pointer === 0) {
      return { done: true, value: undefined };
    }
    const result = await advanceAsync(shared.pointer, sent(shared.flags, value));
    if (result.done) {
      destroyProxy(this.#iterator);
    }
    return result;
  }

  async return(value?: unknown): Promise<Result> {
    const { shared } = self(this.#iterator);
    const isGenerator = shared.pointer !== 0 && shared.flags & PY_FLAG_ASYNC_GENERATOR;
    try {
      return isGenerator ? await closeAsync(shared.pointer, value) : { done: true, value };
    } finally {
      destroyProxy(this.#iterator);
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** What has `__aiter__`. */
export const ASYNC_ITERABLE = {
  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return new AsyncIteration(operate(PY_OP_ASYNC_ITER, selfPointer(this)) as PyProxy);
  },
};

/** What has `__anext__`. */
export const ASYNC_ITERATOR = {
  async next(value?: unknown): Promise<Result> {
    return await advanceAsync(selfPointer(this), sent(self(this).shared.flags, value));
  },
  [Symbol.asyncIterator](): unknown {
    return this;
  },
};

export const ASYNC_GENERATOR = {
  async throw(error: unknown): Promise<Result> {
    return await throwIntoAsync(selfPointer(this), error);
  },
  async return(value?: unknown): Promise<Result> {
    return await closeAsync(selfPointer(this), value);
  },
};
