/** Checks of what a caller passes. What they throw is a TypeError that names the call and the option. */

/** A value as a message shows it; never fails. */
export function describe(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  }
  const isNamed = typeof value === "object" || typeof value === "function";
  return isNamed && value !== null ? `a value of type ${typeof value}` : String(value);
}

/** The options of a call; undefined and null are none. */
export function optionsOf<T extends object>(call: string, options: T | null | undefined): T {
  if (options === undefined || options === null) {
    return {} as T;
  }
  if (typeof options !== "object" && typeof options !== "function") {
    throw new TypeError(`${call}: the options must be an object, not ${describe(options)}`);
  }
  return options;
}

function refuse(call: string, name: string, kind: string, value: unknown): never {
  throw new TypeError(`${call}: ${name} must be ${kind}, not ${describe(value)}`);
}

export function checkFunction(call: string, name: string, value: unknown): void {
  if (value !== undefined && value !== null && typeof value !== "function") {
    refuse(call, name, "a function", value);
  }
}

export function checkString(call: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "string") {
    refuse(call, name, "a string", value);
  }
}

/** Of another realm or a proxy of Python's list, too: what counts is that it can be added to. */
export function checkList(call: string, name: string, value: unknown): void {
  const list = value as { push?: unknown } | null | undefined;
  if (list !== undefined && list !== null && typeof list.push !== "function") {
    refuse(call, name, "an array", value);
  }
}

const MOST_LEVELS = 2 ** 31 - 1;

/** How many levels a conversion goes down, for C: -1 for all. */
export function levelsOf(call: string, depth: unknown): number {
  if (depth === undefined || depth === null || depth === Number.POSITIVE_INFINITY) {
    return -1;
  }
  if (!Number.isInteger(depth)) {
    refuse(call, "depth", "an integer", depth);
  }
  return Math.max(-1, Math.min(depth as number, MOST_LEVELS));
}
