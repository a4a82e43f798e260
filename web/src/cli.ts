/**
 * The command `coil`: CPython's command line in Node.
 *
 * All options are CPython's, but one: `--isolated-fs`, before all others, runs in memory alone and
 * does not touch the host's files.
 */

import * as fs from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CoilError } from "./errors.js";
import type { GlueModule } from "./glue.js";
import type { CommandLine } from "./interpreter.js";
import { connectOnImport, newBridge } from "./load.js";
import { loadInterpreter } from "./loader.js";
import { nodeAssets } from "./node/assets.js";
import { spareMainThread } from "./node/compilers.js";
import { engineStack } from "./node/engine_stack.js";
import { hostArguments, hostEnvironment } from "./node/host_strings.js";
import { leave } from "./node/leave.js";
import { hostShell } from "./node/shell.js";

const ISOLATED = "--isolated-fs";

/** As if the interpreter had been killed by SIGABRT, which is how a native one dies. */
const DIED = 134;

const distribution = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const source = nodeAssets(distribution, {
  readFileSync: (path) => fs.readFileSync(path),
  pathToFileURL,
  crypto: () => require("node:crypto") as typeof import("node:crypto"),
});

/** Runs the command and ends the process with its status. */
export async function main(): Promise<never> {
  leaveDebuggerClosed();
  spareMainThread(process.execArgv);
  leave(await runOrDie(process.argv.slice(2)));
}

async function runOrDie(given: readonly string[]): Promise<number> {
  try {
    return await run(given);
  } catch (error) {
    const shown = error instanceof CoilError ? `${error.name}: ${error.message}` : error;
    console.error("coil:", shown);
    return DIED;
  }
}

/** Node takes SIGUSR1 for opening V8's debugger. A listener that came and went gives the system's
 * default back: the signal ends the process. */
function leaveDebuggerClosed(): void {
  const listener = (): void => {};
  process.on("SIGUSR1", listener);
  process.off("SIGUSR1", listener);
}

async function run(given: readonly string[]): Promise<number> {
  const isolated = given[0] === ISOLATED;
  const bridge = newBridge();
  const interpreter = await loadInterpreter({
    source,
    bridge,
    prefix: isolated ? "" : distribution,
    configure: (module) => {
      connectOnImport(bridge, module, pathToFileURL(`${distribution}/`).href);
      if (!isolated) {
        addHostFiles(module);
      }
    },
  });
  const rest = hostArguments(isolated ? given.slice(1) : given);
  const command = isolated ? isolatedCommand(rest) : hostCommand(rest);
  const stack = engineStack(process.execArgv);
  const status = await interpreter.runCommandLine({ ...command, stack });
  // Listeners of "exit" may hold functions of Python.
  bridge.end({ name: "ExitStatus", status });
  return status;
}

function isolatedCommand(rest: CommandLine["argv"]): CommandLine {
  return {
    argv: ["/bin/coil", ...rest],
    environment: hostEnvironment(process.env),
    workingDirectory: "",
  };
}

function hostCommand(rest: CommandLine["argv"]): CommandLine {
  return {
    // Not the real path: a virtual environment is found beside the link that it was started by.
    argv: [process.argv[1] ?? `${distribution}/bin/coil`, ...rest],
    environment: hostEnvironment(process.env),
    workingDirectory: "",
  };
}

function addHostFiles(module: GlueModule): void {
  const library = `${distribution}/lib/python3.13`;
  const folders = [`${library}/site-packages`, `${library}/lib-dynload`];
  module.activateHostFS({
    fs,
    process,
    shell: hostShell(() => require("node:child_process") as typeof import("node:child_process")),
    reserved: [library],
    // Where an installation has left out an empty folder, the one in memory stays in its place.
    host: folders.filter((folder) => fs.existsSync(folder)),
  });
}
