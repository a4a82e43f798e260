/** Programs as users write them, for the type checker alone: right ones pass, wrong ones do not. */

import { loadPyodide, type PyodideAPI, type PyodideConfig } from "coil-python";
import type { PyBuffer, PyCallable, PyDict, PyProxy, PySequence } from "coil-python/ffi";

/** Fails to compile unless the two types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => {};

export function load(): Promise<PyodideAPI> {
  const options: PyodideConfig = {
    indexURL: "/dist/",
    env: { HOME: "/home/me" },
    stdin: () => null,
    stdout: (line) => line.toUpperCase(),
    fsInit: async (FS, { sitePackages }) => FS.readdir(sitePackages),
  };
  // @ts-expect-error: the value of a variable is a string
  options.env = { A: 1 };
  // @ts-expect-error: packages are named in an array
  options.packages = "numpy";
  return loadPyodide(options);
}

export async function run(pyodide: PyodideAPI): Promise<void> {
  const value = pyodide.runPython("1", { globals: pyodide.globals, filename: "a.py" });
  holds<Same<typeof value, any>>();
  // @ts-expect-error: code is text
  pyodide.runPython(1);
  // @ts-expect-error: options have names
  pyodide.runPython("1", "globals");
  const later: Promise<any> = pyodide.runPythonAsync("await f()");
  await later;
  holds<Same<PyodideAPI["globals"], PyDict>>();
  // @ts-expect-error: it is read only
  pyodide.version = "1";
  pyodide.setStdin({ stdin: () => new Uint8Array(3), autoEOF: false });
  pyodide.setStdout({ write: (buffer) => buffer.length, isatty: true });
  // @ts-expect-error: lines are strings
  pyodide.setStdout({ batched: (line: number) => line });
  pyodide.setInterruptBuffer(new Uint8Array(1));
  pyodide.setInterruptBuffer(undefined);
  pyodide.unpackArchive(new ArrayBuffer(3), "zip", { extractDir: "/tmp" });
  const old: boolean = pyodide.setDebug(true);
  pyodide.runPython(String(old));
}

export function proxies(pyodide: PyodideAPI, value: unknown): void {
  const { ffi } = pyodide;
  if (value instanceof ffi.PyCallable) {
    holds<Same<typeof value, PyCallable>>();
    value(1, "a");
    value.callKwargs(1, { sep: "" }).destroy();
    value.bind(null, 1)(2);
  }
  if (value instanceof ffi.PySequence) {
    const doubled: number[] = (value as PySequence).map((item: number) => item * 2);
    doubled.push(value.length);
  }
  if (value instanceof ffi.PyBuffer) {
    const view = (value as PyBuffer).getBuffer("u8");
    view.release();
    // @ts-expect-error: there is no such kind of array
    value.getBuffer("u128");
  }
  if (value instanceof ffi.PythonError) {
    const type: string = value.type;
    throw new Error(type + value.message, { cause: value });
  }
}

export function lifetimes(proxy: PyProxy): any {
  using copy = proxy.copy();
  proxy.destroy({ message: "gone" });
  // @ts-expect-error: a proxy is not made by users
  new (proxy.constructor as typeof PyProxy)();
  return copy.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
}
