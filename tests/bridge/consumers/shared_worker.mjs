/** A shared worker: one interpreter for all that connect. */

import { loadPyodide } from "../../../dist/pyodide.mjs";

const loading = loadPyodide();

globalThis.onconnect = ({ ports: [port] }) => {
  loading.then(
    (pyodide) => port.postMessage({ value: pyodide.runPython("6 * 7") }),
    (error) => port.postMessage({ error: String(error) }),
  );
};
