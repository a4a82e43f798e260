/** What Python sees when a handler of a stream throws: OSError, with the number that the error names. */

/** Milliseconds until a handler that threw EAGAIN is asked again. */
const RETRY = 100;

export interface HandlerErrors {
  /** Numbers by name. */
  readonly codes: Readonly<Record<string, number>>;
  /** Throws what the file system turns into errno. */
  fail(errno: number): never;
  /** Says something on standard error. */
  complain(message: string): void;
}

/** The number that an error names: 0 for EAGAIN as well, which is no end. */
function errnoOf(errors: HandlerErrors, error: unknown): number {
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  if (typeof code === "string" && code in errors.codes) {
    return errors.codes[code] ?? 0;
  }
  const known = typeof errno === "number" && Object.values(errors.codes).includes(errno);
  return known ? errno : (errors.codes["EIO"] ?? 0);
}

/** Calls a handler, again and again while it says that there is nothing yet. */
export function attempt<T>(errors: HandlerErrors, call: () => T): T {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const errno = errnoOf(errors, error);
      if (errno !== errors.codes["EAGAIN"]) {
        errors.fail(errno);
      }
      block(RETRY);
    }
  }
}

/** Lets time pass without giving JavaScript a turn: Python waits in the middle of a call. */
function block(milliseconds: number): void {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  } catch {
    // No shared memory, or a page's main thread, which must not wait that way.
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      // Nothing else lets time pass here.
    }
  }
}

/** Throws TypeError unless at most one of `names` is in `options`, and that one a function. */
export function oneHandler<Name extends string>(
  options: object,
  names: readonly Name[],
  caller: string,
): Name | undefined {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${caller}: the options must be an object, not ${String(options)}`);
  }
  const values = options as Record<string, unknown>;
  const given = names.filter((name) => values[name] !== undefined && values[name] !== false);
  const [name] = given;
  if (given.length > 1) {
    throw new TypeError(`${caller}: give only one of ${given.join(", ")}`);
  }
  if (name === undefined && Object.keys(options).length > 0) {
    throw new TypeError(
      `${caller}: one of ${names.join(", ")} must be given, or no options at all`,
    );
  }
  return name;
}

export function requireFunction(value: unknown, name: string, caller: string): void {
  if (typeof value !== "function") {
    throw new TypeError(`${caller}: ${name} must be a function, not ${typeof value}`);
  }
}
