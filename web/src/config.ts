/** The options of loadPyodide(), checked and completed. */

import type { PyodideConfig } from "../types/pyodide.js";
import { hasNodeModules, host } from "./runtime_env.js";
import { abiVersion, SITE_PACKAGES, version } from "./version.js";

/** The options in effect; `pyodide._api.config`. */
export interface Config extends PyodideConfig {
  readonly indexURL: string;
  readonly jsglobals: object;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly packages: string[];
  readonly checkAPIVersion: boolean;
  readonly enableRunUntilComplete: boolean;
  readonly convertNullToNone: boolean;
  readonly toJsLiteralMap: boolean;
  readonly pyproxyToStringRepr: boolean;
  readonly packageBaseUrl: string;
  readonly packageCacheDir: string;
  readonly BUILD_ID: string;
  readonly cdnUrl: string;
}

const DEFAULT_HOME = "/home/pyodide";

/** What programs ask of a user's environment. */
const ENVIRONMENT = { USER: "web_user", LOGNAME: "web_user", PATH: "/", LANG: "en_US.UTF-8" };

/**
 * Completes `options`. Throws TypeError or Error for what cannot be.
 *
 * @param scriptUrl URL of the folder that the loader came from; the default of indexURL.
 */
export function configOf(options: PyodideConfig, scriptUrl: string | undefined): Config {
  checkTypes(options);
  checkChoices(options);
  const indexURL = folderUrl(options.indexURL ?? scriptUrl);
  const { lockFileURL = `${indexURL}pyodide-lock.json`, lockFileContents } = options;
  const packageBaseUrl = options.packageBaseUrl ?? packageBase(lockFileURL, lockFileContents);
  return {
    ...options,
    indexURL,
    jsglobals: options.jsglobals ?? globalThis,
    args: options.args ?? [],
    env: environmentOf(options.env ?? {}),
    packages: options.packages ?? [],
    checkAPIVersion: options.checkAPIVersion ?? true,
    enableRunUntilComplete: options.enableRunUntilComplete ?? true,
    convertNullToNone: options.convertNullToNone ?? false,
    toJsLiteralMap: options.toJsLiteralMap ?? false,
    pyproxyToStringRepr: options.pyproxyToStringRepr ?? false,
    packageBaseUrl,
    packageCacheDir: options.packageCacheDir ?? packageBaseUrl,
    BUILD_ID: options.BUILD_ID ?? version,
    cdnUrl: options.cdnUrl ?? indexURL,
  };
}

const STRINGS = [
  "indexURL",
  "packageBaseUrl",
  "packageCacheDir",
  "cdnUrl",
  "lockFileURL",
  "stdLibURL",
  "BUILD_ID",
] as const;
const LISTS = ["args", "packages"] as const;
const FUNCTIONS = ["stdin", "stdout", "stderr", "fsInit", "createPyodideModule"] as const;
const OBJECTS = ["env", "jsglobals"] as const;

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isObject(value: unknown): boolean {
  return /object|function/.test(typeof value) && !Array.isArray(value);
}

/** Throws a TypeError if one of the options `names` is given and is not what `accepts` wants. */
function checkEach(
  options: PyodideConfig,
  names: readonly (keyof PyodideConfig)[],
  kind: string,
  accepts: (value: unknown) => boolean,
): void {
  for (const name of names) {
    const value: unknown = options[name] ?? undefined;
    if (value !== undefined && !accepts(value)) {
      throw new TypeError(`loadPyodide: ${name} must be ${kind}, not ${typeof value}`);
    }
  }
}

function checkTypes(options: PyodideConfig): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`loadPyodide: the options must be an object, not ${String(options)}`);
  }
  checkEach(options, STRINGS, "a string", (value) => typeof value === "string");
  checkEach(options, LISTS, "an array of strings", isStrings);
  checkEach(options, FUNCTIONS, "a function", (value) => typeof value === "function");
  checkEach(options, OBJECTS, "an object", isObject);
}

function checkChoices(options: PyodideConfig): void {
  if (options.lockFileURL !== undefined && options.lockFileContents !== undefined) {
    throw new Error(
      "loadPyodide: lockFileURL and lockFileContents cannot both be passed; give one of them",
    );
  }
  if (options.packages !== undefined && options.packages.length > 0) {
    throw new Error(
      "loadPyodide: packages cannot be loaded yet: this version of Coil has no package loader. " +
        "Leave the option out, or write the packages' files into site-packages in fsInit",
    );
  }
}

function environmentOf(given: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    if (name === "" || /[=\0]/.test(name) || typeof value !== "string" || value.includes("\0")) {
      throw new TypeError(`loadPyodide: env: ${JSON.stringify(name)} is no variable with a string`);
    }
  }
  const home = given["HOME"] ?? DEFAULT_HOME;
  const libraries = `/usr/lib:${SITE_PACKAGES}`;
  return {
    ...ENVIRONMENT,
    HOME: home,
    PWD: home,
    PYTHONINSPECT: "1",
    LD_LIBRARY_PATH: libraries,
    ...given,
  };
}

/** An absolute URL with a slash at its end. */
function folderUrl(folder: string | undefined): string {
  if (folder === undefined) {
    throw new Error(
      "loadPyodide: it cannot be found out where the loader's script came from; pass indexURL",
    );
  }
  const withSlash = folder.endsWith("/") ? folder : `${folder}/`;
  return absoluteUrl(withSlash);
}

/** Relative to the page or to the working directory; in Node, paths are allowed. */
export function absoluteUrl(place: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(place)) {
    return place;
  }
  return new URL(hasNodeModules() ? encodePath(place) : place, hostBase()).href;
}

/** A path may hold characters that mean something in URLs. */
function encodePath(path: string): string {
  return path.replaceAll(/[%?#]/g, encodeURIComponent).replaceAll("\\", "/");
}

function hostBase(): string {
  if (hasNodeModules()) {
    const folder = encodePath(`${process.cwd()}/`);
    return `file://${folder.startsWith("/") ? "" : "/"}${folder}`;
  }
  const href = host.location?.href ?? "";
  if (/^(blob|data|about):/.test(href)) {
    throw new Error("loadPyodide: pass an absolute indexURL: this page or worker has no address");
  }
  return href;
}

function packageBase(lockFileURL: string, contents: unknown): string {
  if (contents !== undefined) {
    return host.location?.href ?? ".";
  }
  return lockFileURL.slice(0, lockFileURL.lastIndexOf("/") + 1);
}

/** The part of a lock file that is looked at. */
interface LockFile {
  readonly info?: { readonly abi_version?: string };
}

/** Parses and checks the lock file that was passed in; undefined if none was. */
export async function lockFileOf(config: Config): Promise<object | undefined> {
  const contents = await config.lockFileContents;
  if (contents === undefined) {
    return undefined;
  }
  const lock = (typeof contents === "string" ? JSON.parse(contents) : contents) as LockFile;
  const abi = lock.info?.abi_version;
  if (abi !== abiVersion) {
    throw new Error(
      `loadPyodide: the lock file is for ABI ${abi}, this interpreter has ABI ${abiVersion}; ` +
        "use the lock file of this version",
    );
  }
  return lock;
}
