/** The ES module `pyodide.mjs`. */

import type { PyodideAPI, PyodideConfig } from "../types/pyodide.js";
import { load } from "./load.js";
import { version } from "./version.js";

export {
  AssetCorruptError,
  AssetError,
  AssetMissingError,
  BootError,
  CoilError,
  EngineUnsupportedError,
} from "./errors.js";
export { version };

const origin = { folder: new URL(".", import.meta.url).href, commonJs: false };

/** Loads an interpreter. Rejects with a CoilError, or with an error about an option. */
export async function loadPyodide(options: PyodideConfig = {}): Promise<PyodideAPI> {
  return (await load(options, origin)) as PyodideAPI;
}

export { loadPyodide as loadPython };
