/** When a generator is over: the body of a generator function uses its arguments until then. */

type Step = (...values: unknown[]) => unknown;
type Generator = Record<string, unknown>;

const STEPS = ["next", "return", "throw"];
const TAGS = ["[object Generator]", "[object AsyncGenerator]"];

const { apply } = Reflect;

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
    if (result instanceof Promise) {
      result.then(look, end);
    } else {
      look(result);
    }
    return result;
  };
}

/** Has `end` called when a generator is exhausted or closed. Returns false for other objects. */
export function endWithGenerator(value: object, end: () => void): boolean {
  if (!TAGS.includes(Object.prototype.toString.call(value))) {
    return false;
  }
  const generator = value as Generator;
  for (const name of STEPS) {
    Object.defineProperty(generator, name, {
      value: watched(generator[name] as Step, end),
      configurable: true,
      writable: true,
    });
  }
  return true;
}
