/** The end of an interpreter: its public members then say so, whatever is asked of them. */

type AnyObject = Record<string, unknown>;

/** What is told of the end, once. */
export interface FatalListener {
  on_fatal?: ((error: unknown) => void) | undefined;
}

interface ExitLike {
  readonly name?: unknown;
  readonly status?: unknown;
}

/** The status of exit() and os._exit(), which leave WebAssembly as Emscripten's exception ExitStatus;
 * undefined for another one. */
export function exitStatusOf(cause: unknown): number | undefined {
  const { name, status } = (cause ?? {}) as ExitLike;
  return name === "ExitStatus" && typeof status === "number" ? status : undefined;
}

/** Whether `error` came out of WebAssembly itself, which leaves Python in no defined state. */
export function isFatal(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || exitStatusOf(error) !== undefined;
}

/** What every use of an interpreter says that `cause` has ended. */
export function endOf(cause: unknown): Error {
  const status = exitStatusOf(cause);
  const what =
    status === undefined
      ? "Python already fatally failed and can no longer be used"
      : `Python already exited with the status ${status}`;
  return new Error(`${what}: load another interpreter`);
}

/**
 * Makes every public member of `api` throw from now on; names that begin with `_` and `version`
 * stay. Tells `listener`.
 */
export function endInterpreter(api: object, listener: FatalListener, cause: unknown): void {
  for (const name of Object.keys(api)) {
    if (!name.startsWith("_") && name !== "version") {
      bury(api as AnyObject, name, cause);
    }
  }
  if (exitStatusOf(cause) === undefined && typeof cause === "object" && cause !== null) {
    (cause as AnyObject)["pyodide_fatal_error"] = true;
  }
  listener.on_fatal?.(cause);
}

function bury(api: AnyObject, name: string, cause: unknown): void {
  Object.defineProperty(api, name, {
    configurable: true,
    enumerable: true,
    get() {
      throw endOf(cause);
    },
  });
}
