/**
 * Arguments and environment as bytes. Node decodes them as UTF-8 and puts U+FFFD where that fails;
 * Python wants the bytes, for its surrogateescape.
 */

import { readFileSync } from "node:fs";
import type { HostString } from "../interpreter.js";

const REPLACEMENT = "\ufffd";

/** The NUL-ended strings of a file in /proc; none where there is no such file. */
function readStrings(path: string): Uint8Array[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return [];
  }
  const strings: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    const stop = end < 0 ? bytes.length : end;
    strings.push(bytes.subarray(start, stop));
    start = stop + 1;
  }
  return strings;
}

/** The last `count` arguments of this process; `decoded` are the same as Node gives them. */
export function hostArguments(decoded: readonly string[]): HostString[] {
  if (!decoded.some((argument) => argument.includes(REPLACEMENT))) {
    return [...decoded];
  }
  const raw = readStrings("/proc/self/cmdline");
  return raw.length >= decoded.length ? raw.slice(raw.length - decoded.length) : [...decoded];
}

/** The environment as `NAME=value` strings. */
export function hostEnvironment(decoded: NodeJS.ProcessEnv): HostString[] {
  const settings = Object.entries(decoded).map(([name, value]) => `${name}=${value ?? ""}`);
  if (!settings.some((setting) => setting.includes(REPLACEMENT))) {
    return settings;
  }
  const raw = readStrings("/proc/self/environ");
  return raw.length > 0 ? raw : settings;
}
