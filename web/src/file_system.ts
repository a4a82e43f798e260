/** The public file system: Emscripten's, with errors that are errors, and the folders at the start. */

import type { GlueModule } from "./glue.js";
import { SITE_PACKAGES } from "./version.js";

/** Makes `ErrnoError` a kind of Error and unknown encodings an error instead of the end of all. */
export function mendFileSystem({ FS, ERRNO_CODES }: GlueModule): void {
  const names = new Map(Object.entries(ERRNO_CODES).map(([name, number]) => [number, name]));
  // By the prototype, not by inheritance: an Error made the usual way records a stack, which costs
  // more than the lookups that imports make by the hundred.
  Object.setPrototypeOf(FS.ErrnoError.prototype, Error.prototype);
  const nameOf = (errno: number): string => names.get(errno) ?? `errno ${errno}`;
  Object.defineProperties(FS.ErrnoError.prototype, {
    code: {
      configurable: true,
      get(this: { errno: number }) {
        return nameOf(this.errno);
      },
    },
    message: {
      configurable: true,
      get(this: { errno: number }) {
        return `${nameOf(this.errno)}: the file system refused (errno ${this.errno})`;
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, "message", { configurable: true, writable: true, value });
      },
    },
  });
  const { readFile } = FS;
  FS.readFile = (path, options) => {
    const encoding = options?.encoding ?? "binary";
    if (encoding !== "binary" && encoding !== "utf8") {
      throw new Error(`FS.readFile: unknown encoding "${encoding}"; use "binary" or "utf8"`);
    }
    return readFile(path, options);
  };
}

/** Makes the folders that a program finds. */
export function makeFolders({ FS }: GlueModule, home: string): void {
  for (const folder of ["/home/pyodide", home, SITE_PACKAGES]) {
    FS.mkdirTree(folder);
  }
}

/**
 * Shows a folder of the host's at `path`. Throws Error where that cannot be.
 *
 * @param isFolder Whether the host has a folder of that path; undefined outside of Node.
 */
export function mountNodeFolder(
  module: GlueModule,
  isFolder: ((path: string) => boolean) | undefined,
  path: string,
  hostPath: string,
): void {
  const { FS } = module;
  const { NODEFS } = FS.filesystems;
  if (isFolder === undefined || NODEFS === undefined) {
    throw new Error("mountNodeFS: only Node has folders to mount");
  }
  if (!isFolder(hostPath)) {
    throw new Error(`mountNodeFS: the host has no folder ${hostPath}`);
  }
  checkMountPoint(module, path);
  FS.mount(NODEFS, { root: hostPath }, path);
}

function checkMountPoint({ FS }: GlueModule, path: string): void {
  if (!FS.analyzePath(path).exists) {
    FS.mkdirTree(path);
    return;
  }
  const { node } = FS.lookupPath(path, { follow_mount: false });
  if (FS.isMountpoint(node)) {
    throw new Error(`mountNodeFS: something is mounted at ${path} already`);
  }
  if (!FS.isDir(FS.stat(path).mode)) {
    throw new Error(`mountNodeFS: ${path} is no folder`);
  }
  if (FS.readdir(path).length > 2) {
    throw new Error(`mountNodeFS: the folder ${path} is not empty`);
  }
}
