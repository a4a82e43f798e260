/**
 * Whether a test leaves anything behind: JS handles held by Python, proxies and, when it is asked for,
 * blocks of Python's memory. Python's own caches grow by some blocks with nearly every piece of code, so
 * that looking at them means to repeat nearly every test.
 *
 * Interpreter and engine fill caches at the first use of nearly everything, so growth alone says
 * little. What grows again each time that the test is repeated is a leak.
 */

import { show } from "./assert.mjs";

/** How often a test must grow a counter, one run after the other; more often if blocks are counted. */
const REPEATS = 4;
const REPEATS_FOR_BLOCKS = 12;

/**
 * Python's caches take thousands of runs to fill, ever more slowly; a leak keeps its pace. So runs of so
 * many seconds are compared with as many later ones. A tenth of a block for each is no leak of a test.
 */
const SECONDS_OF_RUNS = 10;
const SLOWER = 0.7;
const NEARLY_NOTHING = 0.1;

let countsBlocks = false;

/** Has blocks counted from now on. */
export function countBlocks() {
  countsBlocks = true;
}

function countsNow(pyodide) {
  const counts = { ...pyodide.coil._debug.counts() };
  if (countsBlocks) {
    counts.blocks = pyodide.runPython("import sys; sys.getallocatedblocks()");
  }
  return counts;
}

/** A turn of the event loop, so that finalisation callbacks run. */
function turn() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The counters of an interpreter that the last test left at rest: {pyodide, counts}. */
let lastRest;

/** Python's collector frees what JavaScript's can then drop, and the other way round. */
async function collect(pyodide, collectGarbage) {
  const collectPython = () => pyodide.runPython("import gc; gc.collect(); None");
  collectPython();
  await collectGarbage();
  await turn();
  collectPython();
}

function grown(before, after) {
  return Object.keys(after).filter((key) => after[key] > before[key]);
}

/** The counters before a test. Counting them at rest takes longer than most tests. */
async function countsBefore(pyodide, collectGarbage) {
  if (lastRest?.pyodide !== pyodide) {
    await collect(pyodide, collectGarbage);
    await collect(pyodide, collectGarbage);
    return countsNow(pyodide);
  }
  return lastRest.counts;
}

/** The counters after a test: where one has grown, what is garbage is looked for once more. */
async function countsAfter(pyodide, collectGarbage, before) {
  await collect(pyodide, collectGarbage);
  const counts = countsNow(pyodide);
  if (grown(before, counts).length === 0) {
    return counts;
  }
  await collect(pyodide, collectGarbage);
  return countsNow(pyodide);
}

/** How many of the handles that a test leaves behind are shown. */
const SHOWN = 3;

/** Where the handles were made that another run leaves behind: text for the message. */
async function whereHandlesAreMade(run, pyodide, collectGarbage) {
  const { traceHandles, handles } = pyodide.coil._debug;
  traceHandles(true);
  try {
    await run();
    await collect(pyodide, collectGarbage);
    await collect(pyodide, collectGarbage);
    const left = handles().filter(({ stack }) => stack !== undefined);
    const texts = left.map(({ value, stack }) => `${show(value)} is held; ${stack}`);
    return texts.slice(-SHOWN).join("\n");
  } finally {
    traceHandles(false);
  }
}

/** Forgets what is known of the interpreter: a test ran that is not looked at. */
export function forgetRest() {
  lastRest = undefined;
}

/** By how many blocks a run grows, as the mean of many. */
async function blocksPerRun(run, pyodide, collectGarbage) {
  const end = performance.now() + 1000 * SECONDS_OF_RUNS;
  const before = await countsAfter(pyodide, collectGarbage, {});
  let runs = 0;
  for (; performance.now() < end; runs++) {
    await run();
  }
  const after = await countsAfter(pyodide, collectGarbage, {});
  return (after.blocks - before.blocks) / runs;
}

/** Whether the growth of blocks ends, as that of caches does. */
async function blocksSettle(...how) {
  const first = await blocksPerRun(...how);
  await blocksPerRun(...how);
  const last = await blocksPerRun(...how);
  return last < Math.max(NEARLY_NOTHING, SLOWER * first);
}

/**
 * Runs `run` and, if a counter grew, again until it grows no more. Throws what `run` throws, or an
 * Error that names the counters which grew every time.
 */
export async function runWithoutLeak(run, pyodide, collectGarbage) {
  let before = await countsBefore(pyodide, collectGarbage);
  const history = [before];
  let suspects = Object.keys(before);
  forgetRest();
  const repeats = countsBlocks ? REPEATS_FOR_BLOCKS : REPEATS;
  for (let repeat = 0; repeat < repeats; repeat++) {
    await run();
    const counts = await countsAfter(pyodide, collectGarbage, before);
    history.push(counts);
    const now = grown(before, counts);
    suspects = suspects.filter((key) => now.includes(key));
    if (suspects.length === 0) {
      lastRest = { pyodide, counts };
      return;
    }
    before = counts;
  }
  if (suspects.join() === "blocks" && (await blocksSettle(run, pyodide, collectGarbage))) {
    return;
  }
  const series = suspects.map((key) => `${key}: ${history.map((counts) => counts[key]).join(" ")}`);
  const where = suspects.includes("handles")
    ? `\n${await whereHandlesAreMade(run, pyodide, collectGarbage)}`
    : "";
  throw new Error(`left behind at each of ${repeats} runs: ${series.join("; ")}${where}`);
}
