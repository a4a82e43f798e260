/** The interpreter without the bridge: what bootInterpreter() of coil.mjs gives, in every engine. */

import * as assert from "../harness/assert.mjs";
import { test } from "../harness/test.mjs";

async function run(t, code) {
  const { bootInterpreter } = await import(`${t.dist}coil.mjs`);
  const interpreter = await bootInterpreter();
  return interpreter.runCommandLine({
    argv: ["python", "-c", code],
    environment: [],
    workingDirectory: "/",
  });
}

/** Runs `code`; returns its exit status and the lines that went to the console. */
async function runWithConsole(t, code) {
  const { log, error } = console;
  const lines = [];
  console.log = (...values) => lines.push(values.join(" "));
  console.error = (...values) => lines.push(`error: ${values.join(" ")}`);
  try {
    return { status: await run(t, code), lines };
  } finally {
    Object.assign(console, { log, error });
  }
}

const ALONE = { interpreter: false };

test("a program runs and its exit status is given", ALONE, async (t) => {
  assert.same(await run(t, "raise SystemExit(6 * 7)"), 42);
});

test("output goes to the console of a page", { ...ALONE, hosts: ["page", "worker"] }, async (t) => {
  const { status, lines } = await runWithConsole(
    t,
    "import sys; print(6 * 7); print('\\u00fc', file=sys.stderr)",
  );
  assert.same(status, 0);
  assert.deepEqual(lines.sort(), ["42", "error: \u00fc"]);
});

test("JavaScript goes on while Python sleeps and computes", ALONE, async (t) => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 5);
  await run(
    t,
    "import time; time.sleep(0.3); end = time.monotonic() + 0.3\nwhile time.monotonic() < end: pass",
  );
  clearInterval(timer);
  assert.ok(turns > 10, `${turns} turns`);
});

test("endless recursion is a RecursionError", ALONE, async (t) => {
  const code = `
import sys
def f(n): return f(n + 1)
class A:
    def __getattr__(self, name): return getattr(self, name + "x")
class R:
    def __repr__(self): return repr(self)
caught = 0
for probe in (lambda: f(0), lambda: A().x, lambda: repr(R()), lambda: sorted([R()] * 2, key=repr)):
    try:
        probe()
    except RecursionError:
        caught += 1
sys.exit(caught)
`;
  assert.same(await run(t, code), 4);
});

test("sources of the standard library are there, in browsers after a moment", ALONE, async (t) => {
  const code = `
import inspect, json, sys, time
for attempt in range(200):
    try:
        sys.exit(0 if "def dumps" in inspect.getsource(json.dumps) else 3)
    except OSError:
        time.sleep(0.05)
sys.exit(4)
`;
  assert.same(await run(t, code), 0);
});
