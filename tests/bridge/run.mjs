/**
 * Runs the bridge's tests in one engine.
 *
 *     node tests/bridge/run.mjs ENGINE [--dist=FOLDER] [--libraries=FOLDER] [--grep=PATTERN] [--bail]
 *         [--isolated] [--passed] [--verbose] [--set=NAME=VALUE ...] [FILE...]
 *
 * ENGINE: see driver/engines.mjs. FILE: paths below tests/; default: bridge/js/*.test.mjs. The last
 * line is "N passed, N failed"; the status is 0 if none failed and there was at least one. With --bail,
 * nothing is run after the first failure. What can be set is in README.md.
 */

import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { drive } from "./driver/drive.mjs";
import { ENGINES, identityOf } from "./driver/engines.mjs";

const TESTS = resolve(import.meta.dirname, "..");

/** Folders of tests that this program runs, below tests/. */
const FOLDERS = ["bridge/js"];

/** The wheels of wheels.txt, which the build downloads. */
const WHEELS = process.env.COIL_TEST_WHEELS ?? "";

/** Their files; the build has one of its own beside them. */
function wheelNames() {
  const names = WHEELS === "" ? [] : readdirSync(WHEELS);
  return names.filter((name) => name.endsWith(".whl")).sort();
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dist: { type: "string", default: join(TESTS, "../build/dist") },
    // Of tests/packages/js: folders of wheels.
    built: { type: "string", default: join(TESTS, "../build/packages") },
    wheels: { type: "string", default: join(TESTS, "../build/packages") },
    libraries: { type: "string", default: join(TESTS, "../build/test-libraries") },
    bail: { type: "boolean", default: false },
    grep: { type: "string", default: "" },
    isolated: { type: "boolean", default: false },
    set: { type: "string", multiple: true, default: [] },
    passed: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

/** It collects garbage often, which is quick as long as the heaps are small. */
const FIRST = "crossings_flat";

/** Files that fill the heaps, so that all that follows would take longer. */
const LAST = ["round_trips", "operation_sequences", "cycles"];

/** Milliseconds. */
const SLOW = 5000;

function allFiles() {
  const isOf = (file, name) => file.endsWith(`/${name}.test.mjs`);
  const place = (file) => (isOf(file, FIRST) ? -2 : LAST.findIndex((name) => isOf(file, name)));
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(TESTS, folder))
      .filter((name) => name.endsWith(".test.mjs"))
      .map((name) => `${folder}/${name}`)
      .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)),
  );
}

/** Prints what fails, what is slow and a line for each file; with --passed each test, with --verbose its output too. */
class Report {
  passed = 0;
  file = "";
  passedOfFile = 0;
  failures = [];
  /** What the engine said during the current test: shown if it fails. */
  messages = [];

  onMessage = (text) => {
    this.messages.push(text.trimEnd());
    if (values.verbose) {
      console.log(`      | ${text.trimEnd()}`);
    }
  };

  onResult = ({ key, error, milliseconds }) => {
    const time = `${Math.round(milliseconds)} ms`;
    this.turnTo(key.slice(0, key.indexOf(":")));
    if (error === undefined) {
      this.passed += 1;
      this.passedOfFile += 1;
      if (values.passed || values.verbose || milliseconds > SLOW) {
        console.log(`ok    ${key} (${time})`);
      }
    } else {
      this.failures.push(key);
      const output = values.verbose ? [] : this.messages.slice(-20).map((line) => `| ${line}`);
      const details = [error, ...output].join("\n").replaceAll("\n", "\n      ");
      console.log(`FAIL  ${key} (${time})\n      ${details}`);
    }
    this.messages = [];
    return values.bail && error !== undefined;
  };

  turnTo(file) {
    if (this.file !== "" && file !== this.file) {
      console.log(`${this.file}: ${this.passedOfFile} passed`);
      this.passedOfFile = 0;
    }
    this.file = file;
  }

  conclude() {
    this.turnTo("");
    for (const key of this.failures) {
      console.log(`failed: ${key}`);
    }
    console.log(`${this.passed} passed, ${this.failures.length} failed`);
    return this.passed > 0 && this.failures.length === 0 ? 0 : 1;
  }
}

async function main() {
  const [name, ...files] = positionals;
  if (!ENGINES.includes(name)) {
    throw new Error(`name an engine: ${ENGINES.join(", ")}`);
  }
  const report = new Report();
  const plan = {
    ...identityOf(name),
    grep: values.grep,
    settings: Object.fromEntries(values.set.map((setting) => setting.split("=", 2))),
    wheels: wheelNames(),
    files: files.length > 0 ? files : allFiles(),
  };
  const libraries = resolve(values.libraries);
  const wheels = { wheels: resolve(values.wheels), built: resolve(values.built) };
  const folders = {
    dist: resolve(values.dist),
    libraries,
    tests: TESTS,
    downloaded: WHEELS,
    ...wheels,
  };
  await drive({ name, plan, folders, isolated: values.isolated }, report);
  return report.conclude();
}

main().then(
  (status) => process.exit(status),
  (error) => {
    console.error(`run.mjs: ${error.stack}`);
    process.exit(2);
  },
);
