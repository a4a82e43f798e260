/**
 * Published wheels in a page: unpacked, imported and used by the same programs as in Node.
 *
 * run.mjs serves the wheels: --wheels=FOLDER has those of published.txt, --built=FOLDER our numpy.
 */

import * as assert from "../../bridge/harness/assert.mjs";
import { test } from "../../bridge/harness/test.mjs";

const TAG = "cp313-cp313-pyemscripten_2025_0_wasm32";
const ALONE = { interpreter: false, hosts: ["page", "worker"] };
const NEED_NUMPY = new Set(["awkward_cpp", "boost_histogram", "contourpy"]);

async function fetched(url) {
  const response = await fetch(url);
  assert.ok(response.ok, `${url}: ${response.status}`);
  return response;
}

const textOf = async (url) => (await fetched(url)).text();

/** Unpacks a wheel into the folder where programs find packages. */
async function unpack(pyodide, url) {
  pyodide.unpackArchive(await (await fetched(url)).arrayBuffer(), "whl");
}

async function numpyOf(folder) {
  const { packages } = JSON.parse(await textOf(`${folder}pyodide-lock.json`));
  return folder + packages.numpy.file_name;
}

/** Names and versions of the wheels. */
async function published(t) {
  const text = await textOf(`${t.tests}packages/published.txt`);
  return [...text.matchAll(/^([a-z-]+)==(\S+)/gm)].map(([, name, version]) => [
    name.replaceAll("-", "_"),
    version,
  ]);
}

test("every published wheel is used by its program", ALONE, async (t) => {
  const root = new URL("..", t.tests).href;
  const wheels = await published(t);
  assert.ok(wheels.length > 5);
  for (const [name, version] of wheels) {
    const lines = [];
    const pyodide = await t.load({ stdout: (line) => lines.push(line) });
    await unpack(pyodide, `${root}wheels/${name}-${version}-${TAG}.whl`);
    if (NEED_NUMPY.has(name)) {
      await unpack(pyodide, await numpyOf(`${root}built/`));
    }
    const program = await textOf(`${t.tests}packages/programs/use_${name}.py`);
    await pyodide.runPythonAsync(program);
    assert.deepEqual([name, ...lines], [name, "done"]);
  }
});
