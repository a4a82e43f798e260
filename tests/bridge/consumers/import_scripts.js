// A classic worker: importScripts(), and no indexURL.
importScripts("/dist/pyodide.js");
self.loadPyodide().then(
  (pyodide) => postMessage({ value: pyodide.runPython("6 * 7") }),
  (error) => postMessage({ error: String(error) }),
);
