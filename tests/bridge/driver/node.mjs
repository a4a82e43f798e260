/** Node as the engine under test: a process of its own. */

import { fork } from "node:child_process";
import { join } from "node:path";

/**
 * Starts Node `program` on `plan`.
 *
 * @param {string} program
 * @param {object} start plan, dist, tests: what harness/node.mjs is sent.
 * @param {(event: object) => void} onEvent
 * @param {(text: string) => void} onMessage Output, and how the process ended if it ended early.
 * @returns {{stop(): Promise<void>}}
 */
export function openInNode(program, start, onEvent, onMessage) {
  const child = fork(join(import.meta.dirname, "../harness/node.mjs"), {
    execPath: program,
    execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", onMessage);
  }
  child.on("message", onEvent);
  child.once("exit", (code, signal) => {
    // Nothing when all tests were reported before: the caller listens no more.
    onEvent({ kind: "died", text: `Node ended with ${signal ?? `status ${code}`}` });
  });
  child.send(start);
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { stop };
}
