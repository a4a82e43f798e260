/** Emscripten's file system as far as the loader itself uses it; the public types say more. */

/** What makes the stream of a descriptor, and what one is. */
export interface StreamInit {
  readonly node: object;
  readonly path: string;
  readonly flags: number;
  readonly seekable: boolean;
  readonly position: number;
  readonly stream_ops: StreamOperations;
  readonly tty?: TtyLike | undefined;
}

export interface FileStatus {
  readonly mode: number;
  readonly [field: string]: unknown;
}

export interface StreamOperations {
  getattr(): FileStatus;
  read?(stream: object, buffer: ArrayBufferView, offset: number, length: number): number;
  write?(stream: object, buffer: ArrayBufferView, offset: number, length: number): number;
  fsync?(): number;
  close?(): void;
}

export interface TtyLike {
  readonly ops: Readonly<Record<string, unknown>>;
  readonly input: number[];
  readonly output: number[];
}

export interface FileSystemType {
  readonly [operation: string]: unknown;
}

export interface GlueFileSystem {
  readonly streams: (object | null | undefined)[];
  readonly filesystems: Readonly<Record<string, FileSystemType>>;
  readonly ErrnoError: (new (errno: number) => Error & { errno: number }) & { prototype: object };
  readonly FSNode: new (parent: null, name: string, mode: number, device: number) => object;
  createStream(stream: StreamInit, fd: number): object;
  closeStream(fd: number): void;
  getStream(fd: number): { readonly tty?: TtyLike } | null;
  readFile(path: string, options?: { encoding?: string; flags?: number | string }): unknown;
  writeFile(path: string, data: string | ArrayBufferView, options?: object): void;
  unlink(path: string): void;
  mkdirTree(path: string): void;
  readdir(path: string): string[];
  analyzePath(path: string): { exists: boolean };
  isDir(mode: number): boolean;
  isMountpoint(node: object): boolean;
  lookupPath(path: string, options: { follow_mount: boolean }): { node: object };
  stat(path: string): FileStatus;
  mount(type: FileSystemType, options: object, mountPoint: string): object;
  chdir(path: string): void;
}
