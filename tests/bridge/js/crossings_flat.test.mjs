/**
 * Crossings of each kind leave nothing behind in any of the three heaps, however many there are.
 *
 * `--set=crossings=N` of run.mjs says how many there are of each kind; default 20,000. The target
 * `test-bridge-soak` takes a million.
 */

import * as assert from "../harness/assert.mjs";
import { Heaps } from "../harness/heaps.mjs";
import { test } from "../harness/test.mjs";

const CROSSINGS = 20_000;

/** What a crossing may leave behind, in bytes, in each heap. */
const LIMIT = 0.1;

/**
 * Caches are filled and code is compiled at one time or another. What a crossing leaves behind is
 * left in each round. Most kinds are done after the first.
 */
const ROUNDS = 8;

/** Of so many crossings, one is made before anything is measured. */
const WARM_UP = 20;

/** Python of all kinds; `n` is how often. */
const PYTHON = `
from pyodide.ffi import create_once_callable, create_proxy, to_js
from js import Object

def identity(value):
    return value

class Thing:
    value = 1

thing = Thing()

def fail():
    raise ValueError("on purpose")

def call_js(n, f):
    for i in range(n):
        f(i)

def call_method(n, object):
    for i in range(n):
        object.method(i, "text")

def get_attribute(n, object):
    for i in range(n):
        object.value

def set_attribute(n, object):
    for i in range(n):
        object.value = i

def set_new_names(n, object):
    for i in range(n):
        name = f"name_{i}"
        setattr(object, name, i)
        delattr(object, name)

def take_strings(n, f):
    for i in range(n):
        f(f"{i} \\u00e9\\u20ac\\U0001f600")

def catch_js(n, f):
    for i in range(n):
        try:
            f()
        except Exception:
            pass

def through_js(n, f):
    for i in range(n):
        try:
            f(fail)
        except ValueError:
            pass

def give_lists(n, f):
    value = {"a": [1, 2.5, "three", None], "b": {"c": True}}
    for i in range(n):
        f(to_js(value, dict_converter=Object.fromEntries))

def take_lists(n, object):
    for i in range(n):
        object.to_py()

def make_proxies(n, f):
    for i in range(n):
        proxy = create_proxy([i])
        f(proxy)
        proxy.destroy()

def call_once(n, f):
    for i in range(n):
        f(create_once_callable(identity))

def iterate(n, array):
    for i in range(n):
        for item in array:
            pass

def call_new(n, Class):
    for i in range(n):
        Class.new()

def copy_buffers(n, array):
    for i in range(n):
        array.to_bytes()

def give_big_ints(n, f):
    for i in range(n):
        f((1 << 70) + i)

def numbers():
    yield from (1, 2, 3)
`;

