/** What the loader asks of the bridge between the two languages (pyjs_bridge/js). */

import type { GlueModule } from "./glue.js";

/** What the bridge needs to know when Python has started. */
export interface BridgeConfig {
  /** What the module `js` shows. */
  readonly jsglobals: object;
  /** What the module `pyodide_js` shows: the object that loadPyodide() gives. */
  readonly publicApi: object;
  readonly convertNullToNone: boolean;
  readonly toJsLiteralMap: boolean;
  readonly pyproxyToStringRepr: boolean;
  readonly enableRunUntilComplete: boolean;
  /** Whether asyncio's event loop is JavaScript's only once the program imports JavaScript's modules. */
  readonly loopOnImport: boolean;
  /** Called with what ended the interpreter (a trap, exit()), if it is the bridge that meets it. */
  readonly onFatal: (cause: unknown) => void;
}

export interface RunOptions {
  globals?: unknown;
  locals?: unknown;
  filename?: string;
  dedent?: boolean;
  signal?: AbortSignal;
  timeout?: number;
}

/** The part of the public API that is the bridge's; see web/types/pyodide.d.ts for what each means. */
export interface BridgeApi {
  runPython(code: string, options?: RunOptions): unknown;
  runPythonAsync(code: string, options?: RunOptions): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: a Python module has whatever attributes it has
  pyimport(name: string): any;
  registerJsModule(name: string, module: object): void;
  unregisterJsModule(name: string): void;
  toPy(object: unknown, options?: object): unknown;
  readonly globals: unknown;
  readonly pyodide_py: unknown;
  readonly ffi: object;
  setInterruptBuffer(buffer: unknown): void;
  checkInterrupt(): void;
  setDebug(on: boolean): boolean;
  isPyProxy(value: unknown): boolean;
  readonly PythonError: new (...values: never[]) => Error;
  /** What `pyodide.coil._debug` is: for tests and for those who look for a leak. */
  readonly debug: object;
}

export interface Bridge {
  /** Put into `imports.env` in the place of the linker's stubs of the same names. */
  readonly imports: Readonly<Record<string, WebAssembly.ImportValue>>;
  /** Called once there is an instance, before anything of it runs that calls the imports. */
  attach(exports: WebAssembly.Exports, memory: WebAssembly.Memory, module: GlueModule): void;
  /** Called when the memory has grown: its buffer is another one. */
  memoryGrew(): void;
  /** Called before a stack of WebAssembly's is suspended. */
  willSuspend(): void;
  /** Called with what ended the interpreter on a thread's stack. */
  end(cause: unknown): void;
  /** Called once after coil_boot(). */
  start(config: BridgeConfig): void;
  readonly api: BridgeApi;
}
