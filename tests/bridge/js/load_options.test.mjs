/** loadPyodide(): what its options do and how it refuses. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

/** Other interpreters than the shared one. */
const ALONE = { interpreter: false };

function python(pyodide, expression) {
  return JSON.parse(pyodide.runPython(`import json, os, sys; json.dumps(${expression})`));
}

test("the version is the level of the API and the own one", ALONE, async (t) => {
  const module = await import(`${t.dist}pyodide.mjs`);
  assert.match(module.version, /^0\.29\.5\+coil\.\d+\.\d+\.\d+$/);
  assert.same(module.loadPython, module.loadPyodide);
  const pyodide = await t.load();
  assert.same(pyodide.version, module.version);
  assert.same(`0.29.5+coil.${pyodide.coil.version}`, module.version);
  assert.same(pyodide.runPython("import pyodide; pyodide.__version__"), module.version);
});

test("without indexURL the files are those beside the loader", ALONE, async (t) => {
  const { loadPyodide } = await import(`${t.dist}pyodide.mjs`);
  assert.same((await loadPyodide()).runPython("6 * 7"), 42);
});

test("indexURL may lack its slash and may be relative", ALONE, async (t) => {
  const absolute = await t.load({ indexURL: t.dist.slice(0, -1) });
  assert.same(absolute._api.config.indexURL, t.dist);
  if (t.host !== "node") {
    const relative = await t.load({ indexURL: "../../../dist" });
    assert.same(relative._api.config.indexURL, t.dist);
  }
});

test("the environment is the usual one with what is given", ALONE, async (t) => {
  const env = { HOME: "/somewhere/else", A: "b", PYTHONINSPECT: "" };
  const pyodide = await t.load({ env });
  assert.deepEqual(
    python(pyodide, "[os.environ[n] for n in ('A', 'HOME', 'USER', 'LANG', 'LD_LIBRARY_PATH')]"),
    ["b", "/somewhere/else", "web_user", "en_US.UTF-8", "/usr/lib:/lib/python3.13/site-packages"],
  );
  assert.same(pyodide.runPython("os.getcwd()"), "/somewhere/else");
  assert.same(pyodide.runPython("sys.flags.inspect"), 0);
});

test("arguments are those of the interpreter", ALONE, async (t) => {
  const pyodide = await t.load({ args: ["-X", "dev", "-O", "-W", "error", "script.py", "more"] });
  assert.deepEqual(python(pyodide, "sys.argv"), ["script.py", "more"]);
  assert.deepEqual(python(pyodide, "sys.orig_argv[1:]"), [
    "-X",
    "dev",
    "-O",
    "-W",
    "error",
    "script.py",
    "more",
  ]);
  assert.deepEqual(python(pyodide, "[sys.flags.dev_mode, sys.flags.optimize]"), [true, 1]);
  assert.ok(python(pyodide, "sys.warnoptions").includes("error"));
});

test("an option that ends Python is a rejection", ALONE, async (t) => {
  const quiet = { stdout: () => {}, stderr: () => {} };
  await assert.rejects(t.load({ ...quiet, args: ["--no-such-option"] }), {
    name: "BootError",
    message: /status 2/,
  });
});

test("what clients look at is as they expect", ALONE, async (t) => {
  const pyodide = await t.load({ _sysExecutable: "/usr/bin/coil" });
  const facts = python(
    pyodide,
    "[sys.executable, sys.prefix, sys.platform, os.name, os.getcwd(), sys.path[0], " +
      "sys.stdout.line_buffering, sys.stdout.encoding, sys.dont_write_bytecode]",
  );
  assert.deepEqual(facts, [
    "/usr/bin/coil",
    "/",
    "emscripten",
    "posix",
    "/home/pyodide",
    "",
    true,
    "utf-8",
    true,
  ]);
  const sitePackages = "/lib/python3.13/site-packages";
  assert.ok(python(pyodide, "sys.path").includes(sitePackages));
  const modules = ["pyodide", "_pyodide", "_pyodide_core"];
  assert.deepEqual(python(pyodide, `[m in sys.modules for m in ${JSON.stringify(modules)}]`), [
    true,
    true,
    true,
  ]);
});

test("handlers of the streams get lines", ALONE, async (t) => {
  const [out, err, input] = [[], [], ["typed"]];
  const pyodide = await t.load({
    stdin: () => input.shift() ?? null,
    stdout: (line) => out.push(line),
    stderr: (line) => err.push(line),
  });
  pyodide.runPython("import sys; print(input()); print('bad', file=sys.stderr)");
  assert.deepEqual([out, err], [["typed"], ["bad"]]);
});

