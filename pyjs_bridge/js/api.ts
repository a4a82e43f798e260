/** What the `pyodide` object offers of the bridge: api.md 2.1 to 2.6 and 2.9. */

import { decode, encode } from "./convert.js";
import { PythonError } from "./errors.js";
import { C } from "./exports.js";
import { KIND_NONE, KIND_TRUE } from "./generated.js";
import { I32 } from "./memory.js";
import { attributesOf, isPyProxy, type PyProxy, proxyCount } from "./py_proxy.js";
import { refCounts } from "./refs.js";
import { freeSlots, freeText, SLOT_SIZE, takeSlots, textTop } from "./slots.js";

export interface RunOptions {
  readonly globals?: unknown;
  readonly locals?: unknown;
  readonly filename?: string;
  readonly dedent?: boolean;
}

const WORDS = SLOT_SIZE >>> 2;

function pointerOfMapping(mapping: unknown, what: string): number {
  if (mapping === undefined || mapping === null) {
    return 0;
  }
  const pointer = attributesOf(mapping)?.shared.pointer;
  if (pointer === undefined) {
    throw new TypeError(`${what} must be a PyProxy of a dict: make one with pyodide.toPy()`);
  }
  return pointer;
}

function encodeOptions(options: RunOptions, word: number): void {
  if (options.filename === undefined) {
    I32[word] = KIND_NONE;
  } else {
    encode(options.filename, word);
  }
  if (options.dedent ?? true) {
    I32[word + WORDS] = KIND_TRUE;
  } else {
    encode(false, word + WORDS);
  }
}

/** Runs source text; returns the value of its last expression. Throws a PythonError. */
export function runPython(code: string, options: RunOptions = {}): unknown {
  const globals = pointerOfMapping(options.globals, "globals");
  const locals = pointerOfMapping(options.locals, "locals");
  const text = textTop;
  const slots = takeSlots(3);
  try {
    encode(code, slots >>> 2);
    encodeOptions(options, (slots >>> 2) + WORDS);
    C.coil_py_run(globals, locals, slots, 3);
  } finally {
    freeSlots(slots);
    freeText(text);
  }
  return decode(slots >>> 2);
}

/** Python's own functions that the API is made of, read once. */
interface PythonSide {
  importModule(name: string): PyProxy;
  evalCodeAsync: PyProxy;
  importDotted: PyProxy;
  registerJsModule: PyProxy;
  unregisterJsModule: PyProxy;
  globals: PyProxy;
  pyodidePy: PyProxy;
}

let python: PythonSide | undefined;

function side(): PythonSide {
  if (python === undefined) {
    throw new Error("The interpreter has not started: await loadPyodide()");
  }
  return python;
}

/** Reads Python's side. Needs a started interpreter. */
export function startPythonSide(): void {
  const importModule = runPython("__import__('importlib').import_module") as PyProxy &
    ((name: string) => PyProxy);
  const base = importModule("_pyodide._base");
  const hook = importModule("_pyodide._importhook");
  python = {
    importModule,
    evalCodeAsync: base["eval_code_async"],
    importDotted: hook["import_dotted"],
    registerJsModule: hook["register_js_module"],
    unregisterJsModule: hook["unregister_js_module"],
    globals: runPython("__import__('__main__').__dict__") as PyProxy,
    pyodidePy: importModule("pyodide"),
  };
}

export function pyimport(name: string): unknown {
  return side().importDotted["call"](undefined, name);
}

export function registerJsModule(name: string, module: object): void {
  side().registerJsModule["call"](undefined, name, module);
}

export function unregisterJsModule(name: string): void {
  side().unregisterJsModule["call"](undefined, name);
}

/** How much is alive on both sides, for tests. */
export function counts(): { refs: number; proxies: number } {
  return { refs: refCounts().live, proxies: proxyCount() };
}

export { isPyProxy, PythonError, side };
