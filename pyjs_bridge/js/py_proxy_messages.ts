/** What a proxy says when it is used after its end; with setDebug(true), what it was, too. */

import { PY_OP_REPR, PY_OP_TYPE_NAME } from "./generated.js";
import { operate } from "./py_operations.js";
import type { Shared } from "./py_proxy.js";

let debugging = false;

/** Turns the longer messages on or off; returns whether they were on. */
export function setDebug(on: boolean): boolean {
  const before = debugging;
  debugging = on;
  return before;
}

function ask(op: number, pointer: number): string | undefined {
  try {
    return operate(op, pointer) as string;
  } catch {
    return undefined; // __repr__ raises
  }
}

/** What follows the reason for the end of a proxy that is still alive. */
export function describeForDebugging({ pointer }: Shared): string {
  if (!debugging) {
    return "";
  }
  const type = ask(PY_OP_TYPE_NAME, pointer) ?? "unknown";
  const repr = ask(PY_OP_REPR, pointer);
  return `\nThe object was of type "${type}" and had ${repr === undefined ? "no repr" : `repr "${repr}"`}`;
}
