/**
 * Breaks one behaviour of the bridge at a time, in a copy, and sees whether its tests notice.
 *
 *     node tests/bridge/mutations/run.mjs --dist=FOLDER --node-modules=FOLDER --interpreter=FOLDER
 *         [--libraries=FOLDER] [--only=PATTERN] [--out=RESULTS.md] [--tests-pass]
 *
 * mutations.json is the list. --tests-pass says that the tests are known to pass without a mutation. A mutation of TypeScript takes a few seconds; one of C compiles a file
 * and links, in a build of its own beside `--interpreter`, whose settings it copies. A mutation that
 * does not apply any more is an error: the list goes with the code. The status is 0 if all of them
 * were caught.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const ROOT = resolve(import.meta.dirname, "../../..");

const { values } = parseArgs({
  options: {
    dist: { type: "string" },
    "node-modules": { type: "string" },
    interpreter: { type: "string" },
    libraries: { type: "string", default: join(ROOT, "build/test-libraries") },
    only: { type: "string", default: "" },
    out: { type: "string" },
    "tests-pass": { type: "boolean", default: false },
  },
});
const { dist, "node-modules": nodeModules, interpreter, only, out } = values;
if (!dist || !nodeModules || !interpreter) {
  throw new Error("usage: node run.mjs --dist=FOLDER --node-modules=FOLDER --interpreter=FOLDER");
}

/** Settings of the sub-build that the copy needs as well. */
const SETTING = /^(COIL_\w+|CMAKE_TOOLCHAIN_FILE|CMAKE_BUILD_TYPE):\w+=(.*)$/gm;

const quiet = { stdio: ["ignore", "ignore", "inherit"] };

/** A copy of what is mutated, with a distribution of its own. */
class Copy {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "coil-mutations-"));
    for (const part of ["pyjs_bridge", "src", "web"]) {
      cpSync(join(ROOT, part), join(this.folder, part), { recursive: true });
    }
    this.dist = join(this.folder, "dist");
    cpSync(dist, this.dist, { recursive: true, verbatimSymlinks: true });
  }

  path(file) {
    return join(this.folder, file);
  }

  /** Bundles the JavaScript anew. */
  bundle() {
    const modules = `--node-modules=${nodeModules}`;
    const factory = this.path("factory.mjs");
    const node = (...args) => execFileSync(process.execPath, args, quiet);
    node(this.path("pyjs_bridge/build.mjs"), `--out=${factory}`, modules);
    node(this.path("web/build.mjs"), `--outdir=${this.dist}`, `--bridge=${factory}`, modules);
  }

  /** Compiles and links what has changed, and puts it into the distribution. */
  link() {
    const build = this.path("interpreter");
    const cache = readFileSync(join(interpreter, "CMakeCache.txt"), "utf8");
    const settings = [...cache.matchAll(SETTING)].map(([, name, value]) => `-D${name}=${value}`);
    const cmake = (...args) => execFileSync("cmake", args, quiet);
    cmake("-S", this.path("src"), "-B", build, "-G", "Ninja", ...settings);
    cmake("--build", build, "--parallel", "2");
    for (const name of ["pyodide.asm.mjs", "pyodide.asm.wasm"]) {
      cpSync(join(build, name), join(this.dist, name));
    }
  }

  /** Changes a file for the time of `body`. */
  withChange({ file, find, replace }, body) {
    const original = readFileSync(this.path(file), "utf8");
    if (original.split(find).length !== 2) {
      throw new Error(`${file} does not have this once: ${find}`);
    }
    writeFileSync(
      this.path(file),
      original.replace(find, () => replace),
    );
    try {
      return body();
    } finally {
      writeFileSync(this.path(file), original);
    }
  }

  /**
   * Runs test files: {passed, first: the first test that failed}. In the order of their names, as the
   * whole suite does.
   */
  test(files) {
    const program = join(ROOT, "tests/bridge/run.mjs");
    const folders = [`--dist=${this.dist}`, `--libraries=${values.libraries}`];
    const options = [
      "--set=patience=5",
      "--bail",
      ...files.toSorted().map((name) => `bridge/js/${name}.test.mjs`),
    ];
    const { status, stdout } = spawnSync(
      process.execPath,
      [program, "node24", ...folders, ...options],
      {
        encoding: "utf8",
      },
    );
    return { passed: status === 0, first: /^FAIL +(.*?) \([^()]*\)$/m.exec(stdout)?.[1] };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether the tests pass without a mutation: otherwise what follows says nothing. */
function checkBaseline(copy, mutations) {
  const files = [...new Set(mutations.flatMap(({ tests }) => tests))];
  const { passed, first } = copy.test(files);
  if (!passed) {
    throw new Error(`without a mutation, this fails: ${first}`);
  }
}

function tryMutation(copy, mutation) {
  const isC = mutation.file.endsWith(".c");
  const result = copy.withChange(mutation, () => {
    if (isC) {
      copy.link();
    }
    copy.bundle();
    return copy.test(mutation.tests);
  });
  return { ...mutation, caught: !result.passed, first: result.first ?? "the engine ended" };
}

function report(results, count) {
  const rows = results.map(
    ({ what, file, caught, first }) =>
      `| ${what} | ${file.replace("pyjs_bridge/", "")} | ${caught ? first.replaceAll("|", "\\|") : "**nothing**"} |`,
  );
  const caught = results.filter((result) => result.caught).length;
  return `# Mutations of the bridge

Made by the target \`test-bridge-mutations\`: each line is one change to a copy, from
[\`mutations.json\`](mutations.json), and the first test that failed with it, in Node 24.

${caught} of ${results.length} were caught${results.length < count ? `; the list has ${count}, the others were not tried yet` : ""}.

| what was broken | in | caught by |
|---|---|---|
${rows.join("\n")}
`;
}

function main() {
  const list = JSON.parse(readFileSync(join(import.meta.dirname, "mutations.json"), "utf8"));
  const mutations = list.filter(({ what, file }) => `${file}: ${what}`.match(only));
  const copy = new Copy();
  try {
    copy.bundle();
    if (!values["tests-pass"]) {
      checkBaseline(copy, mutations);
    }
    // Those of C last: what they link stays in the distribution until the next one.
    const ordered = [...mutations].sort((a, b) => a.file.endsWith(".c") - b.file.endsWith(".c"));
    const results = [];
    for (const mutation of ordered) {
      const result = tryMutation(copy, mutation);
      results.push(result);
      console.log(`${result.caught ? "caught" : "MISSED"}  ${result.what}  (${result.first})`);
      if (out) {
        writeFileSync(out, report(results, list.length));
      }
    }
    return results.every(({ caught }) => caught) ? 0 : 1;
  } finally {
    copy.remove();
  }
}

process.exit(main());
