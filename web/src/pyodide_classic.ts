/** `pyodide.js`: for a script element, importScripts() and require(). */

import type { PyodideAPI, PyodideConfig } from "../types/pyodide.js";
import { load, type Origin } from "./load.js";
import { version } from "./version.js";

/** What a CommonJS module finds, and a classic script does not. */
declare const module: { exports: object } | undefined;
declare const __dirname: string | undefined;

/** Must be asked while the script runs for the first time: later there is no current script. */
function originOfScript(): Origin {
  if (typeof module === "object" && typeof __dirname === "string") {
    return { folder: __dirname, commonJs: true };
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
if (typeof module === "object") {
  module.exports = { loadPyodide, loadPython: loadPyodide, version };
}
