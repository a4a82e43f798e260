// How long interrupts take in the runtime argv[2], the URL of a module with loadPyodide(): argv[3] of each
// kind. Prints one line of JSON: what is interrupted -> milliseconds from the request, which a worker writes
// into the interrupt buffer at a random moment, to the except clause.
import { createServer } from "node:http";
import { argv } from "node:process";
import { Worker } from "node:worker_threads";

const now = () => performance.timeOrigin + performance.now();

const shared = new SharedArrayBuffer(24);
const requested = new Float64Array(shared, 0, 1);
const armed = new Int32Array(shared, 8, 1);
const signal = new Uint8Array(shared, 16, 1);

const REQUESTER = `
const { workerData } = require("node:worker_threads");
const requested = new Float64Array(workerData, 0, 1);
const armed = new Int32Array(workerData, 8, 1);
const signal = new Uint8Array(workerData, 16, 1);
const never = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  Atomics.wait(armed, 0, 0);
  Atomics.wait(never, 0, 0, 15 * Math.random());
  armed[0] = 0;
  requested[0] = performance.timeOrigin + performance.now();
  signal[0] = 2;
}`;

const MEASURE = `
import builtins, json, select, socket, threading, time, urllib.request
from pyodide.ffi import run_sync

def spin():
    while True:
        pass

def wait_for_lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=30)

def wait_for_thread():
    thread = threading.Thread(target=time.sleep, args=(0.05,))
    thread.start()
    thread.join()
    time.sleep(30)

near, far = socket.socketpair()
WAITS = {
    "a loop of pure Python": spin,
    "time.sleep()": lambda: time.sleep(30),
    "a lock": wait_for_lock,
    "threads": wait_for_thread,
    "select.select()": lambda: select.select([near], [], [], 30),
    "run_sync() of a promise": lambda: run_sync(never),
    "input() from an asynchronous handler": input,
    "urllib.request.urlopen()": lambda: urllib.request.urlopen(address),
}

def interrupted(wait):
    try:
        arm()
        wait()
    except KeyboardInterrupt:
        return elapsed()
    raise RuntimeError("the wait ended by itself")

json.dumps({name: [interrupted(wait) for _ in range(number)] for name, wait in WAITS.items()})
`;

// It never answers.
const server = createServer(() => {});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const { loadPyodide } = await import(argv[2]);
const pyodide = await loadPyodide();
const never = new Promise(() => {});
pyodide.setStdin({ stdin: () => never });
pyodide.setInterruptBuffer(signal);
new Worker(REQUESTER, { eval: true, workerData: shared });

const globals = pyodide.toPy({
  number: Number(argv[3]),
  address: `http://127.0.0.1:${server.address().port}/`,
  never,
  elapsed: () => now() - requested[0],
  arm() {
    armed[0] = 1;
    Atomics.notify(armed, 0);
  },
});
console.log(await pyodide.runPythonAsync(MEASURE, { globals }));
process.exit(0);
