/**
 * The stack that V8 runs suspendable WebAssembly on. It allocates one for each call through
 * WebAssembly.promising, apart from the thread's own, so it may be larger than that: only pages that
 * are used take memory.
 */

import type { EngineStack } from "../glue.js";
import { givenFlag, setFlag } from "./v8_flags.js";

/** In kilobytes: CPython's 10,000 C levels, as on other platforms (src/runtime/stack_guard.c). */
const WANTED = 8192;

/** What V8 takes by itself. */
const DEFAULT = 984;

/** V8 makes the stack as large as the smaller one of these says. */
const FLAGS = ["stack-size", "wasm-stack-switching-stack-size"] as const;

/** A large stack, or the one that the user asked Node for. */
export function engineStack(execArgv: readonly string[]): EngineStack {
  const values = FLAGS.map((flag) => givenFlag(flag, execArgv));
  if (values.some((value) => value !== undefined)) {
    const kilobytes = Math.min(...values.map((value) => value ?? DEFAULT));
    return { kilobytes };
  }
  return { kilobytes: WANTED, enter };
}

/** The flags matter only while V8 allocates the stack: before `begin` returns its promise. */
function enter<T>(kilobytes: number, begin: () => T): T {
  for (const flag of FLAGS) {
    setFlag(flag, kilobytes);
  }
  try {
    return begin();
  } finally {
    for (const flag of FLAGS) {
      setFlag(flag, DEFAULT);
    }
  }
}
