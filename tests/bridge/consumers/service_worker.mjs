/** A service worker, where import() is forbidden: the glue is handed in. */

import createPyodideModule from "../../../dist/pyodide.asm.mjs";
import { loadPyodide } from "../../../dist/pyodide.mjs";

addEventListener("message", ({ data, ports: [port] }) => {
  loadPyodide({ ...data, createPyodideModule }).then(
    (pyodide) => port.postMessage({ value: pyodide.runPython("6 * 7") }),
    (error) => port.postMessage({ error: String(error) }),
  );
});
