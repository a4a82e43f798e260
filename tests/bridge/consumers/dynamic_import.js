// A classic worker that imports the module.
import("/dist/pyodide.mjs")
  .then(({ loadPyodide }) => loadPyodide())
  .then(
    (pyodide) => postMessage({ value: pyodide.runPython("6 * 7") }),
    (error) => postMessage({ error: String(error) }),
  );
