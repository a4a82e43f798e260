/** The source of files that fits the platform this runs on. */

import type { AssetSource } from "./assets.js";
import { nodeAssets } from "./node/assets.js";
import { webAssets } from "./web/assets.js";

function isNode(): boolean {
  return typeof process === "object" && typeof process.versions?.node === "string";
}

/** Files beside `base`: a URL that ends with a slash. */
export async function platformAssets(base: string): Promise<AssetSource> {
  if (!isNode()) {
    return webAssets(base);
  }
  // Dynamic: pages have no such modules, and the names must not stand at the top of the bundle.
  const [fs, url, module] = await Promise.all([
    import("node:fs"),
    import("node:url"),
    import("node:module"),
  ]);
  const require = module.createRequire(import.meta.url);
  return nodeAssets(url.fileURLToPath(base).replace(/\/$/, ""), {
    readFileSync: (path) => fs.readFileSync(path),
    pathToFileURL: url.pathToFileURL,
    crypto: () => require("node:crypto") as typeof import("node:crypto"),
  });
}
