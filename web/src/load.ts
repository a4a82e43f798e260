/** loadPyodide(): options, loading, boot, bridge, and the object that all of it is about. */

import { createBridge } from "coil-bridge";
import type { PyodideConfig } from "../types/pyodide.js";
import type { Bridge } from "./bridge.js";
import { absoluteUrl, type Config, configOf, lockFileOf } from "./config.js";
import { CoilError } from "./errors.js";
import { makeFolders, mendFileSystem } from "./file_system.js";
import { Finalizers } from "./finalizers.js";
import type { GlueFactory, GlueModule } from "./glue.js";
import { End, fillInstance, type Parts } from "./instance.js";
import type { Interpreter } from "./interpreter.js";
import { loadInterpreter } from "./loader.js";
import { STDLIB } from "./manifest.js";
import { type Platform, platform } from "./platform.js";
import { runtimeEnv } from "./runtime_env.js";
import { StandardStreams } from "./streams.js";
import { SITE_PACKAGES, version } from "./version.js";

/** Where the loader's own script came from, as far as that can be known. */
export interface Origin {
  /** URL of its folder. */
  readonly folder: string | undefined;
  readonly commonJs: boolean;
}

/** What `sys.executable` says: a name, since there is no such file. */
const EXECUTABLE = "/bin/python3.13";

/** Loads an interpreter. Every failure is a rejection. */
export async function load(options: PyodideConfig, origin: Origin): Promise<object> {
  const config = configOf(options, origin.folder);
  const lockFile = await lockFileOf(config);
  const files = await platform(config.indexURL, placesOf(config));
  const bridge = newBridge();
  const interpreter = await loadInterpreter({
    source: files.source,
    prefix: "",
    bridge,
    compilesLibrary: optimizes(config),
    ...(config.createPyodideModule && { glue: config.createPyodideModule as GlueFactory }),
  });
  return await start(interpreter, bridge, config, { files, lockFile, origin });
}

/** A bridge for one interpreter. */
export function newBridge(): Bridge {
  return createBridge({ Finalizers }) as unknown as Bridge;
}

interface Surroundings {
  readonly files: Platform;
  readonly lockFile: object | undefined;
  readonly origin: Origin;
}

async function start(
  interpreter: Interpreter,
  bridge: Bridge,
  config: Config,
  { files, lockFile, origin }: Surroundings,
): Promise<object> {
  const { module } = interpreter;
  mendFileSystem(module);
  makeFolders(module, config.env["HOME"] ?? "/");
  await config.fsInit?.(module.FS, { sitePackages: SITE_PACKAGES });
  const streams = new StandardStreams(module);
  streams.initialize(config.stdin, config.stdout, config.stderr);
  bootPython(interpreter, config);
  const env = runtimeEnv(origin.commonJs);
  const { isFolder } = files;
  const pyodide = connect(bridge, { module, config, env, lockFile, streams, isFolder });
  checkVersion(pyodide, config);
  return pyodide;
}

/** Starts the bridge of a running Python; returns the public object. */
function connect(
  bridge: Bridge,
  parts: Omit<Parts, "api">,
  loopOnImport = false,
): Record<string, unknown> {
  const { config, streams } = parts;
  const pyodide: Record<string, unknown> = {};
  const end = new End(pyodide, streams);
  const { jsglobals, convertNullToNone, toJsLiteralMap, pyproxyToStringRepr } = config;
  const { enableRunUntilComplete } = config;
  const behaviour = { convertNullToNone, toJsLiteralMap, pyproxyToStringRepr };
  const more = { enableRunUntilComplete, loopOnImport, publicApi: pyodide, onFatal: end.reach };
  parts.module.onThreadError ??= bridge.end;
  bridge.start({ jsglobals, ...behaviour, ...more });
  fillInstance(pyodide, { ...parts, api: bridge.api }, end);
  return pyodide;
}

/**
 * Has the bridge of a command line start when the program first needs it: when it imports `js`, or
 * connects to a server.
 *
 * @param indexURL URL of the distribution's folder.
 */
export function connectOnImport(bridge: Bridge, module: GlueModule, indexURL: string): void {
  module.beginBridge = () => {
    const env = runtimeEnv(false);
    const streams = new StandardStreams(module);
    const config = configOf({}, indexURL);
    const parts = { module, config, env, lockFile: undefined, streams, isFolder: undefined };
    connect(bridge, parts, true);
  };
}

/** Whether Python drops assertions, for which the distribution has no compiled library. */
function optimizes({ args, env }: Config): boolean {
  return args.some((option) => /^-[a-zA-Z]*O/.test(option)) || Boolean(env["PYTHONOPTIMIZE"]);
}

/** URLs of files that an option says are not in the distribution's folder. */
function placesOf(config: Config): Record<string, string> {
  return config.stdLibURL === undefined ? {} : { [STDLIB]: absoluteUrl(config.stdLibURL) };
}

function bootPython(interpreter: Interpreter, config: Config): void {
  const executable = config._sysExecutable ?? EXECUTABLE;
  const environment = { ...config.env, _: executable };
  interpreter.boot({
    argv: [executable, ...config.args],
    environment: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    workingDirectory: config.env["HOME"] ?? "/",
  });
}

/** The files' hashes make this nearly impossible; a changed `pyodide` package would be the case. */
function checkVersion(pyodide: Record<string, unknown>, config: Config): void {
  if (!config.checkAPIVersion) {
    return;
  }
  const { __version__: python } = pyodide["pyodide_py"] as { readonly __version__: string };
  if (python !== version) {
    throw new CoilError(
      `loadPyodide: the loader has version ${version}, the Python package pyodide ${python}; ` +
        "use files of one distribution, or pass checkAPIVersion: false",
    );
  }
}
