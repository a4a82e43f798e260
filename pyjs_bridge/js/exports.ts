/** The functions of C, once there is an instance. */

import type { BridgeExports } from "./generated.js";

/** What of Emscripten's own exports the bridge needs. */
interface MemoryExports {
  coil_allocate(size: number): number;
  free(address: number): void;
}

export let C: BridgeExports & MemoryExports;

export function attachExports(exports: WebAssembly.Exports): void {
  C = exports as unknown as typeof C;
}
