/** The part of Emscripten's generated module and of our C exports that the loader uses. */

import type { GlueFileSystem } from "./glue_fs.js";

export type ReceiveInstance = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

export interface GlueOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: ReceiveInstance): object;
}

/** See src/runtime/fs_archive.js. */
export interface ArchiveLibrary {
  /** In bytes. */
  size: number;
  open?: () => Uint8Array;
  fetch?: () => Promise<Uint8Array>;
}

/** See src/runtime/fs_archive.js. */
export interface ArchiveOptions {
  libraries?: Record<string, ArchiveLibrary>;
  sources?: () => Uint8Array | null;
  tests?: () => Uint8Array;
  writable?: string[];
  onError?: (error: Error) => void;
}

/** How a command of the host ended: its exit status, or the number of the signal that ended it. */
export interface ShellStatus {
  status: number;
  signal: number;
}

/** See src/runtime/fs_host.js. */
export interface HostFileSystem {
  /** Node's modules of these names. */
  fs: object;
  process: object;
  /** Runs a command line with an environment of NAME=value; without it there is no `os.system()`. */
  shell?: (command: string, environment: readonly string[]) => ShellStatus;
  reserved: string[];
  host?: string[];
}

export interface GlueModule {
  mountArchive(mountPoint: string, bytes: Uint8Array, options: ArchiveOptions): void;
  activateHostFS(host: HostFileSystem): void;
  /** Called by src/runtime/bridge_on_import.js. */
  beginBridge?: () => void;
  /** See src/runtime/standard_streams.js. */
  openHostStream(fd: number): void;
  readonly FS: GlueFileSystem;
  readonly PATH: object;
  readonly ERRNO_CODES: Readonly<Record<string, number>>;
  UTF8ToString(address: number): string;
  /** See src/runtime/suspend.js: has whoever waits for input look whether it is here. */
  wakeReaders?: () => void;
  /** See src/runtime/fiber_thread.js: told when a thread ends the program or dies. */
  onThreadError?: (error: unknown) => void;
  /** See src/runtime/fiber_thread.js: begins a call on a stack of the engine's of that size. */
  enterStack?: EngineStack["enter"];
  /** What a canvas program draws on; set by users. */
  canvas?: unknown;
}

/** How large the engine's stack under the main program is, in kilobytes. */
export interface EngineStack {
  readonly kilobytes: number;
  /** Has the engine make a stack of another size for the suspendable call that `begin` begins. */
  readonly enter?: <T>(kilobytes: number, begin: () => T) => T;
}

export type GlueFactory = (options: GlueOptions) => Promise<GlueModule>;

/** The exports of src/runtime/entry.c: everything that JavaScript may call. */
export interface EntryExports {
  readonly memory: WebAssembly.Memory;
  coil_allocate(size: number): number;
  coil_set_engine_stack(kilobytes: number, adjustable: number): void;
  coil_boot(strings: number, argc: number, envc: number): number;
  coil_main(strings: number, argc: number, envc: number, promising: number): number;
  /** The tag of exceptions of C++, and what says of one why the program ends. */
  readonly __cpp_exception: unknown;
  __thrown_object_from_unwind_exception(header: number): number;
  __get_exception_terminate_message(pointer: number): number;
}
