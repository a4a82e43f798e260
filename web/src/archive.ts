/** unpackArchive(): archives by way of a file and Python's shutil. */

import type { BridgeApi } from "./bridge.js";
import type { GlueModule } from "./glue.js";

let files = 0;

/** The bytes of a buffer of any realm. Throws TypeError for anything else. */
export function bytesOfBuffer(buffer: unknown, caller: string): Uint8Array {
  if (ArrayBuffer.isView(buffer)) {
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  const tag = Object.prototype.toString.call(buffer);
  if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") {
    return new Uint8Array(buffer as ArrayBuffer);
  }
  throw new TypeError(`${caller}: expected an ArrayBuffer or a view of one, not ${tag}`);
}

/** See unpackArchive() in types/pyodide.d.ts. */
export function unpackArchive(
  module: GlueModule,
  api: BridgeApi,
  buffer: unknown,
  format: string,
  extractDir: string | undefined,
): void {
  const bytes = bytesOfBuffer(buffer, "unpackArchive");
  if (typeof format !== "string") {
    throw new TypeError(`unpackArchive: the format must be a string, not ${typeof format}`);
  }
  files += 1;
  const path = `/tmp/.coil-archive-${files}`;
  module.FS.writeFile(path, bytes);
  const archives = api.pyimport("_pyodide._archive");
  try {
    archives.unpack(path, format, extractDir);
  } finally {
    archives.destroy();
    module.FS.unlink(path);
  }
}