/** Each: (python, n, t); `python` has the functions above, as proxies. */
const KINDS = {
  "Python calls a function": (python, n) => python.call_js(n, (i) => i),
  "Python calls a method": (python, n) => python.call_method(n, { method: (i) => i }),
  "Python makes objects": (python, n) => python.call_new(n, class {}),
  "Python reads attributes": (python, n) => python.get_attribute(n, { value: 1.5 }),
  "Python writes attributes": (python, n) => python.set_attribute(n, { value: 0 }),
  "Python writes and deletes attributes of new names": (python, n) => python.set_new_names(n, {}),
  "Python gives strings": (python, n) => python.take_strings(n, (text) => text),
  "Python gives big ints": (python, n) => python.give_big_ints(n, (value) => value),
  "Python catches JavaScript's exceptions": (python, n) =>
    python.catch_js(n, () => {
      throw new RangeError("on purpose");
    }),
  "exceptions of Python go through JavaScript": (python, n) => python.through_js(n, (f) => f()),
  "to_js()": (python, n) => python.give_lists(n, () => {}),
  "to_py()": (python, n) => python.take_lists(n, { a: [1, 2.5, "three", null], b: { c: true } }),
  "create_proxy() and destroy()": (python, n) => python.make_proxies(n, (proxy) => proxy.length),
  "callbacks for one call": (python, n) => python.call_once(n, (f) => f(1)),
  "Python iterates": (python, n) => python.iterate(n, [1, 2, {}]),
  "Python takes bytes": (python, n) => python.copy_buffers(n, new Uint8Array(100)),
  "JavaScript calls a function": ({ identity }, n) => repeat(n, identity),
  "JavaScript gives objects": ({ identity }, n) => repeat(n, () => identity({})),
  "JavaScript gives strings": ({ identity }, n) =>
    repeat(n, (i) => identity(`${i} \u00e9\u{1f600}`)),
  "JavaScript reads and writes attributes": ({ thing }, n) =>
    repeat(n, (i) => {
      thing.value = i;
      return thing.value;
    }),
  "JavaScript catches Python's exceptions": ({ fail }, n) =>
    repeat(n, () => assert.throws(fail, { name: "PythonError" })),
  "JavaScript's exceptions go through Python": ({ call_js: callJs }, n) => {
    const f = () => {
      throw new RangeError("on purpose");
    };
    repeat(n, () =>
      assert.throws(() => callJs(1, f), { name: "PythonError", type: "JsException" }),
    );
  },
  "JavaScript iterates": ({ numbers }, n) =>
    repeat(n, () => {
      const generator = numbers();
      assert.same([...generator].length, 3);
      generator.destroy();
    }),
  "copy() and destroy()": ({ thing }, n) => repeat(n, () => thing.copy().destroy()),
  "toPy() and toJs()": (_python, n, t) =>
    repeat(n, (i) => {
      const list = t.pyodide.toPy([i, "two", [3]]);
      list.toJs();
      list.destroy();
    }),
  "getBuffer() and release()": (_python, n, t) => {
    const bytes = t.pyodide.runPython("bytearray(100)");
    repeat(n, () => bytes.getBuffer().release());
    bytes.destroy();
  },
  "runPython() of one source": (_python, n, t) => repeat(n, () => t.pyodide.runPython("6 * 7")),
  "runPython() of new sources": (_python, n, t) =>
    repeat(n, (i) => t.pyodide.runPython(`${i} * 7`)),
};

function repeat(n, f) {
  for (let i = 0; i < n; i++) {
    f(i);
  }
}

/** Bytes that a crossing left behind in each heap, at least, of those above the limit. */
async function leftBehind(heaps, n, run) {
  let suspects;
  run(n / WARM_UP);
  let before = await heaps.inUse();
  for (let round = 0; round < ROUNDS; round++) {
    run(n);
    const after = await heaps.inUse();
    const growth = Object.keys(after).map((heap) => [heap, (after[heap] - before[heap]) / n]);
    const now = Object.fromEntries(growth.filter(([, bytes]) => bytes >= LIMIT));
    suspects ??= now;
    const still = Object.entries(suspects).filter(([heap]) => heap in now);
    suspects = Object.fromEntries(still.map(([heap, bytes]) => [heap, Math.min(bytes, now[heap])]));
    if (still.length === 0) {
      return suspects;
    }
    before = after;
  }
  return suspects;
}

/** Why the check of each test is not for these: it would repeat them, and they look closer. */
const OPTIONS = { leaks: "measured here, more exactly", timeout: 240 };

for (const [kind, run] of Object.entries(KINDS)) {
  test(kind, OPTIONS, async (t) => {
    const n = Number(t.settings.crossings ?? CROSSINGS);
    const globals = t.pyodide.runPython("{'__name__': 'crossings'}");
    t.pyodide.runPython(PYTHON, { globals });
    const names = ["thing", "identity", "fail", "numbers", ...pythonNames()];
    const python = Object.fromEntries(names.map((name) => [name, globals.get(name)]));
    const heaps = new Heaps(t);
    try {
      assert.deepEqual(await leftBehind(heaps, n, (count) => run(python, count, t)), {});
    } finally {
      heaps.close();
      for (const proxy of Object.values(python)) {
        proxy.destroy();
      }
      globals.destroy();
    }
  });
}

/** The functions of PYTHON that take a number of crossings. */
function pythonNames() {
  return [...PYTHON.matchAll(/^def (\w+)\(n, /gm)].map(([, name]) => name);
}

test("a leak of one number in 20 crossings would be seen", OPTIONS, async (t) => {
  const globals = t.pyodide.runPython("{'kept': []}");
  const keep = t.pyodide.runPython("lambda i: kept.append(i + 0.5)", { globals });
  const heaps = new Heaps(t);
  const run = (count) => repeat(count / 20, keep);
  assert.ok("blocks of Python" in (await leftBehind(heaps, CROSSINGS, run)));
  heaps.close();
  keep.destroy();
  globals.destroy();
});
