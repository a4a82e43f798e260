/** `os.system()`: commands of the host, run by its shell. */

import type { SpawnSyncReturns } from "node:child_process";
import { constants } from "node:os";
import type { ShellStatus } from "../glue.js";

/** The part of Node's child_process that is used. */
interface ChildProcesses {
  spawnSync(
    file: string,
    args: readonly string[],
    options: { argv0: string; env: NodeJS.ProcessEnv; stdio: "inherit" },
  ): SpawnSyncReturns<Buffer>;
}

/** As a shell says that it could not run a command. */
const NOT_RUN = 127;

/** The module is asked for at the first command: few programs run one. */
export function hostShell(
  childProcesses: () => ChildProcesses,
): (command: string, environment: readonly string[]) => ShellStatus {
  return (command, environment) => {
    const env = Object.fromEntries(environment.map(nameAndValue));
    const ended = childProcesses().spawnSync("/bin/sh", ["-c", command], {
      argv0: "sh", // what its messages begin with
      env,
      stdio: "inherit",
    });
    if (ended.error !== undefined) {
      return { status: NOT_RUN, signal: 0 };
    }
    const signal = ended.signal === null ? 0 : constants.signals[ended.signal];
    return { status: ended.status ?? 0, signal };
  };
}

function nameAndValue(variable: string): [string, string] {
  const at = variable.indexOf("=", 1);
  return [variable.slice(0, at), variable.slice(at + 1)];
}
