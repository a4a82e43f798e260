/** Types of the package's main entry. */

import type * as ffi from "./ffi.js";
import type { PyDict, PyProxy, TypedArray } from "./ffi.js";

export type { TypedArray } from "./ffi.js";

/** The level of the API, then Coil's own version: `0.29.5+coil.<own>`. */
export const version: string;

/** Loads an interpreter. Every failure is a rejection. */
export function loadPyodide(options?: PyodideConfig): Promise<PyodideAPI>;

export { loadPyodide as loadPython };

/** The base of errors of the loader: `catch (error) { if (error instanceof CoilError) ... }`. */
export class CoilError extends Error {}

/** A file of the distribution cannot be used. */
export class AssetError extends CoilError {
  /** Its name. */
  readonly asset: string;
  /** URL or path that was tried. */
  readonly location: string;
}

/** The file is not there. */
export class AssetMissingError extends AssetError {}

/** The file's bytes are not those that were built. Nothing of it has run. */
export class AssetCorruptError extends AssetError {}

/** The files are right, and yet the interpreter did not start. */
export class BootError extends CoilError {}

/** This JavaScript engine lacks something that cannot be done without. */
export class EngineUnsupportedError extends CoilError {}

/** A package of a lock file. */
export interface LockfilePackage {
  name: string;
  version: string;
  file_name: string;
  package_type: string;
  install_dir: string;
  sha256: string;
  imports: string[];
  depends: string[];
}

export interface LockfileInfo {
  arch: string;
  platform: string;
  version: string;
  python: string;
  abi_version: string;
}

/** What a `pyodide-lock.json` contains. */
export interface Lockfile {
  info: LockfileInfo;
  packages: Record<string, LockfilePackage>;
}

/** A package that was loaded. */
export interface PackageData {
  name: string;
  version: string;
  fileName: string;
  packageType: string;
}

/** Options of {@link loadPyodide}; unknown ones are ignored. */
export interface PyodideConfig {
  /** Folder of the distribution: a URL, relative to the page, or in Node a path. */
  indexURL?: string;
  /** Default: `pyodide-lock.json` in that folder. Not together with `lockFileContents`. */
  lockFileURL?: string;
  /** A lock file itself. */
  lockFileContents?: Lockfile | string | Promise<Lockfile | string>;
  /** Base of relative file names in the lock file. */
  packageBaseUrl?: string;
  /** Node: folder in which downloaded packages are kept. */
  packageCacheDir?: string;
  /** Packages to load at the start. */
  packages?: string[];
  /** Default: `python_stdlib.zip` in the distribution's folder. */
  stdLibURL?: string;
  /** One line of input; null for the end. */
  stdin?: () => string | null;
  /** Called with each line of output, without its newline. */
  stdout?: (line: string) => void;
  /** The same for standard error. */
  stderr?: (line: string) => void;
  /** What the Python module `js` shows; default: globalThis. */
  jsglobals?: object;
  /** Options of the interpreter, as on Python's command line. */
  args?: string[];
  /** Environment variables. `HOME` is also where Python starts. */
  env?: Record<string, string>;
  /** Whether `asyncio.run()` blocks, by default true. */
  enableRunUntilComplete?: boolean;
  /** Whether a `pyodide` package of another version is refused, by default true. */
  checkAPIVersion?: boolean;
  /** Awaited when the file system is there and Python has not started. */
  fsInit?: (FS: any, info: { sitePackages: string }) => Promise<void> | void;
  /** The default export of `pyodide.asm.mjs`, where `import()` is not allowed. */
  createPyodideModule?: (options: any) => Promise<any>;
  /** Has no effect. */
  fullStdLib?: boolean;
  /** @deprecated `proxy.toString()` gives `repr`. */
  pyproxyToStringRepr?: boolean;
  /** @deprecated null becomes None. */
  convertNullToNone?: boolean;
  /** @deprecated `toJs()` makes a Map with properties from a dict. */
  toJsLiteralMap?: boolean;
  /** What `sys.executable` is. */
  _sysExecutable?: string;
  /** Accepted, without effect. */
  _makeSnapshot?: boolean;
  /** Accepted, without effect. */
  _loadSnapshot?: unknown;
  /** Accepted, without effect. */
  _snapshotDeserializer?: unknown;
  BUILD_ID?: string;
  cdnUrl?: string;
}

