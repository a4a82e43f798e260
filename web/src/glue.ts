/** The part of Emscripten's generated module and of our C exports that the loader uses. */

export type ReceiveInstance = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

export interface GlueOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: ReceiveInstance): object;
}

/** See src/runtime/fs_archive.js. */
export interface ArchiveOptions {
  sources?: () => Uint8Array;
  tests?: () => Uint8Array;
  writable?: string[];
  onError?: (error: Error) => void;
}

/** See src/runtime/fs_host.js. The members are Node's modules of these names. */
export interface HostFileSystem {
  fs: object;
  process: object;
  reserved: string[];
  host?: string[];
}

export interface GlueModule {
  mountArchive(mountPoint: string, bytes: Uint8Array, options: ArchiveOptions): void;
  activateHostFS(host: HostFileSystem): void;
}

export type GlueFactory = (options: GlueOptions) => Promise<GlueModule>;

/** The exports of src/runtime/entry.c: everything that JavaScript may call. */
export interface EntryExports {
  readonly memory: WebAssembly.Memory;
  coil_allocate(size: number): number;
  coil_set_engine_stack(kilobytes: number): void;
  coil_main(strings: number, argc: number, envc: number, promising: number): number;
}
