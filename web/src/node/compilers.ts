/**
 * How many of V8's threads may compile WebAssembly: as many as leave one processor to the main thread.
 *
 * Node gives V8 four threads whatever the machine has. While the interpreter starts or imports, hundreds
 * of functions become hot at once, and with two processors the compilers then take half of one from
 * the thread that waits for nobody. Node's option --v8-pool-size would do the same, but can be given at
 * the start of a process only.
 */

import { availableParallelism } from "node:os";
import { givenFlag, setFlag } from "./v8_flags.js";

const FLAG = "wasm-num-compilation-tasks";

/** To be called before the interpreter is compiled. An option of Node's own command line has the last
 * word. */
export function spareMainThread(execArgv: readonly string[]): void {
  if (givenFlag(FLAG, execArgv) === undefined) {
    setFlag(FLAG, Math.max(1, availableParallelism() - 1));
  }
}
