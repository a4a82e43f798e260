/** The source of files that fits the platform this runs on. */

import type { AssetSource } from "./assets.js";
import { nodeAssets } from "./node/assets.js";
import { hasNodeModules } from "./runtime_env.js";
import { webAssets } from "./web/assets.js";

export interface Platform {
  readonly source: AssetSource;
  /** Whether the host has a folder of that path; where the host has folders. */
  readonly isFolder?: (path: string) => boolean;
}

/**
 * Files beside `base`: a URL that ends with a slash.
 *
 * @param places URLs of files that are elsewhere, by name.
 */
export async function platform(
  base: string,
  places: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  if (!hasNodeModules() || !base.startsWith("file:")) {
    return { source: webAssets(base, places) };
  }
  // Dynamic: pages have no such modules, and the names must not stand at the top of the bundle.
  const [fs, url, module] = await Promise.all([
    import("node:fs"),
    import("node:url"),
    import("node:module"),
  ]);
  const require = module.createRequire(base);
  const paths = Object.entries(places).map(([name, place]) => [name, url.fileURLToPath(place)]);
  const source = nodeAssets(
    url.fileURLToPath(base).replace(/\/$/, ""),
    {
      readFileSync: (path) => fs.readFileSync(path),
      pathToFileURL: url.pathToFileURL,
      crypto: () => require("node:crypto") as typeof import("node:crypto"),
    },
    Object.fromEntries(paths),
  );
  const isFolder = (path: string): boolean =>
    fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return { source, isFolder };
}