/** {@link PyodideConfig} as it is in effect. */
export interface PyodideConfigWithDefaults extends PyodideConfig {
  indexURL: string;
  jsglobals: object;
  args: string[];
  env: Record<string, string>;
  packages: string[];
  packageBaseUrl: string;
  checkAPIVersion: boolean;
  enableRunUntilComplete: boolean;
  BUILD_ID: string;
  cdnUrl: string;
}

/** Options of {@link PyodideAPI.runPython}. */
export interface RunPythonOptions {
  /** A proxy of a dict; default: `pyodide.globals`. */
  globals?: PyProxy;
  /** A proxy of a mapping; default: `globals`. */
  locals?: PyProxy;
  /** Default: `<exec>`. */
  filename?: string;
  /** Whether common indentation is removed, by default true. */
  dedent?: boolean;
  /**
   * When it aborts, KeyboardInterrupt is raised in the code, and the promise rejects with its reason.
   * `runPython()` looks at it before the code runs, as nothing else happens while it does.
   */
  signal?: AbortSignal;
  /**
   * The same after so many milliseconds, in `runPython()` as well; what is thrown is a `DOMException`
   * named `TimeoutError`.
   */
  timeout?: number;
}

/** Options of {@link PyodideAPI.runPythonAsync}. */
export type RunPythonAsyncOptions = RunPythonOptions;

/** What a handler of standard input gives. */
export type InputValue = string | ArrayBuffer | ArrayBufferView | number | null | undefined;

/** Options of {@link PyodideAPI.setStdin}: one of `stdin`, `read` and `error`. */
export interface StdinOptions {
  /**
   * A text or bytes or a single byte; null or undefined is the end. Or a promise of one, for which
   * the reading call waits where it may block; other reads fail.
   */
  stdin?: () => InputValue | PromiseLike<InputValue>;
  /** Fills the buffer and returns how many bytes; 0 is the end. */
  read?: (buffer: Uint8Array) => number;
  /** true: every read fails. */
  error?: boolean;
  isatty?: boolean;
  /** Whether each value of `stdin` ends the read that it serves, by default true. */
  autoEOF?: boolean;
}

/** Options of {@link PyodideAPI.setStdout}: one of `batched`, `raw` and `write`. */
export interface StdoutOptions {
  /** Called with each line, without its newline. */
  batched?: (line: string) => void;
  /** Called with each byte. */
  raw?: (byte: number) => void;
  /** Returns how many bytes it took. The buffer is valid during the call only. */
  write?: (buffer: Uint8Array) => number;
  isatty?: boolean;
  /** Called by `os.fsync()`. */
  fsync?: () => void;
  /** What `os.get_terminal_size()` gives. */
  getTerminalSize?: () => { rows: number; columns: number } | undefined;
}

/** Options of {@link PyodideAPI.loadPackage}. */
export interface LoadPackageOptions {
  messageCallback?: (message: string) => void;
  errorCallback?: (message: string) => void;
  checkIntegrity?: boolean;
}

/** One slot for the canvas of programs that draw. */
export interface CanvasAPI {
  setCanvas2D(canvas: HTMLCanvasElement): void;
  getCanvas2D(): HTMLCanvasElement | undefined;
  setCanvas3D(canvas: HTMLCanvasElement): void;
  getCanvas3D(): HTMLCanvasElement | undefined;
}

