/**
 * The loader: finds and checks the distribution's files, compiles and instantiates the interpreter,
 * mounts the standard library. Every failure rejects with a CoilError; none hangs.
 */

import { type AssetSource, Assets } from "./assets.js";
import type { Bridge } from "./bridge.js";
import { canSuspend, requireEngine, suspending } from "./engine.js";
import { BootError, CoilError } from "./errors.js";
import type {
  ArchiveLibrary,
  ArchiveOptions,
  EntryExports,
  GlueFactory,
  GlueModule,
} from "./glue.js";
import { Interpreter } from "./interpreter.js";
import {
  CORE,
  GLUE,
  LIBRARY_SUFFIX,
  manifest,
  STDLIB,
  STDLIB_SOURCES,
  STDLIB_TESTS,
} from "./manifest.js";

export interface LoadOptions {
  /** Where the files are. */
  readonly source: AssetSource;
  /** Folder under which `lib/python3.13` appears; "" for the root. */
  readonly prefix: string;
  /** Called with the module once the standard library is mounted, for instance to add host files. */
  readonly configure?: (module: GlueModule) => void;
  /** What connects the two languages. */
  readonly bridge?: Bridge;
  /** The glue's default export, where it cannot be imported (service workers). It runs unchecked. */
  readonly glue?: GlueFactory;
  /** Whether Python will compile the standard library anew, so that its sources must be there. */
  readonly compilesLibrary?: boolean;
}

/** The one import that may suspend; see src/runtime/suspend.c. */
const SUSPENDING_IMPORT = "coil_suspend_js";

/** What C calls to have more memory. */
const GROW_IMPORT = "emscripten_resize_heap";

/** Loads an interpreter that is ready to run. Rejects with a CoilError. */
export async function loadInterpreter(options: LoadOptions): Promise<Interpreter> {
  requireEngine();
  const assets = new Assets(options.source, manifest);
  const [factory, core, library, sources] = await Promise.all([
    options.glue ?? importGlue(assets),
    assets.compile(CORE),
    assets.load(STDLIB),
    options.compilesLibrary && !assets.canLoadNow ? assets.load(STDLIB_SOURCES) : null,
  ]);
  const { module, instance } = await instantiate(factory, core, options.bridge);
  const entries = instance.exports as unknown as EntryExports;
  try {
    module.mountArchive(
      `${options.prefix}/lib/python3.13`,
      library,
      archiveOptions(assets, sources),
    );
    options.bridge?.attach(instance.exports, entries.memory, module);
    options.configure?.(module);
  } catch (cause) {
    throw bootError("The standard library could not be mounted", cause);
  }
  return new Interpreter(entries, module);
}

async function importGlue(assets: Assets): Promise<GlueFactory> {
  await assets.load(GLUE);
  try {
    const { default: factory } = (await import(assets.locate(GLUE))) as { default: GlueFactory };
    return factory;
  } catch (cause) {
    throw bootError(`${GLUE} could not be evaluated`, cause);
  }
}

async function instantiate(
  factory: GlueFactory,
  core: WebAssembly.Module,
  bridge: Bridge | undefined,
): Promise<{ module: GlueModule; instance: WebAssembly.Instance }> {
  let instance: WebAssembly.Instance | undefined;
  const module = await new Promise<GlueModule>((resolve, reject) => {
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object => {
      wrapSuspendingImport(imports, bridge);
      addBridge(imports, bridge);
      // The glue waits for `receive` alone: a rejection here would never reach its own promise.
      WebAssembly.instantiate(core, imports).then((created) => {
        instance = created;
        receive(created, core);
      }, reject);
      return {};
    };
    factory({ instantiateWasm }).then(resolve, reject);
  }).catch((cause) => {
    throw bootError("The interpreter could not be instantiated", cause);
  });
  if (instance === undefined) {
    throw new BootError("The interpreter's glue never instantiated it");
  }
  return { module, instance };
}

function wrapSuspendingImport(imports: WebAssembly.Imports, bridge: Bridge | undefined): void {
  const { env } = imports;
  const callee = env?.[SUSPENDING_IMPORT] as ((...values: unknown[]) => unknown) | undefined;
  if (env === undefined || typeof callee !== "function" || !canSuspend()) {
    return;
  }
  env[SUSPENDING_IMPORT] = suspending((...values: unknown[]) => {
    bridge?.willSuspend();
    return callee(...values);
  });
}

/** Puts the bridge's functions in the place of the linker's stubs, and tells it when memory grows. */
function addBridge(imports: WebAssembly.Imports, bridge: Bridge | undefined): void {
  const { env } = imports;
  if (bridge === undefined || env === undefined) {
    return;
  }
  Object.assign(env, bridge.imports);
  const grow = env[GROW_IMPORT] as (size: number) => number;
  env[GROW_IMPORT] = (size: number): number => {
    const grown = grow(size);
    bridge.memoryGrew();
    return grown;
  };
}

function archiveOptions(assets: Assets, sources: Uint8Array | null): ArchiveOptions {
  const options: ArchiveOptions = { libraries: librariesOf(assets) };
  if (sources !== null) {
    options.sources = () => sources;
  } else if (assets.has(STDLIB_SOURCES)) {
    options.sources = assets.canLoadNow
      ? () => assets.loadNow(STDLIB_SOURCES)
      : laterSources(assets);
  }
  if (assets.canLoadNow && assets.has(STDLIB_TESTS)) {
    options.tests = () => assets.loadNow(STDLIB_TESTS);
  }
  return options;
}

/** Side modules of the distribution, which are loaded when Python imports them. */
function librariesOf(assets: Assets): Record<string, ArchiveLibrary> {
  const libraries: Record<string, ArchiveLibrary> = {};
  for (const [name, { size }] of Object.entries(manifest)) {
    if (name.endsWith(LIBRARY_SUFFIX)) {
      libraries[name] = assets.canLoadNow
        ? { size, open: () => assets.loadNow(name) }
        : { size, fetch: () => assets.load(name) };
    }
  }
  return libraries;
}

/**
 * The sources where nothing can be read without waiting: the first need of them starts to load them,
 * and they are null until they are here. A synchronous request would stop the page for megabytes
 * whenever a traceback shows a line of the standard library.
 */
function laterSources(assets: Assets): () => Uint8Array | null {
  let bytes: Uint8Array | null = null;
  let begun = false;
  const begin = (): void => {
    begun = true;
    assets.load(STDLIB_SOURCES).then(
      (loaded) => {
        bytes = loaded;
      },
      (error: Error) => console.warn(`The standard library's sources: ${error.message}`),
    );
  };
  return () => {
    if (!begun) {
      begin();
    }
    return bytes;
  };
}

function bootError(message: string, cause: unknown): CoilError {
  if (cause instanceof CoilError) {
    return cause;
  }
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new BootError(`${message}: ${reason}`, { cause });
}
