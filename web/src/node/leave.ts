/**
 * Ends the process at once.
 *
 * process.exit() waits for V8's compilers: a thread that optimises the interpreter's main loop cannot
 * be interrupted, and a program of a third of a second, which has just made that loop hot, ends a
 * tenth of a second late. execve() throws the process away as it is, with its threads, and the shell
 * in its place does nothing but return the status. Killing the process would end it as quickly, but no
 * signal gives a status; a lower rate of optimisation costs every longer program more than this gains.
 */

import * as fs from "node:fs";

const SHELL = "/bin/sh";

/** O_NONBLOCK of Linux in the octal flags that /proc shows of a descriptor. */
const NON_BLOCKING = 0o4000;

/** Node's status for an exception that nobody catches. */
const UNCAUGHT = 1;

const STANDARD_STREAMS = [0, 1, 2];

/** Calls the listeners of "exit", and ends the process. */
export function leave(status: number): never {
  // The last listener: those that the program has added have been called before.
  process.on("exit", () => {
    if (mayBeReplaced()) {
      process.execve?.(SHELL, ["sh", "-c", `exit ${Number(process.exitCode ?? 0) & 0xff}`], {});
    }
  });
  try {
    process.exit(status);
  } catch (error) {
    // A listener's. No other one is called, as in Node itself.
    console.error(error);
    process.exit(UNCAUGHT);
  }
}

/** Whether nobody notices that Node itself does not end the process. */
function mayBeReplaced(): boolean {
  return process.platform === "linux" && !isObserved() && canRunShell() && !hasChangedStreams();
}

const VARIABLES = ["NODE_OPTIONS", "NODE_V8_COVERAGE", "NODE_COMPILE_CACHE"];

/** Profiles, coverage, caches and permissions are Node's to write and to check. */
function isObserved(): boolean {
  return process.execArgv.length > 0 || VARIABLES.some((name) => process.env[name]);
}

function canRunShell(): boolean {
  try {
    fs.accessSync(SHELL, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Node makes standard streams that do not block while it uses them, and has to undo that: they may be
 * shared with other processes. */
function hasChangedStreams(): boolean {
  return STANDARD_STREAMS.some((fd) => (flagsOf(fd) & NON_BLOCKING) !== 0);
}

/** 0 for a descriptor that is closed. */
function flagsOf(fd: number): number {
  try {
    const shown = fs.readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
    return Number.parseInt(/^flags:\s*([0-7]+)/m.exec(shown)?.[1] ?? "0", 8);
  } catch {
    return 0;
  }
}