/** The classes of Python objects in JavaScript, for `instanceof`. */
export interface PyodideFFI {
  PyProxy: typeof ffi.PyProxy;
  PyProxyWithLength: typeof ffi.PyProxyWithLength;
  PyProxyWithGet: typeof ffi.PyProxyWithGet;
  PyProxyWithSet: typeof ffi.PyProxyWithSet;
  PyProxyWithHas: typeof ffi.PyProxyWithHas;
  PyDict: typeof ffi.PyDict;
  PyIterable: typeof ffi.PyIterable;
  PyIterator: typeof ffi.PyIterator;
  PyGenerator: typeof ffi.PyGenerator;
  PyAsyncIterable: typeof ffi.PyAsyncIterable;
  PyAsyncIterator: typeof ffi.PyAsyncIterator;
  PyAsyncGenerator: typeof ffi.PyAsyncGenerator;
  PyAwaitable: typeof ffi.PyAwaitable;
  PyCallable: typeof ffi.PyCallable;
  PyBuffer: typeof ffi.PyBuffer;
  PySequence: typeof ffi.PySequence;
  PyMutableSequence: typeof ffi.PyMutableSequence;
  PyBufferView: typeof ffi.PyBufferView;
  PythonError: typeof ffi.PythonError;
}

/** What Coil has beyond the common API. */
export interface CoilAPI {
  /** Coil's own version. */
  readonly version: string;
}

/** An interpreter. Its methods work when they are passed around; members can be added. */
export interface PyodideAPI {
  /**
   * Runs source text; gives the value of its last expression. Throws a PythonError, or what ends it by
   * its options.
   */
  runPython(code: string, options?: RunPythonOptions): any;
  /** The same with top-level `await`. */
  runPythonAsync(code: string, options?: RunPythonAsyncOptions): Promise<any>;
  /** A module, or an attribute of one by its dotted name. */
  pyimport(name: string): any;
  /** Makes `import name` give `module`. */
  registerJsModule(name: string, module: object): void;
  unregisterJsModule(name: string): void;
  /** Converts containers to Python's. */
  toPy(
    object: any,
    options?: {
      depth?: number;
      defaultConverter?: (
        value: any,
        convert: (value: any) => any,
        cacheConversion: (value: any, result: any) => void,
      ) => any;
    },
  ): any;
  /** The namespace of `__main__`. */
  readonly globals: PyDict;
  /** The Python package `pyodide`. */
  readonly pyodide_py: PyProxy;
  readonly ffi: PyodideFFI;
  loadPackage(
    names: string | string[] | PyProxy,
    options?: LoadPackageOptions,
  ): Promise<PackageData[]>;
  loadPackagesFromImports(code: string, options?: LoadPackageOptions): Promise<PackageData[]>;
  /** Where each loaded package came from. */
  readonly loadedPackages: Record<string, string>;
  readonly lockfile: Lockfile;
  readonly lockfileBaseUrl: string | undefined;
  /** Unpacks an archive (zip, tar, gztar, bztar, xztar, wheel, or what `shutil` knows). */
  unpackArchive(
    buffer: TypedArray | ArrayBuffer | ArrayBufferView,
    format: string,
    options?: { extractDir?: string },
  ): void;
  /** Emscripten's file system. */
  readonly FS: any;
  readonly PATH: any;
  readonly ERRNO_CODES: Record<string, number>;
  mountNativeFS(
    path: string,
    handle: FileSystemDirectoryHandle,
  ): Promise<{ syncfs(): Promise<void> }>;
  /** Node: shows a folder of the host's at `emscriptenPath`. */
  mountNodeFS(emscriptenPath: string, hostPath: string): void;
  setStdin(options?: StdinOptions): void;
  setStdout(options?: StdoutOptions): void;
  setStderr(options?: StdoutOptions): void;
  /** A number written to index 0 interrupts Python as that signal; undefined ends that. */
  setInterruptBuffer(buffer: TypedArray | undefined): void;
  /** Throws a PythonError if there is such a number. */
  checkInterrupt(): void;
  /** Makes messages say more. Returns the old value. */
  setDebug(on: boolean): boolean;
  readonly canvas: CanvasAPI;
  registerComlink(comlink: any): void;
  useNodeSockFS(options?: { connect?: (...args: any[]) => any }): Promise<void>;
  makeMemorySnapshot(): Uint8Array;
  readonly version: string;
  readonly coil: CoilAPI;
  /** Private by convention. */
  readonly _api: any;
  /** Private by convention. */
  readonly _module: any;
}

/** The older name of {@link PyodideAPI}. */
export type PyodideInterface = PyodideAPI;
