/**
 * Collections at every crossing, for tests: what is freed too early, or moved while somebody reads
 * it, is seldom seen otherwise. Both Python's own collector and the search for cycles run, at the
 * places where code of the other language could do the same.
 */

import { runPython } from "./api.js";
import { onCrossing } from "./crossing.js";
import { searchCycles } from "./cycles.js";
import { C } from "./exports.js";
import { EXPORT_NAMES } from "./generated.js";
import { destroyProxy, type PyProxy } from "./py_proxy.js";

type AnyFunction = (...values: number[]) => number;

/** Python's gc.collect while this is on. */
let collectPython: PyProxy | undefined;

/** The functions of C as they are without it. */
const originals = new Map<string, AnyFunction>();

let collecting = false;

function collect(): void {
  if (!collecting) {
    collecting = true;
    try {
      collectPython?.["call"]();
      searchCycles();
    } finally {
      collecting = false;
    }
  }
}

/** These are called while others read or write what they share, or from finalisers. */
const QUIET = new Set([
  "coil_py_release",
  "coil_py_retain",
  "coil_py_free_tape",
  "coil_py_release_buffer",
  "coil_py_cycles",
  "coil_py_tape",
  "coil_py_poll_interrupts",
]);

function start(): void {
  const functions = C as unknown as Record<string, AnyFunction>;
  collectPython = runPython("__import__('gc').collect") as PyProxy;
  for (const name of EXPORT_NAMES) {
    if (!QUIET.has(name)) {
      const original = functions[name] as AnyFunction;
      originals.set(name, original);
      functions[name] = (...values) => {
        collect();
        return original(...values);
      };
    }
  }
  onCrossing(collect);
}

function stop(): void {
  onCrossing(undefined);
  for (const [name, original] of originals) {
    (C as unknown as Record<string, AnyFunction>)[name] = original;
  }
  originals.clear();
  destroyProxy(collectPython as PyProxy);
  collectPython = undefined;
}

/** Turns it on or off. Returns whether it was on. */
export function collectAtCrossings(on: boolean): boolean {
  const before = collectPython !== undefined;
  if (on !== before) {
    (on ? start : stop)();
  }
  return before;
}
