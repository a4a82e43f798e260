/** Runs test files in the engine that this is loaded into, and reports each result as it comes. */

import { show } from "./assert.mjs";
import { forgetRest, runWithoutLeak } from "./leaks.mjs";
import { takeRegistered } from "./test.mjs";

/** Seconds that a test may take. */
const TIMEOUT = 60;

/** What a test gets. */
class Context {
  /** The interpreter that the tests share; see test.mjs, option `interpreter`. */
  pyodide = undefined;

  constructor(plan, host) {
    /** "node", "page" or "worker". */
    this.host = plan.host;
    /** "node", "chromium" or "firefox". */
    this.engine = plan.engine;
    /** URL of the distribution, with a slash at its end. */
    this.dist = host.dist;
    /** URL of the folder tests/, with a slash at its end. */
    this.tests = host.tests;
    /** What run.mjs was told by --set: strings by name. */
    this.settings = plan.settings;
    this.host_ = host;
  }

  /** Loads another interpreter; `options` as for loadPyodide. */
  async load(options = {}) {
    const { loadPyodide } = await import(`${this.dist}pyodide.mjs`);
    return loadPyodide({ indexURL: this.host_.indexURL, ...options });
  }

  /** Imports a library that is not ours; tests/bridge/CMakeLists.txt says which there are. */
  library(name) {
    return import(`${this.host_.libraries}${name}.mjs`);
  }

  /**
   * Has the engine collect its garbage.
   *
   * @param {{fromOutside?: boolean}} options Whether the driver is to ask the browser for it, by its
   *   protocol, where the program can do so itself.
   */
  async collectGarbage({ fromOutside = false } = {}) {
    if (globalThis.gc && !(fromOutside && this.engine !== "node")) {
      await globalThis.gc({ execution: "async", type: "major" });
    } else {
      await this.host_.collectGarbage();
    }
  }
}

/**
 * Runs the plan's files.
 *
 * @param {object} plan files, done (keys of tests that were run before), grep, settings, host, engine.
 * @param {object} host What differs between Node and browsers: dist, tests, indexURL, load(file),
 *   report(event), collectGarbage().
 */
export async function runPlan(plan, host) {
  const session = { plan, host, done: new Set(plan.done), shared: undefined };
  for (const file of plan.files) {
    await runFile(session, file);
  }
  await host.report({ kind: "done" });
}

async function runFile(session, file) {
  const { plan, host } = session;
  let tests;
  try {
    await host.load(file);
    tests = takeRegistered();
    checkNames(tests);
  } catch (error) {
    takeRegistered();
    tests = [
      { name: "(the file itself)", options: { interpreter: false }, run: () => reject(error) },
    ];
  }
  for (const test of tests) {
    const key = `${file}: ${test.name}`;
    if (applies(test, plan) && !session.done.has(key) && key.match(plan.grep)) {
      await runTest(session, key, test);
    }
  }
}

function reject(error) {
  throw error;
}

function checkNames(tests) {
  const names = new Set(tests.map((test) => test.name));
  if (names.size !== tests.length) {
    throw new Error("two tests have the same name");
  }
}

function applies({ options }, plan) {
  const { hosts = [plan.host], engines = [plan.engine] } = options;
  return hosts.includes(plan.host) && engines.includes(plan.engine);
}

async function runTest(session, key, test) {
  const { host } = session;
  const timeout = (test.options.timeout ?? TIMEOUT) * Number(session.plan.settings.patience ?? 1);
  await host.report({ kind: "start", key, timeout });
  const start = performance.now();
  let error;
  try {
    await within(timeout, attempt(session, test));
  } catch (reason) {
    error = describe(reason);
  }
  await host.report({ kind: "end", key, error, milliseconds: performance.now() - start });
}

/** A limit for what never settles; for what never returns, the driver has its own. */
function within(seconds, promise) {
  const { promise: limit, reject: expire } = Promise.withResolvers();
  const late = () => expire(new Error(`not done after ${seconds} s`));
  const timer = setTimeout(late, seconds * 1000);
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function attempt(session, test) {
  const context = new Context(session.plan, session.host);
  if (test.options.interpreter !== false) {
    session.shared = await usable(session.shared, context);
    context.pyodide = session.shared;
  }
  const run = () => test.run(context);
  if (test.options.leaks || context.pyodide === undefined) {
    forgetRest();
    await run();
  } else {
    await runWithoutLeak(run, context.pyodide, () => context.collectGarbage());
  }
}

/** The shared interpreter, or a new one after a test has killed it. */
async function usable(shared, context) {
  try {
    shared.runPython("None");
    return shared;
  } catch {
    const pyodide = await context.load();
    if (context.settings.stress) {
      pyodide.coil._debug.collectAtCrossings(true);
    }
    return pyodide;
  }
}

function describe(reason) {
  if (!(reason instanceof Error)) {
    return `threw ${show(reason)}`;
  }
  const { name, message, stack = "" } = reason;
  const cause = reason.cause === undefined ? "" : `\ncaused by: ${describe(reason.cause)}`;
  // Engines differ in whether a stack begins with the message.
  return (stack.includes(message) ? stack : `${name}: ${message}\n${stack}`) + cause;
}
