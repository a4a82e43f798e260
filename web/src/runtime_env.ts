/** What kind of host this JavaScript runs in. */

/** Names that exist in some hosts only. */
interface HostGlobals {
  readonly process?: { readonly versions?: { readonly node?: string }; readonly browser?: unknown };
  readonly Bun?: unknown;
  readonly Deno?: unknown;
  readonly navigator?: { readonly userAgent?: string };
  readonly document?: { readonly createElement?: unknown };
  readonly WorkerGlobalScope?: unknown;
  readonly importScripts?: unknown;
  readonly prompt?: (message?: string) => string | null;
  readonly location?: { readonly href?: string };
}

export const host = globalThis as unknown as HostGlobals;

export interface RuntimeEnv {
  readonly IN_NODE: boolean;
  readonly IN_NODE_COMMONJS: boolean;
  readonly IN_NODE_ESM: boolean;
  readonly IN_BUN: boolean;
  readonly IN_DENO: boolean;
  readonly IN_WORKERD: boolean;
  readonly IN_BROWSER: boolean;
  readonly IN_BROWSER_MAIN_THREAD: boolean;
  readonly IN_BROWSER_WEB_WORKER: boolean;
  readonly IN_SAFARI: boolean;
  readonly IN_SHELL: boolean;
}

/** Whether Node's modules are there; Bun and Deno have them too. */
export function hasNodeModules(): boolean {
  return typeof host.process?.versions?.node === "string" && !host.process.browser;
}

/** @param commonJs Whether the loader was loaded by require(). */
export function runtimeEnv(commonJs: boolean): RuntimeEnv {
  const agent = host.navigator?.userAgent ?? "";
  const [bun, deno] = [host.Bun !== undefined, host.Deno !== undefined];
  const workerd = agent === "Cloudflare-Workers";
  const node = hasNodeModules() && !bun && !deno && !workerd;
  const page = typeof host.document?.createElement === "function";
  const worker = !page && typeof host.WorkerGlobalScope === "function";
  const browser = !node && !bun && !deno && !workerd && (page || worker);
  return {
    IN_NODE: node,
    IN_NODE_COMMONJS: node && commonJs,
    IN_NODE_ESM: node && !commonJs,
    IN_BUN: bun,
    IN_DENO: deno,
    IN_WORKERD: workerd,
    IN_BROWSER: browser,
    IN_BROWSER_MAIN_THREAD: browser && page,
    IN_BROWSER_WEB_WORKER: browser && worker,
    IN_SAFARI: browser && /^((?!chrome|android).)*safari/i.test(agent),
    IN_SHELL: !node && !bun && !deno && !workerd && !browser,
  };
}
