const { loadPyodide } = await import(process.argv[2]);
const pyodide = await loadPyodide();
pyodide.runPython("print(1+1)");
