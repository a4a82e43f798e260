/** Files of the distribution on disk. */

import type { AssetSource } from "../assets.js";

/** What this file needs of Node. Handed in, since a bundle for pages must not import it. */
export interface NodeModules {
  readFileSync(path: string): Uint8Array<ArrayBuffer>;
  pathToFileURL(path: string): URL;
  /** Loads node:crypto, which takes milliseconds and is needed for late reads alone. */
  crypto(): typeof import("node:crypto");
}

/** A source that reads from `folder`; `places` are the paths of files that are elsewhere, by name. */
export function nodeAssets(
  folder: string,
  node: NodeModules,
  places: Readonly<Record<string, string>> = {},
): AssetSource {
  const pathOf = (name: string): string => places[name] ?? `${folder}/${name}`;
  return {
    locate: (name) => node.pathToFileURL(pathOf(name)).href,
    // Synchronous all the same: the files are nearly always in the page cache, and handing them
    // through libuv's threads costs more than copying them.
    read: (name) => promiseOf(() => node.readFileSync(pathOf(name))),
    sha256: async (bytes) => {
      const digest = await globalThis.crypto.subtle.digest("SHA-256", bytes);
      return Buffer.from(digest).toString("hex");
    },
    now: {
      read: (name) => node.readFileSync(pathOf(name)),
      sha256: (bytes) => node.crypto().createHash("sha256").update(bytes).digest("hex"),
    },
  };
}

function promiseOf<T>(compute: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(compute());
  });
}
