/** What callers pass wrongly gets an error that names the call and the argument, and nothing is lost. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

/** [what is named, the call] */
const CALLS = [
  ["options", ({ pyodide }) => pyodide.runPython("1", 5)],
  ["globals", ({ pyodide }) => pyodide.runPython("1", { globals: {} })],
  ["locals", ({ pyodide }) => pyodide.runPython("1", { locals: 5 })],
  ["filename", ({ pyodide }) => pyodide.runPython("1", { filename: 5 })],
  ["options", ({ pyodide }) => pyodide.toPy([], "depth")],
  ["depth", ({ pyodide }) => pyodide.toPy([], { depth: 1.5 })],
  ["depth", ({ list }) => list.toJs({ depth: Number.NaN })],
  ["options", ({ list }) => list.toJs(5)],
  ["pyproxies", ({ list }) => list.toJs({ pyproxies: {} })],
  ["dict_converter", ({ list }) => list.toJs({ dict_converter: "x" })],
  ["default_converter", ({ list }) => list.toJs({ default_converter: 5 })],
  ["eager_converter", ({ list }) => list.toJs({ eager_converter: {} })],
  ["options", ({ list }) => list.destroy(5)],
  ["message", ({ list }) => list.destroy({ message: Symbol("x") })],
  ["options", ({ call }) => call.callWithOptions(5)],
];

test("wrong arguments are TypeErrors that name them", (t) => {
  const list = t.pyodide.runPython("[{}, object]");
  const call = t.pyodide.runPython("lambda *args: None");
  for (const [name, attempt] of CALLS) {
    const { message } = assert.throws(() => attempt({ pyodide: t.pyodide, list, call }), TypeError);
    assert.match(message, new RegExp(name));
  }
  for (const nothing of [undefined, null, {}]) {
    assert.same(t.pyodide.runPython("1 + 1", nothing), 2);
    assert.same(call.callWithOptions(nothing), undefined);
  }
  assert.same(list.length, 2);
  for (const proxy of [list, call]) {
    proxy.destroy(null);
  }
});

test("wrong arguments of runPythonAsync reject", async (t) => {
  const bad = [[5], ["1", 5], ["1", { globals: {} }], ["1", { filename: 5 }], ["1", { signal: 5 }]];
  for (const values of bad) {
    await assert.rejects(t.pyodide.runPythonAsync(...values), { message: /must be/ });
  }
  assert.same(await t.pyodide.runPythonAsync("1 + 1", null), 2);
});

test("names of modules that cannot be", (t) => {
  for (const name of ["", ".os", "os.", "os..path"]) {
    assert.throws(() => t.pyodide.pyimport(name), { type: "ValueError" });
  }
  assert.throws(() => t.pyodide.pyimport(5), { type: "TypeError" });
  const { message } = assert.throws(() => t.pyodide.pyimport("os.nope"));
  assert.match(message, /No module named 'os.nope'/);
  assert.ok(!message.includes("distribution"));
});

test("wrong arguments of Python's functions are TypeErrors", (t) => {
  t.pyodide.runPython(`
from pyodide.code import should_quiet
from pyodide.ffi import destroy_proxies, to_js
from js import Object, Uint8Array
for attempt in (
    lambda: should_quiet(5),
    lambda: destroy_proxies(Object.new()),
    lambda: to_js([1], depth="1"),
    lambda: to_js([1], pyproxies=[]),
    lambda: to_js([1], dict_converter=5),
    lambda: to_js([1], default_converter="x"),
    lambda: to_js([1], eager_converter=()),
    lambda: Uint8Array.new(3).to_file(5),
    lambda: Uint8Array.new(3).from_file("x"),
):
    try:
        attempt()
    except TypeError:
        pass
    else:
        raise AssertionError("nothing was raised")
del attempt, destroy_proxies, to_js, Object`);
});

test("a way to iterate that throws when it is read raises that", (t) => {
  const object = {
    get [Symbol.iterator]() {
      throw new RangeError("not today");
    },
  };
  const iterate = t.pyodide.runPython("list");
  assert.throws(() => iterate(object), { message: /RangeError: not today/ });
  iterate.destroy();
});

test("a length that throws when it is read raises that", (t) => {
  const length = t.pyodide.runPython("len");
  for (const name of ["size", "length"]) {
    const object = {
      get [name]() {
        throw new RangeError("not today");
      },
    };
    assert.throws(() => length(object), { message: /RangeError: not today/ });
  }
  length.destroy();
});
