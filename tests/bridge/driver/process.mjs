/** Browsers as processes with a profile of their own, which is gone afterwards. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Seconds that a browser may take to say where it listens. */
const TIMEOUT = 60;

/** Makes an empty folder for a profile. */
export function makeProfile() {
  return mkdtempSync(join(tmpdir(), "coil-browser-"));
}

/**
 * Starts a browser and waits for the line that says where it listens.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {string} profile Folder, removed when the browser has ended; also its HOME.
 * @param {RegExp} pattern Its first group is the address.
 * @returns {Promise<{address: string, stop(): Promise<void>}>}
 */
export async function startBrowser(program, args, profile, pattern) {
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, HOME: profile, XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile },
    // A group of its own: a browser is many processes, and all must end.
    detached: true,
  });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  const stop = async () => {
    killGroup(child);
    await ended;
    removeProfile(profile);
  };
  try {
    return { address: await addressOf(child, ended, pattern), stop };
  } catch (error) {
    await stop();
    throw new Error(`${program}: ${error.message}`);
  }
}

/** The group of a browser that has ended by itself may be gone. */
function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** Killed processes may still be writing when the first attempt begins. */
function removeProfile(profile) {
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function addressOf(child, ended, pattern) {
  const { promise, resolve, reject } = Promise.withResolvers();
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
    const found = pattern.exec(output);
    if (found) {
      resolve(found[1]);
    }
  });
  const give = (why) => reject(new Error(`${why}; it said:\n${output}`));
  ended.then(() => give("it ended at once"));
  const timer = setTimeout(() => give(`not ready after ${TIMEOUT} s`), TIMEOUT * 1000);
  return promise.finally(() => clearTimeout(timer));
}
