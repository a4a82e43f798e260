/**
 * The functions of C, once there is an instance.
 *
 * They never throw by themselves. What comes out of one all the same has unwound frames of C (a trap,
 * exit()) and leaves Python in no defined state: the interpreter is over, and every later call says
 * so. Only where JavaScript has used up the engine's stack C finds back to where it was entered.
 */

import {
  type BridgeExports,
  EXPORT_NAMES,
  PROMISING_NAMES,
  type PromisingExports,
} from "./generated.js";
import { I32 } from "./memory.js";

/** What the bridge needs beside the functions of bridge.def. */
interface OtherExports {
  coil_allocate(size: number): number;
  coil_activation_state(): number;
  coil_must_wait(): number;
  coil_recover(): void;
  free(address: number): void;
}

const OTHER_NAMES = [
  "coil_activation_state",
  "coil_allocate",
  "coil_must_wait",
  "coil_recover",
  "free",
] satisfies (keyof OtherExports)[];

type Numbers = (...values: number[]) => number;
type Guarded = Record<string, Numbers>;

export let C: BridgeExports & OtherExports;

/** Entries that may wait, each giving a promise; undefined where the engine cannot suspend. */
export let Promising: PromisingExports | undefined;

/** Called by finalisers and the ends of calls, which must not fail after the end. */
const HARMLESS = new Set([
  "coil_py_release",
  "coil_py_retain",
  "coil_py_free_tape",
  "coil_py_release_buffer",
  "free",
]);

/** What calls say after the end. */
let over = "";

/** Of the exception ExitStatus, which is how exit() leaves C, or of a command line's end. */
function messageOf(cause: unknown): string {
  const { name, status } = (cause ?? {}) as { name?: unknown; status?: unknown };
  const what = name === "ExitStatus" ? `exited with the status ${status}` : "fatally failed";
  return `Python already ${what} and can no longer be used: load another interpreter`;
}

let tellFatal: (cause: unknown) => void = () => {};

/** Has `listener` told once what ended the interpreter. */
export function onFatal(listener: (cause: unknown) => void): void {
  tellFatal = listener;
}

function endedFunction(name: string): Numbers {
  return () => {
    if (HARMLESS.has(name)) {
      return 0;
    }
    throw new Error(over);
  };
}

let alive = true;

/** Whether the interpreter has not ended: for what the event loop calls. */
export function isAlive(): boolean {
  return alive;
}

/** Ends everything; returns what the caller throws. */
export function end(cause: unknown): unknown {
  alive = false;
  over ||= messageOf(cause);
  const functions = C as unknown as Guarded;
  for (const name of Object.keys(functions)) {
    functions[name] = endedFunction(name);
  }
  if (typeof cause === "object" && cause !== null) {
    (cause as { pyodide_fatal_error?: boolean }).pyodide_fatal_error = true;
  }
  tellFatal(cause);
  return cause;
}

/**
 * Where C counts its activations: see src/runtime/activations.c. JavaScript that recurses without end
 * and calls Python overflows the stack in C, whose activation has no end then, and leaves no room for a
 * call in the handler. So that is noted without one; C goes on from there when it is next called.
 */
let activations = 0;
const OVERFLOWED = 1;

/** "Maximum call stack size exceeded" in V8 and JavaScriptCore, "too much recursion" in SpiderMonkey. */
function isOverflow(cause: unknown): boolean {
  return cause instanceof Error && /call stack size|too much recursion/.test(cause.message);
}

/** By number of parameters: a call with as many arguments as the function takes is the quickest. */
const GUARDS: ((callee: Numbers) => Numbers)[] = [
  (callee) => () => {
    const running = I32[activations] as number;
    try {
      return callee();
    } catch (cause) {
      I32[activations] = running;
      I32[activations + OVERFLOWED] = 1;
      throw isOverflow(cause) ? cause : end(cause);
    }
  },
  (callee) => (a) => {
    const running = I32[activations] as number;
    try {
      return callee(a as number);
    } catch (cause) {
      I32[activations] = running;
      I32[activations + OVERFLOWED] = 1;
      throw isOverflow(cause) ? cause : end(cause);
    }
  },
  (callee) => (a, b) => {
    const running = I32[activations] as number;
    try {
      return callee(a as number, b as number);
    } catch (cause) {
      I32[activations] = running;
      I32[activations + OVERFLOWED] = 1;
      throw isOverflow(cause) ? cause : end(cause);
    }
  },
  (callee) => (a, b, c) => {
    const running = I32[activations] as number;
    try {
      return callee(a as number, b as number, c as number);
    } catch (cause) {
      I32[activations] = running;
      I32[activations + OVERFLOWED] = 1;
      throw isOverflow(cause) ? cause : end(cause);
    }
  },
  (callee) => (a, b, c, d) => {
    const running = I32[activations] as number;
    try {
      return callee(a as number, b as number, c as number, d as number);
    } catch (cause) {
      I32[activations] = running;
      I32[activations + OVERFLOWED] = 1;
      throw isOverflow(cause) ? cause : end(cause);
    }
  },
];

type Entry = (...values: number[]) => Promise<number>;

function promisingEntries(exports: WebAssembly.Exports): PromisingExports | undefined {
  const { promising } = WebAssembly as { promising?: (callee: unknown) => Entry };
  if (promising === undefined) {
    return undefined;
  }
  const entries: Record<string, Entry> = {};
  for (const name of PROMISING_NAMES) {
    const entry = promising(exports[name]);
    entries[name] = (...values) => {
      if (I32[activations + OVERFLOWED] !== 0) {
        C.coil_recover();
      }
      return entry(...values).catch((cause: unknown) => {
        throw end(cause);
      });
    };
  }
  return entries as unknown as PromisingExports;
}

function guarded(callee: Numbers): Numbers {
  const guard = GUARDS[callee.length];
  return guard === undefined
    ? (...values) => {
        const running = I32[activations] as number;
        try {
          return callee(...values);
        } catch (cause) {
          I32[activations] = running;
          I32[activations + OVERFLOWED] = 1;
          throw isOverflow(cause) ? cause : end(cause);
        }
      }
    : guard(callee);
}

export function attachExports(exports: WebAssembly.Exports): void {
  const functions: Guarded = {};
  // By name: the module has thousands of exports, and looking at one makes a function of it.
  for (const name of [...EXPORT_NAMES, ...OTHER_NAMES]) {
    functions[name] = guarded(exports[name] as Numbers);
  }
  C = functions as unknown as typeof C;
  activations = C.coil_activation_state() >>> 2;
  Promising = promisingEntries(exports);
}
