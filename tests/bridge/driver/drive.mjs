/**
 * Runs a plan to its end, whatever the tests do: a test that hangs or kills its engine is a failure,
 * and the engine is started again for the rest.
 */

import { start } from "./engines.mjs";

/** Seconds for what is not a test: starting, loading files, the time between two tests. */
const QUIET = 90;

/** Beyond the time that the engine itself gives a test, in seconds. */
const GRACE = 5;

/**
 * @param {object} options name, plan, folders, isolated.
 * @param {object} listener onResult({key, error, milliseconds}), which returns whether to end here;
 *   onMessage(text).
 * @returns {Promise<void>} Rejects when the engine cannot be started at all.
 */
export async function drive(options, listener) {
  const done = new Set();
  let finished = false;
  while (!finished) {
    const before = done.size;
    const { stray, running } = await runOnce({ ...options, done }, listener);
    if (stray === undefined) {
      finished = true;
    } else if (running !== undefined) {
      done.add(running);
      finished = listener.onResult({ key: running, error: stray, milliseconds: Number.NaN });
    } else if (done.size === before) {
      throw new Error(stray);
    } else {
      listener.onResult({ key: "(between tests)", error: stray, milliseconds: Number.NaN });
    }
  }
}

/** Runs until all is done or something goes wrong: {stray: what, running: the test it was in}. */
async function runOnce({ name, plan, folders, isolated, done }, listener) {
  const { promise: outcome, resolve } = Promise.withResolvers();
  let running;
  let timer;
  let isOver = false;
  const expectWithin = (seconds) => {
    clearTimeout(timer);
    const what = () => `no sign of life for ${seconds} s`;
    timer = setTimeout(() => resolve({ stray: what(), running }), seconds * 1000);
  };
  const handlers = {
    start({ key, timeout }) {
      running = key;
      expectWithin(timeout + GRACE);
    },
    end(result) {
      running = undefined;
      done.add(result.key);
      if (listener.onResult(result)) {
        isOver = true; // the engine does not know, and goes on until it is stopped
        resolve({});
      }
      expectWithin(QUIET);
    },
    stray: ({ text }) => resolve({ stray: text, running }),
    died: ({ text }) => resolve({ stray: text, running }),
    done: () => resolve({}),
  };
  const onEvent = (event) => {
    if (!isOver) {
      handlers[event.kind](event);
    }
  };
  const engine = await start(
    name,
    { ...plan, done: [...done] },
    folders,
    isolated,
    onEvent,
    listener.onMessage,
  );
  expectWithin(QUIET);
  try {
    return await outcome;
  } finally {
    clearTimeout(timer);
    await engine.stop();
  }
}
