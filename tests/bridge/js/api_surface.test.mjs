/** The object that loadPyodide() gives, as a whole: its members, and what all of them share. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const ALONE = { interpreter: false };

/** The text of a file of the distribution. */
async function textOf(t, name) {
  if (t.host === "node") {
    const { readFileSync } = await import("node:fs");
    return readFileSync(new URL(name, t.dist), "utf8");
  }
  return (await fetch(`${t.dist}${name}`)).text();
}

/** The members that an interface declares. */
function membersOf(declarations, name) {
  const [, body] = new RegExp(`export interface ${name} \\{\\n(.*?)\\n\\}`, "s").exec(declarations);
  const found = body.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm);
  return [...new Set(Array.from(found, ([, member]) => member))].sort();
}

test("the members are those that the types declare", async (t) => {
  const declared = membersOf(await textOf(t, "pyodide.d.ts"), "PyodideAPI");
  assert.deepEqual(Object.keys(t.pyodide).sort(), declared);
  const classes = membersOf(await textOf(t, "pyodide.d.ts"), "PyodideFFI");
  assert.deepEqual(Object.keys(t.pyodide.ffi).sort(), classes);
});

test("methods work when they are passed around", (t) => {
  const { runPython, toPy, pyimport, FS, setStdout } = t.pyodide;
  assert.same(runPython("6 * 7"), 42);
  const list = toPy([1, 2]);
  assert.same(list.length, 2);
  list.destroy();
  const module = pyimport("math");
  assert.same(module.floor(1.5), 1);
  module.destroy();
  setStdout();
  assert.ok(FS.analyzePath("/tmp").exists);
});

test("members can be added", (t) => {
  t.pyodide.$mine = 1;
  assert.same(t.pyodide.$mine, 1);
  delete t.pyodide.$mine;
});

test("what is not there yet says so", async (t) => {
  const later = [
    "loadPackage",
    "loadPackagesFromImports",
    "mountNativeFS",
    "registerComlink",
    "useNodeSockFS",
    "makeMemorySnapshot",
  ];
  for (const name of later) {
    assert.throws(() => t.pyodide[name](), { message: /is not there yet/ });
  }
  await null;
});

test("a canvas has one slot for both kinds", (t) => {
  const { canvas, _module } = t.pyodide;
  const element = { id: "canvas" };
  canvas.setCanvas2D(element);
  assert.same(canvas.getCanvas3D(), element);
  assert.same(_module.canvas, element);
  canvas.setCanvas3D(undefined);
  assert.same(canvas.getCanvas2D(), undefined);
});

test("private names that programs look at are there", (t) => {
  const { _api, _module, version } = t.pyodide;
  assert.same(_api.version, version);
  assert.same(_api.abiVersion, "2025_0");
  assert.deepEqual(_api.pyVersionTuple, [3, 13, 15]);
  assert.same(_api.sitepackages, "/lib/python3.13/site-packages");
  assert.same(_api.public_api, t.pyodide);
  assert.same(_api.globals, t.pyodide.globals);
  assert.ok(_api.isPyProxy(_api.sys));
  assert.same(_api.sys, _api.sys);
  assert.same(_api.os.getcwd(), "/home/pyodide");
  assert.ok(_api._import_name_to_package_name instanceof Map);
  assert.same(_api.runtimeEnv.IN_NODE, t.host === "node");
  assert.same(_api.runtimeEnv.IN_BROWSER_MAIN_THREAD, t.host === "page");
  assert.same(_api.runtimeEnv.IN_BROWSER_WEB_WORKER, t.host === "worker");
  for (const name of ["FS", "PATH", "ERRNO_CODES"]) {
    assert.same(_module[name], t.pyodide[name]);
  }
  assert.same(_module.PATH_FS.resolve("/a", "../b"), "/b");
  for (const name of ["HEAP8", "HEAPU8", "HEAP16", "HEAPU16", "HEAP32", "HEAPU32"]) {
    assert.ok(ArrayBuffer.isView(_module[name]), name);
  }
});

test("callbacks are scheduled in turns of the event loop", async (t) => {
  const { scheduleCallback } = t.pyodide._api;
  const order = [];
  const done = (name, delay) =>
    new Promise((resolve) => {
      scheduleCallback(() => {
        order.push(name);
        resolve();
      }, delay);
    });
  await Promise.all([
    done("late", 30),
    done("soon", 0),
    Promise.resolve().then(() => order.push("now")),
  ]);
  assert.deepEqual(order, ["now", "soon", "late"]);
});

test(
  "after os._exit() every member says so, but for the version and private ones",
  ALONE,
  async (t) => {
    const lines = [];
    const pyodide = await t.load({ stdout: (line) => lines.push(line) });
    const { runPython } = pyodide;
    const code = "import os, sys; sys.stdout.write('partial'); sys.stdout.flush(); os._exit(3)";
    assert.throws(() => runPython(code));
    assert.deepEqual(lines, ["partial"]);
    for (const name of ["runPython", "FS", "globals", "ffi"]) {
      assert.throws(() => pyodide[name], { message: /already exited with the status 3/ });
    }
    assert.match(pyodide.version, "coil");
    assert.same(pyodide._api.public_api, pyodide);
    assert.same(globalThis.process?.exitCode, undefined);
  },
);

test("abort() and signals end the interpreter and not the program around it", ALONE, async (t) => {
  for (const [code, status] of [
    ["import os; os.abort()", 134],
    ["import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 143],
  ]) {
    const pyodide = await t.load({ stderr: () => {} });
    assert.throws(() => pyodide.runPython(code));
    assert.throws(() => pyodide.runPython, { message: new RegExp(`status ${status}`) });
  }
  assert.same((await t.load()).runPython("6 * 7"), 42);
});

test("after a trap every member says so, and on_fatal is told once", ALONE, async (t) => {
  const pyodide = await t.load({ stderr: () => {} });
  const { runPython } = pyodide;
  const told = [];
  pyodide._api.on_fatal = (error) => told.push(error);
  const crash = "import ctypes; ctypes.string_at(0xfffffff0, 64)";
  const error = assert.throws(() => runPython(crash), { pyodide_fatal_error: true });
  assert.throws(() => pyodide.runPython, { message: /already fatally failed/ });
  assert.throws(() => runPython("1"));
  assert.same(told.length, 1);
  assert.same(told[0], error);
  assert.same((await t.load()).runPython("6 * 7"), 42);
});
