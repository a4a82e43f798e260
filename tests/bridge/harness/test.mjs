/**
 * How a test file registers its tests:
 *
 *     import * as assert from "../harness/assert.mjs";
 *     import { test } from "../harness/test.mjs";
 *
 *     test("an int comes back as a number", (t) => {
 *       assert.same(t.pyodide.runPython("6 * 7"), 42);
 *     });
 *
 * What `t` offers is in runner.mjs, class Context.
 */

/**
 * @typedef {object} TestOptions
 * @property {string} [leaks] Why the test may leave handles, proxies or memory behind. Without it,
 *   growth is a failure (leaks.mjs), so that the test is run more than once when it seems to grow.
 * @property {("node" | "page" | "worker")[]} [hosts] Where the test makes sense; default: everywhere.
 * @property {("node" | "chromium" | "firefox")[]} [engines] The same for engines.
 * @property {boolean} [interpreter] false: the test needs no shared interpreter; `t.pyodide` is undefined.
 * @property {number} [timeout] In seconds, if the usual 60 do not suffice.
 */

let registered = [];

/**
 * Registers a test.
 *
 * @param {string} name What holds, as a sentence; unique in its file.
 * @param {TestOptions | ((t: object) => unknown)} options May be left out.
 * @param {(t: object) => unknown} [run] Throws or rejects if it does not hold.
 */
export function test(name, options, run) {
  const given = run === undefined ? {} : options;
  registered.push({ name, options: given, run: run ?? options });
}

/** The tests registered since the last call. For the runner. */
export function takeRegistered() {
  const taken = registered;
  registered = [];
  return taken;
}
