/** Runs test files in the engine that this is loaded into, and reports each result as it comes. */

import { show } from "./assert.mjs";
import { countBlocks, forgetRest, runWithoutLeak } from "./leaks.mjs";
import { takeRegistered } from "./test.mjs";

/** Seconds that a test may take. */
const TIMEOUT = 60;

/** How many tests are looked at together. */
const BATCH = 20;

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
    /** URL of the driver's web server (driver/http_service.mjs), with a slash at its end. */
    this.server = host.server;
    /** Names of the wheels that the server has in its folder downloaded/. */
    this.wheels = plan.wheels;
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
 *   server, report(event), collectGarbage().
 */
export async function runPlan(plan, host) {
  if (plan.settings.blocks) {
    countBlocks();
  }
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
  const chosen = tests
    .map((test) => ({ test, key: `${file}: ${test.name}` }))
    .filter(
      ({ test, key }) => applies(test, plan) && !session.done.has(key) && key.match(plan.grep),
    );
  for (const entries of batchesOf(chosen)) {
    await runBatch(session, entries);
  }
}

/** Whether what a test leaves behind is looked at. */
function isWatched({ options }) {
  return options.leaks === undefined && options.interpreter !== false;
}

/** Neighbours that are looked at go together, others alone. */
function batchesOf(entries) {
  const batches = [];
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last && last.length < BATCH && isWatched(last[0].test) && isWatched(entry.test)) {
      last.push(entry);
    } else {
      batches.push([entry]);
    }
  }
  return batches;
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

/**
 * Runs tests that share an interpreter. What one of them leaves behind is looked for once for all of
 * them, since that takes longer than most tests; if there is something, in each of them.
 */
async function runBatch(session, entries) {
  const [{ test }] = entries;
  const context = new Context(session.plan, session.host);
  if (test.options.interpreter !== false) {
    session.shared = await usable(session.shared, context);
  }
  if (isWatched(test)) {
    await lookForLeaks(session, entries, context);
  } else {
    forgetRest();
    await runOnce(session, entries[0]);
  }
  for (const { key, error, milliseconds } of entries) {
    await session.host.report({ kind: "end", key, error, milliseconds });
  }
}

async function lookForLeaks(session, entries, context) {
  const collectGarbage = () => context.collectGarbage();
  const passing = () => entries.filter(({ error }) => error === undefined);
  const leakOf = async (some) => {
    const run = async () => {
      for (const entry of some.filter(({ error }) => error === undefined)) {
        await runOnce(session, entry);
      }
    };
    try {
      await runWithoutLeak(run, session.shared, collectGarbage);
      return undefined;
    } catch (error) {
      return describe(error);
    }
  };
  const leak = await leakOf(entries);
  if (leak === undefined) {
    return;
  }
  for (const entry of passing()) {
    entry.error ??= entries.length === 1 ? leak : await leakOf([entry]);
  }
  if (entries.every(({ error }) => error === undefined)) {
    entries[0].error = `with those that follow it: ${leak}`;
  }
}

/** Runs a test; notes how long it took, and what is wrong with it. */
async function runOnce(session, entry) {
  const { plan, host } = session;
  const { test, key } = entry;
  const timeout = (test.options.timeout ?? TIMEOUT) * Number(plan.settings.patience ?? 1);
  await host.report({ kind: "start", key, timeout });
  const start = performance.now();
  try {
    await within(timeout, attempt(session, test));
  } catch (reason) {
    entry.error = describe(reason);
  }
  entry.milliseconds ??= performance.now() - start;
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
  await test.run(context);
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
