/** What build.mjs makes of index.ts: a function that makes a bridge with state of its own. */
import type { Outside } from "./finalizers.js";
import type * as bridge from "./index.js";

export type Bridge = typeof bridge;
export function createBridge(outside: Outside): Bridge;
