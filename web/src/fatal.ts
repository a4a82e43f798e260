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

/** The exit status of the exception by which os._exit() leaves; undefined for another one. */
function exitStatusOf(cause: unknown): number | undefined {
  const { name, status } = (cause ?? {}) as ExitLike;
  return name === "ExitStatus" && typeof status === "number" ? status : undefined;
}

/** Whether `error` came out of WebAssembly itself, which leaves Python in no defined state. */
export function isFatal(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || exitStatusOf(error) !== undefined;
}

/**
 * Makes every public member of `api` throw from now on; names that begin with `_` and `version`
 * stay. Tells `listener`. Returns the error that the caller shall throw.
 */
export function endInterpreter(api: object, listener: FatalListener, cause: unknown): unknown {
  const status = exitStatusOf(cause);
  const reason =
    status === undefined
      ? "Python already fatally failed and can no longer be used: load another interpreter"
      : `Python already exited with the status ${status}: load another interpreter`;
  for (const name of Object.keys(api)) {
    if (!name.startsWith("_") && name !== "version") {
      bury(api as AnyObject, name, reason);
    }
  }
  if (status === undefined && typeof cause === "object" && cause !== null) {
    (cause as AnyObject)["pyodide_fatal_error"] = true;
  }
  listener.on_fatal?.(cause);
  return cause;
}

function bury(api: AnyObject, name: string, reason: string): void {
  Object.defineProperty(api, name, {
    configurable: true,
    enumerable: true,
    get() {
      throw new Error(reason);
    },
  });
}
