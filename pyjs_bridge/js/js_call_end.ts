/**
 * When a call is over that JavaScript has returned from: a promise is settled later, and the body
 * of a generator function uses its arguments until it ends.
 */

type Step = (...values: unknown[]) => unknown;
type Generator = Record<"next" | "return" | "throw", Step>;
type Then = PromiseLike<unknown>["then"];

const STEPS = ["next", "return", "throw"] as const;
const TAGS = ["[object Generator]", "[object AsyncGenerator]"];

const { apply } = Reflect;

/** What is to be called when a generator is over, by generator. */
const endings = new WeakMap<object, (() => void)[]>();

/** The method `then` of a thenable; what throws when it is asked for it is none. */
function thenOf(value: unknown): Then | undefined {
  try {
    const then = (value as { then?: unknown } | undefined | null)?.then;
    return typeof then === "function" ? (then as Then) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is a generator, as its tag says; what throws when it is asked is none. */
function isGenerator(value: object): value is Generator {
  try {
    return (
      TAGS.includes(Object.prototype.toString.call(value)) &&
      STEPS.every((name) => typeof (value as Generator)[name] === "function")
    );
  } catch {
    return false;
  }
}

function isDone(result: unknown): boolean {
  return Boolean((result as { done?: unknown } | undefined)?.done);
}

/** A step that looks at what it gives: an IteratorResult, or a promise of one. */
function watched(step: Step, end: () => void): Step {
  const look = (result: unknown): void => {
    if (isDone(result)) {
      end();
    }
  };
  return function (this: unknown, ...values: unknown[]): unknown {
    let result: unknown;
    try {
      result = apply(step, this, values);
    } catch (error) {
      end();
      throw error;
    }
    const then = thenOf(result);
    if (then === undefined) {
      look(result);
    } else {
      apply(then, result, [look, end]);
    }
    return result;
  };
}

function watch(generator: Generator, end: () => void): void {
  for (const name of STEPS) {
    Object.defineProperty(generator, name, {
      value: watched(generator[name], end),
      configurable: true,
      writable: true,
    });
  }
}

/** Of a frozen generator, and of one left before its end, the garbage collector alone knows. */
function endWithGenerator(generator: Generator, end: () => void): void {
  const others = endings.get(generator);
  if (others !== undefined) {
    others.push(end); // several calls returned the same one
  } else if (Object.isExtensible(generator)) {
    const all = [end];
    endings.set(generator, all);
    watch(generator, () => {
      for (const each of all.splice(0)) {
        each();
      }
    });
  }
}

/** Has `end` called when the call that returned `result` is over. Returns false if it is already. */
export function endLater(result: object, end: () => void): boolean {
  const then = thenOf(result);
  if (then !== undefined) {
    try {
      apply(then, result, [end, end]);
    } catch {
      return false;
    }
    return true;
  }
  if (!isGenerator(result)) {
    return false;
  }
  endWithGenerator(result, end);
  return true;
}
