// Times waiting for JavaScript in the runtime argv[2], the URL of a module with loadPyodide(). Prints one
// line of JSON: row -> microseconds for one operation.
import { argv } from "node:process";

const { loadPyodide } = await import(argv[2]);
const pyodide = await loadPyodide();
const rows = await pyodide.runPythonAsync(`
import asyncio, json, time
from js import Promise
from pyodide.ffi import run_sync

def run_syncs(n):
    promise = Promise.resolve(1)
    begin = time.perf_counter()
    for _ in range(n):
        run_sync(promise)
    return time.perf_counter() - begin

async def awaits(n):
    promise = Promise.resolve(1)
    begin = time.perf_counter()
    for _ in range(n):
        await promise
    return time.perf_counter() - begin

async def sleeps(n):
    begin = time.perf_counter()
    for _ in range(n):
        await asyncio.sleep(0)
    return time.perf_counter() - begin

async def measure():
    n = 2000
    run_syncs(n), await awaits(n), await sleeps(n)
    return {
        "run_sync(resolved promise)": min(run_syncs(n) for _ in range(5)) / n * 1e6,
        "await of a resolved promise": min([await awaits(n) for _ in range(5)]) / n * 1e6,
        "await asyncio.sleep(0)": min([await sleeps(n) for _ in range(5)]) / n * 1e6,
    }

json.dumps(await measure())
`);
console.log(rows);
process.exit(0);
