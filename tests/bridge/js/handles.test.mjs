// What Python holds of JavaScript can be listed, with where it was taken; after a start it is little.
import * as assert from "../harness/assert.mjs";
import { evaluate, run } from "../harness/python.mjs";
import { test } from "../harness/test.mjs";

const debug = (t) => t.pyodide.coil._debug;

/** The handles of one value. */
const handlesOf = (t, wanted) =>
  debug(t)
    .handles()
    .filter(({ value }) => value === wanted);

test("handles are listed with the stacks that made them", (t) => {
  const object = { name: "wanted" };
  const globals = t.pyodide.runPython("{'kept': []}");
  const keep = t.pyodide.runPython("kept.append", { globals });
  assert.same(debug(t).traceHandles(true), false);
  try {
    (function giveItToPython() {
      keep(object);
    })();
    const [handle, ...others] = handlesOf(t, object);
    assert.deepEqual(others, []);
    assert.match(handle.stack, "giveItToPython");
    assert.same(typeof handle.ref, "number");
    assert.same(debug(t).traceHandles(true), true);
    t.pyodide.runPython("kept.clear()", { globals });
    assert.deepEqual(handlesOf(t, object), []);
  } finally {
    debug(t).traceHandles(false);
    keep.destroy();
    globals.destroy();
  }
});

test("without it no stacks are noted, and handles are listed all the same", (t) => {
  const object = {};
  const inside = (value) => {
    const handles = handlesOf(t, value);
    assert.ok(handles.length >= 1);
    assert.same(handles[0].stack, undefined);
  };
  run(t, "b(a)", object, inside);
  assert.deepEqual(handlesOf(t, object), []);
});

test("as many handles are listed as are counted", (t) => {
  evaluate(t, "[a, b, a] and None", {}, []);
  const { handles } = debug(t).counts();
  const listed = debug(t).handles();
  assert.same(listed.length, handles);
  assert.same(new Set(listed.map(({ ref }) => ref)).size, handles);
});

test("the numbers of handles that were released are used again", (t) => {
  const globals = t.pyodide.runPython("{'kept': []}");
  const keep = t.pyodide.runPython("kept.append", { globals });
  const drop = t.pyodide.runPython("kept.clear", { globals });
  const numbers = new Set();
  for (let i = 0; i < 200; i++) {
    const object = {};
    keep(object);
    const [{ ref }] = handlesOf(t, object);
    numbers.add(ref);
    drop();
  }
  assert.ok(numbers.size < 10, `${numbers.size} numbers`);
  for (const proxy of [keep, drop, globals]) {
    proxy.destroy();
  }
});

/** What a start imports, and what programs import first. */
const MODULES = `
import asyncio, json, js, pyodide, pyodide_js, sys
import pyodide.code, pyodide.console, pyodide.ffi, pyodide.ffi.wrappers, pyodide.webloop
import gc
gc.collect()
None`;

test("after a start and the imports of programs, Python holds four values of JavaScript", async (t) => {
  const other = await t.load();
  const known = new Map([
    [globalThis, "globalThis"],
    [other, "pyodide"],
  ]);
  const names = () =>
    other.coil._debug
      .handles()
      .map(({ value }) => known.get(value) ?? value)
      .sort();
  const atStart = names();
  assert.deepEqual(atStart, ["globalThis", "pyodide"]);
  other.runPython(MODULES);
  await t.collectGarbage();
  // The modules js and pyodide_js are proxies of their own.
  assert.deepEqual(names(), ["globalThis", "globalThis", "pyodide", "pyodide"]);
});

test("names that are forgotten on both sides come back", (t) => {
  const object = { first: 1, second: { third: 3 }, method: (x) => x + 1, from: 5 };
  const check = () => {
    run(
      t,
      `
assert a.first == 1 and a.second.third == 3 and a.method(1) == 2 and a.from_ == 5
assert getattr(a, "fir" + "st") == 1
a.added = 7
assert a.added == 7
del a.added
assert not hasattr(a, "added") and not hasattr(a, "missing")`,
      object,
    );
    const list = t.pyodide.toPy([3, 1]);
    list.append(2);
    list.$sort();
    assert.deepEqual(list.toJs(), [1, 2, 3]);
    list.destroy();
    assert.same(t.pyodide.globals.get("len").__name__, "len");
  };
  for (let round = 0; round < 3; round++) {
    check();
    debug(t).forgetNames();
  }
  check();
  const inside = () => debug(t).forgetNames();
  const error = assert.throws(() => evaluate(t, "a()", inside), { name: "PythonError" });
  assert.match(error.message, "names cannot be forgotten while Python runs");
});
