/** The ways in which programs get hold of loadPyodide(), none of them with an indexURL. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

const ALONE = { interpreter: false };
const IN_BROWSERS = { ...ALONE, hosts: ["page", "worker"] };
const IN_PAGES = { ...ALONE, hosts: ["page"] };
const IN_NODE = { ...ALONE, hosts: ["node"] };

const urlOf = (t, name) => `${t.tests}bridge/consumers/${name}`;

/** What the first message of `target` says; an Error if it says that. */
function answer(target) {
  return new Promise((resolve, reject) => {
    target.onmessage = ({ data }) => ("value" in data ? resolve(data.value) : reject(data.error));
    target.onerror = (event) => reject(new Error(event.message ?? "the script cannot be loaded"));
  });
}

async function answerOfWorker(t, name, options) {
  const worker = new Worker(urlOf(t, name), options);
  try {
    return await answer(worker);
  } finally {
    worker.terminate();
  }
}

test("a classic worker with importScripts()", IN_BROWSERS, async (t) => {
  assert.same(await answerOfWorker(t, "import_scripts.js"), 42);
});

test("a classic worker with import()", IN_BROWSERS, async (t) => {
  assert.same(await answerOfWorker(t, "dynamic_import.js"), 42);
});

test("a module worker", IN_BROWSERS, async (t) => {
  assert.same(await answerOfWorker(t, "module_worker.mjs", { type: "module" }), 42);
});

test("a shared worker", IN_PAGES, async (t) => {
  const { port } = new SharedWorker(urlOf(t, "shared_worker.mjs"), { type: "module" });
  assert.same(await answer(port), 42);
  port.close();
});

test("a service worker with the glue handed in", IN_PAGES, async (t) => {
  const { serviceWorker } = navigator;
  const url = urlOf(t, "service_worker.mjs");
  const registration = await serviceWorker.register(url, { type: "module" });
  try {
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ indexURL: t.dist }, [port2]);
    assert.same(await answer(port1), 42);
  } finally {
    await registration.unregister();
  }
});

test("a page with a script element", IN_PAGES, async (t) => {
  const frame = document.createElement("iframe");
  frame.src = urlOf(t, "script.html");
  const message = new Promise((resolve) => {
    addEventListener("message", ({ data }) => resolve(data), { once: true });
  });
  document.body.append(frame);
  const { value, error } = await message;
  frame.remove();
  assert.same(error, undefined);
  assert.same(value, 42);
});

/** Runs `node ...args` in `folder`, with the engine under test; returns what it prints. */
async function node(folder, ...args) {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, args, { cwd: folder });
  return stdout.trim();
}

/** Runs `body` with a folder in which the package is installed. */
async function withPackage(t, body) {
  const fs = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const { fileURLToPath } = await import("node:url");
  const folder = fs.mkdtempSync(`${tmpdir()}/consumer-`);
  try {
    fs.mkdirSync(`${folder}/node_modules`);
    fs.symlinkSync(fileURLToPath(t.dist), `${folder}/node_modules/coil-python`);
    return await body(folder, fs);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const PRINT = ".then((pyodide) => console.log(pyodide.runPython('6 * 7')))";

test("a CommonJS program", IN_NODE, async (t) => {
  await withPackage(t, async (folder) => {
    const program = `const { loadPyodide, version } = require("coil-python");
      if (globalThis.loadPyodide !== loadPyodide || !version) throw new Error("not the same");
      loadPyodide()${PRINT}`;
    assert.same(await node(folder, "--eval", program), "42");
  });
});

test("an ES module", IN_NODE, async (t) => {
  await withPackage(t, async (folder) => {
    const program = `import { loadPyodide } from "coil-python"; loadPyodide()${PRINT}`;
    assert.same(await node(folder, "--input-type=module", "--eval", program), "42");
  });
});

test("indexURL may be a path of the host's, absolute or relative", IN_NODE, async (t) => {
  await withPackage(t, async (folder) => {
    for (const indexURL of ["node_modules/coil-python", `${folder}/node_modules/coil-python/`]) {
      const program = `require("coil-python").loadPyodide({ indexURL: "${indexURL}" })${PRINT}`;
      assert.same(await node(folder, "--eval", program), "42");
    }
  });
});

test("a path with characters that mean something in URLs", IN_NODE, async (t) => {
  await withPackage(t, async (folder, fs) => {
    const odd = `${folder}/100% #1 ?\u00fc`;
    fs.mkdirSync(odd);
    fs.symlinkSync(`${folder}/node_modules/coil-python`, `${odd}/dist`);
    const program = `require("coil-python").loadPyodide({ indexURL: ${JSON.stringify(`${odd}/dist`)} })${PRINT}`;
    assert.same(await node(folder, "--eval", program), "42");
  });
});

test("a program ends by itself when it has nothing more to do", IN_NODE, async (t) => {
  await withPackage(t, async (folder) => {
    const program = "require('coil-python').loadPyodide().then(() => console.log('loaded'))";
    assert.same(await node(folder, "--eval", program), "loaded");
  });
});

test("Ctrl-C ends a program that embeds Python, as it does any program", IN_NODE, async (t) => {
  const { spawn } = await import("node:child_process");
  await withPackage(t, async (folder) => {
    const program = `require("coil-python").loadPyodide().then(async (pyodide) => {
      await pyodide.runPythonAsync("1 + 1");
      setInterval(() => {}, 1000);
      console.log("ready");
    })`;
    const child = spawn(process.execPath, ["--eval", program], { cwd: folder });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGINT");
    const signal = await new Promise((resolve) =>
      child.once("exit", (_code, name) => resolve(name)),
    );
    assert.same(signal, "SIGINT");
  });
});

/** The files of a folder that a pattern of package.json means; at least one. */
function namesOf(fs, folder, pattern) {
  if (!pattern.startsWith("*")) {
    return [pattern];
  }
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(pattern.slice(1)));
  assert.ok(names.length, `${pattern}: no file is called that`);
  return names;
}

test("the package describes files that are there", IN_NODE, async (t) => {
  await withPackage(t, (folder, fs) => {
    const at = `${folder}/node_modules/coil-python`;
    const { exports, files, main, types } = JSON.parse(fs.readFileSync(`${at}/package.json`));
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    const named = files.flatMap((pattern) => namesOf(fs, at, pattern));
    for (const name of [...targets, ...named, main, types]) {
      assert.ok(fs.existsSync(`${at}/${name}`), name);
      const listed = named.some((file) =>
        `./${name}`.replace("././", "./").startsWith(`./${file}`),
      );
      assert.ok(
        listed || name.endsWith("package.json"),
        `${name} is not among the package's files`,
      );
    }
  });
});
