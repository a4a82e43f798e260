/** `pyodide.js`: for a script element, importScripts() and require(). */

import type { PyodideAPI, PyodideConfig } from "../types/pyodide.js";
import { load, type Origin } from "./load.js";
import { version } from "./version.js";

/** `module` and `__dirname` where they exist. build.mjs hands them in: the bundler takes a file that
 * names them for a CommonJS module and would give it some of its own. */
declare const hostModule: { exports: object } | undefined;
declare const hostFolder: string | undefined;

/** Must be asked while the script runs for the first time: later there is no current script. */
function originOfScript(): Origin {
  if (hostModule !== undefined && hostFolder !== undefined) {
    return { folder: hostFolder, commonJs: true };
  }
  const { document } = globalThis as { document?: { currentScript?: { src?: string } | null } };
  const script = document?.currentScript?.src || scriptOfStack();
  return { folder: script && new URL(".", script).href, commonJs: false };
}

/** The address of this script in the stack of an error: importScripts() tells it in no other way. */
function scriptOfStack(): string | undefined {
  const stack = new Error("where am I?").stack ?? "";
  return /((?:https?|file|blob):[^\s)]+?):\d+(?::\d+)?\)?$/m.exec(stack)?.[1];
}

const origin = originOfScript();

async function loadPyodide(options: PyodideConfig = {}): Promise<PyodideAPI> {
  return (await load(options, origin)) as PyodideAPI;
}

Object.assign(globalThis, { loadPyodide, loadPython: loadPyodide });
if (hostModule !== undefined) {
  hostModule.exports = { loadPyodide, loadPython: loadPyodide, version };
}
