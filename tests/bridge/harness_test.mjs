/** Whether run.mjs reports what is wrong with tests: each outcome of outcomes/outcomes.test.mjs. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const FILE = "bridge/outcomes/outcomes.test.mjs";

function run(...args) {
  const program = join(import.meta.dirname, "run.mjs");
  const { status, stdout } = spawnSync(process.execPath, [program, "node24", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, lines: stdout.split("\n") };
}

/** The result and the text below it, for one test. */
function outcomeOf({ stdout }, name) {
  const pattern = new RegExp(`^(ok|FAIL) +${FILE}: ${name} \\(.*?\\)\\n((?: .*\\n)*)`, "m");
  const [, result, text] = pattern.exec(stdout) ?? [];
  return { result, text };
}

const outcomes = run(FILE, "--passed");

for (const [name, result, text] of [
  ["passes", "ok", /^$/],
  ["fails", "FAIL", /got {6}0\n.*expected -0/],
  ["throws no error", "FAIL", /threw "text"/],
  ["rejects", "FAIL", /later/],
  ["never settles", "FAIL", /not done after 1 s/],
  ["never returns", "FAIL", /no sign of life/],
  ["kills its engine", "FAIL", /status 3/],
  ["leaks", "FAIL", /handles: 0 1 2 3 4\n.*kept.* is held; Error\n.*at maker/],
  ["fills a cache", "ok", /^$/],
  ["passes at the end", "ok", /^$/],
]) {
  test(`a test that ${name}`, () => {
    const outcome = outcomeOf(outcomes, name);
    assert.equal(outcome.result, result, outcomes.stdout);
    assert.match(outcome.text, text);
  });
}

test("the conclusion", () => {
  assert.equal(outcomes.lines.at(-2), "3 passed, 7 failed");
  assert.equal(outcomes.status, 1);
  assert.doesNotMatch(outcomes.stdout, /is of another host/);
});

test("chosen tests alone", () => {
  const { status, lines } = run(FILE, "--grep=passes$");
  assert.equal(lines.at(-2), "1 passed, 0 failed");
  assert.equal(status, 0);
});

test("nothing after the first failure, if asked for", () => {
  const { status, lines } = run(FILE, "--bail");
  assert.equal(lines.at(-2), "1 passed, 1 failed");
  assert.equal(status, 1);
});

test("no test at all is a failure", () => {
  assert.equal(run(FILE, "--grep=nothing like that").status, 1);
});

test("a file that cannot be loaded is a failure", () => {
  const { status, stdout } = run("bridge/outcomes/missing.test.mjs");
  assert.equal(status, 1);
  assert.match(stdout, /FAIL .*missing\.test\.mjs: \(the file itself\)/);
});
