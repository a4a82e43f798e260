/** Flags of V8 that have a number. */

import { setFlagsFromString } from "node:v8";

/** The value that Node's own command line gives a flag, if it does. */
export function givenFlag(flag: string, execArgv: readonly string[]): number | undefined {
  const pattern = new RegExp(`^--${flag.replaceAll("-", "[-_]")}=(\\d+)$`);
  const values = execArgv.flatMap((option) => pattern.exec(option)?.[1] ?? []);
  return values.length === 0 ? undefined : Number(values[values.length - 1]);
}

export function setFlag(flag: string, value: number): void {
  setFlagsFromString(`--${flag}=${value}`);
}
