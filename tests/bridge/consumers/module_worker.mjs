/** A module worker. */

import { loadPyodide } from "../../../dist/pyodide.mjs";

loadPyodide().then(
  (pyodide) => postMessage({ value: pyodide.runPython("6 * 7") }),
  (error) => postMessage({ error: String(error) }),
);
