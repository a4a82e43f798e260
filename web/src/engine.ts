/** What this JavaScript engine can do, and WebAssembly's suspension by the names of its standard. */

import { EngineUnsupportedError } from "./errors.js";

type AnyFunction = (...values: never[]) => unknown;

/** JavaScript Promise Integration; both names are missing in engines that do not have it. */
interface SuspensionApi {
  readonly Suspending?: new (callee: AnyFunction) => object;
  readonly promising?: (callee: AnyFunction) => (...values: unknown[]) => Promise<unknown>;
}

const api = WebAssembly as unknown as SuspensionApi;

/** A module of two bytes of code that catches everything: legacy exception handling. */
const EXCEPTION_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11,
]);

/** Whether Python can wait without blocking JavaScript. */
export function canSuspend(): boolean {
  return api.Suspending !== undefined && api.promising !== undefined;
}

/** Throws EngineUnsupportedError where Coil cannot run at all. */
export function requireEngine(): void {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(EXCEPTION_PROBE)) {
    throw new EngineUnsupportedError(
      "Coil needs WebAssembly with exception handling, as Node 24 and newer have it",
    );
  }
}

/** Makes an import suspend its caller until its promise settles. Needs {@link canSuspend}. */
export function suspending(callee: AnyFunction): WebAssembly.ImportValue {
  if (api.Suspending === undefined) {
    throw new EngineUnsupportedError("this engine cannot suspend WebAssembly");
  }
  return new api.Suspending(callee) as WebAssembly.ImportValue;
}

/** Makes an export return a promise, and lets everything under it suspend. */
export function promising(callee: AnyFunction): (...values: unknown[]) => Promise<unknown> {
  if (api.promising === undefined) {
    throw new EngineUnsupportedError("this engine cannot suspend WebAssembly");
  }
  return api.promising(callee);
}
