/** What the `pyodide` object offers of the bridge: api.md 2.1 to 2.6 and 2.9. */

import { decode, encode } from "./convert.js";
import { PythonError } from "./errors.js";
import { C } from "./exports.js";
import { KIND_NONE, KIND_TRUE } from "./generated.js";
import { hasInterruptBuffer, interruptOthersBy, noteRun, runWithin } from "./interrupt_buffer.js";
import { I32 } from "./memory.js";
import { checkString, optionsOf } from "./options.js";
import { globalsProxy } from "./py_globals.js";
import { attributesOf, destroyProxy, isPyProxy, type PyProxy, proxyCount } from "./py_proxy.js";
import { setDebug } from "./py_proxy_messages.js";
import { refCounts } from "./refs.js";
import { freeSlots, freeText, SLOT_SIZE, takeSlots, textTop } from "./slots.js";

export interface RunOptions {
  readonly globals?: unknown;
  readonly locals?: unknown;
  readonly filename?: string;
  readonly dedent?: boolean;
}

/** Of {@link runPythonAsync}: what interrupts the code. */
export interface AsyncRunOptions extends RunOptions {
  readonly signal?: AbortSignal;
  /** In milliseconds. */
  readonly timeout?: number;
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
    checkString("runPython", "filename", options.filename);
    encode(options.filename, word);
  }
  if (options.dedent ?? true) {
    I32[word + WORDS] = KIND_TRUE;
  } else {
    encode(false, word + WORDS);
  }
}

/**
 * Runs source text; returns the value of its last expression. Throws a PythonError, or what the options
 * of {@link AsyncRunOptions} say: a signal is looked at before the code runs, as nothing else can happen
 * while it does.
 */
export function runPython(code: string, given?: AsyncRunOptions | null): unknown {
  const options = optionsOf("runPython", given);
  const { signal, timeout } = options;
  if (signal === undefined && timeout === undefined) {
    return runNow(code, options);
  }
  checkInterruption(options);
  return isLimit(timeout) ? runWithin(timeout, () => runNow(code, options)) : runNow(code, options);
}

function runNow(code: string, options: RunOptions): unknown {
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

/* --- what Python itself does --- */

/** What start() needs to know. */
export interface StartConfig {
  /** What the module `js` shows. */
  readonly jsglobals: object;
  /** What the module `pyodide_js` shows. */
  readonly publicApi: object;
  readonly enableRunUntilComplete: boolean;
  /** Whether asyncio's event loop is JavaScript's only once the program imports JavaScript's modules. */
  readonly loopOnImport: boolean;
}

/** Python's own functions that the API is made of, read once. */
interface PythonSide {
  readonly evalCodeAsync: PyProxy;
  readonly beginRun: () => PyProxy;
  readonly importDotted: PyProxy;
  readonly registerJsModule: PyProxy;
  readonly unregisterJsModule: PyProxy;
  readonly globals: PyProxy;
  readonly pyodidePy: PyProxy;
}

let python: PythonSide | undefined;

function side(): PythonSide {
  if (python === undefined) {
    throw new Error("Python has not started yet: await loadPyodide()");
  }
  return python;
}

/** Most programs never need it, and an import costs a start its share. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Starts Python's side and reads its functions. Needs a started interpreter. */
export function startPythonSide(config: StartConfig): void {
  const importModule = runPython("__import__('importlib').import_module") as PyProxy;
  const load = (name: string): PyProxy => importModule["call"](undefined, name);
  load("_pyodide._start")["start"].callKwargs(config.jsglobals, config.publicApi, {
    enable_run_until_complete: config.enableRunUntilComplete,
    loop_on_import: config.loopOnImport,
  });
  const base = load("_pyodide._base");
  const hook = load("_pyodide._importhook");
  python = {
    evalCodeAsync: base["eval_code_async"].copy(),
    beginRun: lazily(() => pyimport("_pyodide._interruptible.begin_run") as PyProxy),
    importDotted: hook["import_dotted"].copy(),
    registerJsModule: hook["register_js_module"].copy(),
    unregisterJsModule: hook["unregister_js_module"].copy(),
    globals: globalsProxy(runPython("__import__('__main__').__dict__") as PyProxy),
    pyodidePy: load("pyodide"),
  };
  const interrupt = lazily(() => pyimport("_pyodide._interruptible.interrupt_newest") as PyProxy);
  interruptOthersBy(() => interrupt()["call"]());
  for (const proxy of [importModule, base, hook]) {
    destroyProxy(proxy);
  }
}

/** Longer ones, which timers cannot count, are none. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

function isLimit(timeout: number | undefined): timeout is number {
  return timeout !== undefined && timeout <= LONGEST_TIMEOUT;
}

/** Throws for options that are none, and an aborted signal's reason. */
function checkInterruption({ signal, timeout }: AsyncRunOptions): void {
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw new TypeError("signal must be an AbortSignal");
  }
  if (timeout !== undefined && !(timeout >= 0)) {
    throw new TypeError("timeout must be a number of milliseconds");
  }
  signal?.throwIfAborted();
}

/** What interrupts a run, or undefined. */
function interruption(options: AsyncRunOptions): AbortSignal | undefined {
  checkInterruption(options);
  const { signal, timeout } = options;
  const signals = isLimit(timeout) ? [AbortSignal.timeout(timeout)] : [];
  return signal === undefined ? signals[0] : AbortSignal.any([signal, ...signals]);
}

/** Runs code until it ends, or the signal or the interrupt buffer has KeyboardInterrupt raised in it. */
async function runUntilAborted(begin: () => PyProxy, signal?: AbortSignal): Promise<unknown> {
  const run = begin();
  const task = run["start"]();
  const forget = noteRun(() => run["interrupt"]());
  let abort = (): void => {};
  const aborted = new Promise((_resolve, reject) => {
    abort = () => {
      run["interrupt"]();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([task, aborted]);
  } finally {
    forget();
    signal?.removeEventListener("abort", abort);
    destroyProxy(run);
    destroyProxy(task);
  }
}

/** As {@link runPython} in a task, with `await` at the top level. Rejects with a PythonError. */
export async function runPythonAsync(
  code: string,
  given?: AsyncRunOptions | null,
): Promise<unknown> {
  const options = optionsOf("runPythonAsync", given);
  const { globals = side().globals, locals = globals, filename, dedent = true } = options;
  pointerOfMapping(globals, "globals");
  pointerOfMapping(locals, "locals");
  checkString("runPythonAsync", "filename", filename);
  const named = filename === undefined ? { dedent } : { dedent, filename };
  const signal = interruption(options);
  if (signal !== undefined || hasInterruptBuffer()) {
    const begin = side().beginRun();
    return runUntilAborted(() => begin["callKwargs"](code, globals, locals, named), signal);
  }
  const task = side().evalCodeAsync["callKwargs"](code, globals, locals, named);
  try {
    return await task;
  } finally {
    destroyProxy(task);
  }
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

/** The module `__main__`'s dict. */
export function globals(): PyProxy {
  return side().globals;
}

/** The package `pyodide`. */
export function pyodidePy(): PyProxy {
  return side().pyodidePy;
}

/** How much is alive on both sides, for tests. */
export function counts(): Record<string, number> {
  return { handles: refCounts().live, proxies: proxyCount() };
}

export { isPyProxy, PythonError, setDebug };