test("fsInit is awaited before Python starts", ALONE, async (t) => {
  const fsInit = async (FS, { sitePackages }) => {
    assert.deepEqual(FS.readdir(sitePackages), [".", ".."]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    FS.writeFile(`${sitePackages}/early.pth`, "import sys; sys.early = True\n");
    FS.writeFile(`${sitePackages}/early.py`, "x = 42\n");
  };
  const pyodide = await t.load({ fsInit });
  assert.same(pyodide.runPython("import sys, early; sys.early and early.x"), 42);
  const failing = t.load({ fsInit: () => Promise.reject(new RangeError("no room")) });
  await assert.rejects(failing, { name: "RangeError", message: "no room" });
});

test("modules are found in the working directory", ALONE, async (t) => {
  const pyodide = await t.load();
  pyodide.FS.writeFile("/home/pyodide/mine.py", "x = 42\n");
  assert.same(pyodide.runPython("import mine; mine.x"), 42);
});

test("the glue can be handed in", ALONE, async (t) => {
  const { default: createPyodideModule } = await import(`${t.dist}pyodide.asm.mjs`);
  const pyodide = await t.load({ createPyodideModule });
  assert.same(pyodide.runPython("6 * 7"), 42);
});

test("interpreters of one realm are strangers", ALONE, async (t) => {
  const [a, b] = await Promise.all([t.load({ env: { N: "a" } }), t.load({ env: { N: "b" } })]);
  a.runPython("import os; x = 1");
  b.runPython("import os; x = 2");
  assert.same(a.runPython("f'{x} {os.environ[\"N\"]}'"), "1 a");
  assert.same(b.runPython("f'{x} {os.environ[\"N\"]}'"), "2 b");
});

test("options without effect are accepted", ALONE, async (t) => {
  const pyodide = await t.load({
    fullStdLib: true,
    _makeSnapshot: false,
    BUILD_ID: "abc",
    cdnUrl: "https://example.org/",
    packages: [],
    packageCacheDir: "/tmp",
    lockFileURL: `${t.dist}pyodide-lock.json`,
    noSuchOption: 1,
  });
  const { config } = pyodide._api;
  assert.same(config.BUILD_ID, "abc");
  assert.same(config.cdnUrl, "https://example.org/");
  assert.same(config.checkAPIVersion, true);
});

test("a lock file that is handed in is checked and kept", ALONE, async (t) => {
  const lock = { info: { abi_version: "2025_0" }, packages: {} };
  const asText = Promise.resolve(JSON.stringify(lock));
  for (const lockFileContents of [lock, JSON.stringify(lock), asText]) {
    const pyodide = await t.load({ lockFileContents });
    assert.deepEqual(pyodide.lockfile, lock);
    assert.deepEqual(pyodide._api.lockfile_packages, {});
  }
  const other = { info: { abi_version: "1999_1" }, packages: {} };
  await assert.rejects(t.load({ lockFileContents: other }), { message: /1999_1.*2025_0/ });
  await assert.rejects(t.load({ lockFileContents: "{" }), { name: "SyntaxError" });
  const both = { lockFileContents: lock, lockFileURL: "x.json" };
  await assert.rejects(t.load(both), { message: /cannot both be passed/ });
});

test("wrong options are refused by name", ALONE, async (t) => {
  const bad = [
    { args: "-O" },
    { args: [1] },
    { packages: "numpy" },
    { env: { A: 1 } },
    { env: { "A=B": "c" } },
    { stdin: 5 },
    { stdout: "x" },
    { fsInit: 1 },
    { indexURL: 5 },
    { lockFileURL: {} },
    { env: 5 },
    { env: [] },
    { jsglobals: 5 },
    { stdLibURL: 5 },
    { packageCacheDir: 5 },
  ];
  for (const options of bad) {
    const [name] = Object.keys(options);
    await assert.rejects(t.load(options), { name: "TypeError", message: new RegExp(name) });
  }
  await assert.rejects(t.load({ packages: ["numpy"] }), {
    message: /packages cannot be loaded yet/,
  });
});

test("a folder without the files is one rejection", ALONE, async (t) => {
  const stray = [];
  const listener = (event) => {
    stray.push(event.reason ?? event);
    event.preventDefault?.();
  };
  const [add, remove] =
    t.host === "node" ? [process.on, process.off] : [addEventListener, removeEventListener];
  const name = t.host === "node" ? "unhandledRejection" : "unhandledrejection";
  add.call(globalThis.process ?? globalThis, name, listener);
  try {
    await assert.rejects(t.load({ indexURL: `${t.tests}bridge/` }), { name: "AssetMissingError" });
    await assert.rejects(t.load({ stdLibURL: `${t.dist}nothing.zip` }), {
      name: "AssetMissingError",
      asset: "python_stdlib.zip",
    });
    const wrong = `${t.dist}pyodide.mjs`;
    await assert.rejects(t.load({ stdLibURL: wrong }), { name: "AssetCorruptError" });
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    remove.call(globalThis.process ?? globalThis, name, listener);
  }
  assert.deepEqual(stray, []);
});

test("loading leaves the host's treatment of signals as it is", { hosts: ["node"] }, async (t) => {
  const signals = () => process.eventNames().filter((name) => `${name}`.startsWith("SIG"));
  const before = signals();
  const pyodide = await t.load();
  assert.deepEqual(signals(), before);
  pyodide.runPython("import signal; signal.signal(signal.SIGUSR2, lambda *_: None)");
  assert.deepEqual(signals(), [...before, "SIGUSR2"]);
  pyodide.runPython("signal.signal(signal.SIGUSR2, signal.SIG_DFL)");
  assert.deepEqual(signals(), before);
});
