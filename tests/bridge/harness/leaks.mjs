/**
 * Whether a test leaves anything behind: JS handles held by Python, proxies, Python's memory blocks.
 *
 * Interpreter and engine fill caches at the first use of nearly everything, so growth alone says
 * little. What grows again each time that the test is repeated is a leak.
 */

/** How often a test must grow a counter, one run after the other. */
const REPEATS = 4;

/** A turn of the event loop, so that finalisation callbacks run. */
function turn() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The counters of an interpreter that has come to rest; undefined where it has none. */
async function countsAtRest(pyodide, collectGarbage) {
  const debug = pyodide?.coil?._debug;
  if (debug?.counts === undefined) {
    return undefined;
  }
  // Python's collector frees what JavaScript's can then drop, and the other way round.
  for (let round = 0; round < 2; round++) {
    pyodide.runPython("import gc; gc.collect(); None");
    await collectGarbage();
    await turn();
  }
  pyodide.runPython("import gc; gc.collect(); None");
  return { ...debug.counts() };
}

function grown(before, after) {
  return Object.keys(after).filter((key) => after[key] > before[key]);
}

/**
 * Runs `run` and, if a counter grew, again until it grows no more. Throws what `run` throws, or an
 * Error that names the counters which grew every time.
 */
export async function runWithoutLeak(run, pyodide, collectGarbage) {
  let before = await countsAtRest(pyodide, collectGarbage);
  let suspects;
  const history = [before];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    await run();
    const after = await countsAtRest(pyodide, collectGarbage);
    if (before === undefined || after === undefined) {
      return;
    }
    history.push(after);
    const now = grown(before, after);
    suspects = suspects === undefined ? now : suspects.filter((key) => now.includes(key));
    if (suspects.length === 0) {
      return;
    }
    before = after;
  }
  const series = suspects.map((key) => `${key}: ${history.map((counts) => counts[key]).join(" ")}`);
  throw new Error(`left behind at each of ${REPEATS} runs: ${series.join("; ")}`);
}
