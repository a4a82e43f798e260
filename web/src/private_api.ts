/** `pyodide._api`: names that are private by convention, and that programs use all the same. */

import { bytesOfBuffer } from "./archive.js";
import type { BridgeApi } from "./bridge.js";
import type { Config } from "./config.js";
import type { FatalListener } from "./fatal.js";
import type { RuntimeEnv } from "./runtime_env.js";
import type { StandardStreams } from "./streams.js";
import { abiVersion, pythonVersion, SITE_PACKAGES, version } from "./version.js";

export interface PrivateParts {
  readonly api: BridgeApi;
  readonly config: Config;
  readonly env: RuntimeEnv;
  readonly lockFile: object | undefined;
  readonly streams: StandardStreams;
  readonly publicApi: object;
  end(cause: unknown): unknown;
}

/** Modules of Python, by their names here. */
const MODULES = {
  sys: "sys",
  os: "os",
  importlib: "importlib",
  pyodide_code: "pyodide.code",
  pyodide_ffi: "pyodide.ffi",
  pyodide_base: "_pyodide._base",
};

interface LockParts {
  readonly info?: unknown;
  readonly packages?: unknown;
}

export function privateApi(parts: PrivateParts): FatalListener {
  const { api, config, env, lockFile, streams, publicApi } = parts;
  const lock: LockParts = lockFile ?? {};
  const result = {
    config,
    runtimeEnv: env,
    version,
    abiVersion,
    pyVersionTuple: [...pythonVersion],
    sitepackages: SITE_PACKAGES,
    sitePackages: SITE_PACKAGES,
    dsodir: "/usr/lib",
    defaultLdLibraryPath: ["/usr/lib", SITE_PACKAGES],
    globals: api.globals,
    pyodide_py: api.pyodide_py,
    public_api: publicApi,
    isPyProxy: api.isPyProxy,
    PythonError: api.PythonError,
    on_fatal: undefined,
    fatal_error: parts.end,
    _skip_unwind_fatal_error: false,
    _import_name_to_package_name: new Map<string, string>(),
    lockfile: lockFile,
    lockfile_info: lock.info,
    lockfile_packages: lock.packages,
    typedArrayAsUint8Array: (buffer: unknown) => bytesOfBuffer(buffer, "typedArrayAsUint8Array"),
    initializeStreams: streams.initialize.bind(streams),
    scheduleCallback,
    abortSignalAny: (signals: AbortSignal[]) => AbortSignal.any(signals),
  };
  for (const [name, module] of Object.entries(MODULES)) {
    defineLazily(result, name, () => api.pyimport(module));
  }
  return result;
}

/** A member that is computed when it is first read: most programs never do. */
function defineLazily(object: object, name: string, compute: () => unknown): void {
  Object.defineProperty(object, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = compute();
      Object.defineProperty(object, name, { value, configurable: true, enumerable: true });
      return value;
    },
  });
}

/** Below this many milliseconds, timers of browsers are too slow once they are nested. */
const MESSAGE_LIMIT = 4;

/** Calls back after some milliseconds, without the 4 ms that nested timers take at least. */
function scheduleCallback(callback: () => void, milliseconds = 0): void {
  if (milliseconds >= MESSAGE_LIMIT || typeof MessageChannel === "undefined") {
    setTimeout(callback, milliseconds);
    return;
  }
  if (typeof setImmediate === "function" && milliseconds === 0) {
    setImmediate(callback);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(null);
}
