/** Tests of every outcome; see ../harness_test.mjs. */

import * as assert from "../harness/assert.mjs";
import { runWithoutLeak } from "../harness/leaks.mjs";
import { test } from "../harness/test.mjs";

const ALONE = { interpreter: false };
const SOON = { ...ALONE, timeout: 1 };

/** Looks like an interpreter whose counters are `counts`. */
function counting(counts) {
  const handles = () => [{ ref: 1, value: ["kept"], stack: "Error\n    at maker (file)" }];
  const debug = { counts: () => counts, traceHandles: () => false, handles };
  return { runPython: () => undefined, coil: { _debug: debug } };
}

test("passes", ALONE, () =>
  assert.deepEqual([1, { a: [Number.NaN, -0] }], [1, { a: [Number.NaN, -0] }]),
);
test("fails", ALONE, () => assert.same(0, -0));
test("throws no error", ALONE, () => {
  // biome-ignore lint/style/useThrowOnlyError: that is what it is about
  throw "text";
});
test("rejects", ALONE, () => Promise.reject(new Error("later")));
test("never settles", SOON, () => new Promise(() => {}));
test("never returns", SOON, () => {
  for (;;) {
    // Nothing lets it end.
  }
});
test("kills its engine", { ...ALONE, hosts: ["node"] }, () => process.exit(3));
test("is of another host", { ...ALONE, hosts: ["page"] }, () => assert.fail("it ran"));

test("leaks", ALONE, async () => {
  const counts = { handles: 0, proxies: 5 };
  const leak = () => {
    counts.handles += 1;
  };
  await runWithoutLeak(leak, counting(counts), () => undefined);
});

test("fills a cache", ALONE, async () => {
  const counts = { handles: 0 };
  const fill = () => {
    counts.handles = 7;
  };
  await runWithoutLeak(fill, counting(counts), () => undefined);
});

test("passes at the end", ALONE, () => assert.throws(() => assert.fail("x"), { message: "x" }));
