// Runs Python code argv[4] in the package argv[2], with the host's folder argv[3] on sys.path.
import { argv } from "node:process";

const [, , peer, folder, code] = argv;
const { loadPyodide } = await import(peer);
const pyodide = await loadPyodide();
pyodide.FS.mkdirTree("/wheels");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, "/wheels");
pyodide.runPython("import sys; sys.path.insert(0, '/wheels')");
pyodide.runPython(code);
