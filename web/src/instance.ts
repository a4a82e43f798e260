/** The object that loadPyodide() gives. */

import { unpackArchive } from "./archive.js";
import type { BridgeApi, RunOptions } from "./bridge.js";
import type { Config } from "./config.js";
import { endInterpreter, endOf, isFatal } from "./fatal.js";
import { mountNodeFolder } from "./file_system.js";
import type { GlueModule } from "./glue.js";
import { privateApi } from "./private_api.js";
import type { RuntimeEnv } from "./runtime_env.js";
import type { StandardStreams, StdinOptions, StdoutOptions } from "./streams.js";
import { ownVersion, version } from "./version.js";

export interface Parts {
  readonly api: BridgeApi;
  readonly module: GlueModule;
  readonly config: Config;
  readonly env: RuntimeEnv;
  readonly lockFile: object | undefined;
  readonly streams: StandardStreams;
  readonly isFolder: ((path: string) => boolean) | undefined;
}

/** Members of the API that this version does not have yet, and what they need. */
const MISSING = {
  loadPackage: "a package loader",
  loadPackagesFromImports: "a package loader",
  mountNativeFS: "an asynchronous file system",
  registerComlink: "conversions of Comlink's proxies",
  useNodeSockFS: "sockets",
  makeMemorySnapshot: "memory snapshots",
};

/** The interpreter's end, shared by all that may meet it. */
export class End {
  private cause: { readonly error: unknown } | undefined;

  constructor(
    private readonly publicApi: Record<string, unknown>,
    private readonly streams: StandardStreams,
  ) {}

  /** Ends the interpreter, once. Returns the error to throw. */
  readonly reach = (error: unknown): unknown => {
    if (this.cause === undefined) {
      this.cause = { error };
      this.streams.flushQuietly();
      endInterpreter(this.publicApi, this.publicApi["_api"] ?? {}, error);
    }
    return error;
  };

  /** Throws for functions that somebody kept: the members themselves are gone. */
  requireLife(): void {
    if (this.cause !== undefined) {
      throw endOf(this.cause.error);
    }
  }

  /** Calls `body`; what kills the interpreter is noted. Throws if it is dead already. */
  watch<T>(body: () => T): T {
    this.requireLife();
    try {
      return body();
    } catch (error) {
      throw isFatal(error) ? this.reach(error) : error;
    }
  }
}

/**
 * Fills `target`. All functions are closures: they work when they are passed around.
 *
 * @param target The object that the bridge was started with, still empty.
 */
export function fillInstance(target: Record<string, unknown>, parts: Parts, end: End): void {
  const { api, module, config, lockFile, streams } = parts;
  const { FS, PATH, ERRNO_CODES } = module;
  Object.assign(target, execution(api, end), {
    globals: api.globals,
    pyodide_py: api.pyodide_py,
    ffi: api.ffi,
    FS,
    PATH,
    ERRNO_CODES,
    canvas: canvasApi(module),
    loadedPackages: {},
    lockfile: lockFile,
    lockfileBaseUrl: config.packageBaseUrl,
    unpackArchive: (buffer: unknown, format: string, options: { extractDir?: string } = {}) =>
      end.watch(() => unpackArchive(module, api, buffer, format, options.extractDir)),
    mountNodeFS: (path: string, hostPath: string) =>
      mountNodeFolder(module, parts.isFolder, path, hostPath),
    setStdin: (options?: StdinOptions) => streams.setStdin(options),
    setStdout: (options?: StdoutOptions) => streams.setStdout(options),
    setStderr: (options?: StdoutOptions) => streams.setStderr(options),
    version,
    coil: { version: ownVersion, _debug: api.debug },
    _module: module,
  });
  for (const [name, what] of Object.entries(MISSING)) {
    target[name] = missing(name, what);
  }
  target["_api"] = privateApi({ ...parts, publicApi: target, end: end.reach });
}

function execution(api: BridgeApi, end: End): object {
  return {
    runPython: (code: string, options?: RunOptions) =>
      end.watch(() => api.runPython(code, options)),
    runPythonAsync: async (code: string, options?: RunOptions) => {
      end.requireLife();
      try {
        return await api.runPythonAsync(code, options);
      } catch (error) {
        throw isFatal(error) ? end.reach(error) : error;
      }
    },
    pyimport: (name: string) => end.watch(() => api.pyimport(name)),
    registerJsModule: (name: string, module: object) =>
      end.watch(() => api.registerJsModule(name, module)),
    unregisterJsModule: (name: string) => end.watch(() => api.unregisterJsModule(name)),
    toPy: (object: unknown, options?: object) => end.watch(() => api.toPy(object, options)),
    setInterruptBuffer: (buffer: unknown) => api.setInterruptBuffer(buffer),
    checkInterrupt: () => end.watch(() => api.checkInterrupt()),
    setDebug: (on: boolean) => api.setDebug(on),
  };
}

/** One slot for both kinds of canvas, where programs that draw look for it. */
function canvasApi(module: GlueModule): object {
  const set = (canvas: unknown): void => {
    module.canvas = canvas;
  };
  const get = (): unknown => module.canvas;
  return { setCanvas2D: set, getCanvas2D: get, setCanvas3D: set, getCanvas3D: get };
}

function missing(name: string, what: string): () => never {
  return () => {
    throw new Error(`pyodide.${name}() is not there yet: this version of Coil has no ${what}`);
  };
}
