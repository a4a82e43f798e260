// Runs the Python file argv[3] in the package argv[2] with the arguments after it, by the public API.
import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";

const [, , peer, file, ...args] = argv;
const { loadPyodide } = await import(peer);
const pyodide = await loadPyodide();
const source = readFileSync(file, "utf8");
pyodide.runPython(`import sys; sys.argv = ${JSON.stringify([file, ...args])}`);
try {
  pyodide.runPython(source, { filename: file });
} catch (error) {
  console.error(error.message);
  exit(1);
}
