/** The package's public names. */

import type { Interpreter } from "./interpreter.js";
import { type LoadOptions, loadInterpreter } from "./loader.js";
import { platform } from "./platform.js";

export type { AssetSource, CompiledAsset } from "./assets.js";
export {
  AssetCorruptError,
  AssetError,
  AssetMissingError,
  BootError,
  CoilError,
  EngineUnsupportedError,
  FatalError,
  type FatalKind,
} from "./errors.js";
export type { CommandLine, HostString, Interpreter } from "./interpreter.js";

export interface BootOptions extends Partial<LoadOptions> {
  /** URL of the folder with the distribution's files, ending with a slash; default: this file's. */
  readonly baseUrl?: string;
}

/**
 * Loads an interpreter whose files are in memory alone. Rejects with a CoilError.
 *
 * @example
 * const interpreter = await bootInterpreter();
 * const status = await interpreter.runCommandLine({
 *   argv: ["python", "-c", "print(6 * 7)"], environment: [], workingDirectory: "/",
 * });
 */
export async function bootInterpreter(options: BootOptions = {}): Promise<Interpreter> {
  const { baseUrl = new URL(".", import.meta.url).href, prefix = "", ...rest } = options;
  const source = options.source ?? (await platform(baseUrl)).source;
  return loadInterpreter({ ...rest, source, prefix });
}
