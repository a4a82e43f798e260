// Times what crosses between Python and JavaScript in the runtime argv[2], an npm package or the URL of
// a module with loadPyodide(). Prints one line of JSON: row -> nanoseconds for one operation.
//
//   node crossings.mjs MODULE [--sample=SECONDS] [--samples=N] [ROW...]
import { performance } from "node:perf_hooks";
import { argv } from "node:process";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: {
    sample: { type: "string", default: "0.05" },
    samples: { type: "string", default: "5" },
  },
});
const [module, ...wanted] = positionals;
const { loadPyodide } = await import(module);
const pyodide = await loadPyodide();

const run = (code) => pyodide.runPython(code);
run(`
from pyodide.ffi import to_js

class Thing:
    attribute = 5
    def method(self, x):
        return x

def nothing(): return None
def add(a, b, c): return a + b + c
def take(x): return None
def fail(): raise ValueError("no")
def make_loop(body):
    names = {}
    exec("def loop(n, f, o, x):\\n    for _ in range(n):\\n        " + body, globals(), names)
    return names["loop"]
empty_loop = make_loop("pass")
def catching(n, f, o, x):
    for _ in range(n):
        try:
            f()
        except Exception:
            pass
numbers = list(range(1000))
table = {f"key{i}": i for i in range(100)}
block = bytes(1 << 20)
`);
const get = (name) => pyodide.globals.get(name);

/** A loop of JavaScript over `body`; the row's figure is one turn of it. */
const inJs = (body) => (n) => {
  for (let i = 0; i < n; i++) {
    body(i);
  }
};

/** A loop of Python over the statement `body` with JavaScript's values f, o and x. */
function inPython(body, { f, o, x } = {}) {
  const loop = typeof body === "string" ? get("make_loop")(body) : body;
  return (n) => loop(n, f, o, x);
}

const object = { attribute: 5, method: (x) => x };
const array = Array.from({ length: 1000 }, (_, i) => i);
const record = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, i]));
const megabyte = new Uint8Array(1 << 20);
const text = (length) => "abcdefghij".repeat(length / 10);
let serial = 0;

const stringRows = Object.fromEntries(
  [10, 1000, 100_000].flatMap((length) => [
    [
      `JS to Python: string of ${length}`,
      () => {
        const [take, value] = [get("take"), text(length)];
        return inJs(() => take(value));
      },
    ],
    [
      `Python to JS: string of ${length}`,
      () => inPython("f(x)", { f: () => undefined, x: text(length) }),
    ],
  ]),
);

/** Row -> a function that prepares it and returns what runs it n times. */
const ROWS = {
  "JS to Python: f()": () => {
    const nothing = get("nothing");
    return inJs(() => nothing());
  },
  "JS to Python: f(1, 2, 3)": () => {
    const add = get("add");
    return inJs((i) => add(i, 2, 3));
  },
  "JS to Python: attribute": () => {
    const thing = run("Thing()");
    return inJs(() => thing.attribute);
  },
  "JS to Python: method(i)": () => {
    const thing = run("Thing()");
    return inJs((i) => thing.method(i));
  },
  "Python to JS: f()": () => inPython("f()", { f: () => undefined }),
  "Python to JS: f(1, 2, 3)": () => inPython("f(1, 2, 3)", { f: (a, b, c) => a + b + c }),
  "Python to JS: method(i)": () => inPython("o.method(_)", { o: object }),
  "Python to JS: attribute": () => inPython("o.attribute", { o: object }),
  "PyProxy created and destroyed": () => {
    const globals = pyodide.globals;
    return inJs(() => globals.get("numbers").destroy());
  },
  "to_js of 1,000 ints": () => {
    const numbers = get("numbers");
    return inJs(() => numbers.toJs());
  },
  "to_py of 1,000 numbers": () => inPython("o.to_py()", { o: array }),
  "to_js of a dict of 100": () => {
    const table = get("table");
    return inJs(() => table.toJs());
  },
  "to_py of an object of 100": () => inPython("o.to_py()", { o: record }),
  ...stringRows,
  "JS to Python: 1 MB of bytes": () => inPython("o.to_bytes()", { o: megabyte }),
  "Python to JS: 1 MB of bytes": () => {
    const block = get("block");
    return inJs(() => block.toJs());
  },
  "runPython of one source": () => inJs(() => pyodide.runPython("1 + 1")),
  "runPython of distinct sources": () => inJs(() => pyodide.runPython(`1 + ${serial++}`)),
  "exception: Python to JS": () => {
    const fail = get("fail");
    return inJs(() => {
      try {
        fail();
      } catch {
        // Caught where it arrives, which is what is timed.
      }
    });
  },
  "exception: JS to Python": () =>
    inPython(get("catching"), {
      f: () => {
        throw new Error("no");
      },
    }),
};

function timed(body, count) {
  const begin = performance.now();
  body(count);
  return performance.now() - begin;
}

/** How many turns take about `milliseconds`. Warms up at the same time. */
function calibrated(body, milliseconds) {
  let count = 1;
  for (;;) {
    const elapsed = timed(body, count);
    if (elapsed >= milliseconds) {
      return Math.max(1, Math.round((count * milliseconds) / elapsed));
    }
    count = Math.ceil(elapsed > 1 ? (count * milliseconds * 1.2) / elapsed : count * 4);
  }
}

/** What one turn of an empty loop of the same kind takes is left in: it is the same for all. */
function measure(body) {
  const milliseconds = Number(values.sample) * 1000;
  const count = calibrated(body, milliseconds);
  calibrated(body, milliseconds);
  const samples = Array.from({ length: Number(values.samples) }, () => timed(body, count) / count);
  samples.sort((a, b) => a - b);
  return samples[samples.length >> 1] * 1e6;
}

const result = {};
for (const [name, prepare] of Object.entries(ROWS)) {
  if (wanted.length === 0 || wanted.some((part) => name.includes(part))) {
    try {
      result[name] = measure(prepare());
    } catch (error) {
      // Alone the message: a stack of a peer's minified code would be its whole source.
      console.error(`${name}: ${String(error.message).slice(0, 500)}`);
      result[name] = null;
    }
    // Between rows the garbage of one row is collected, and finalisers run.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
console.log(JSON.stringify(result));
