/**
 * How much of each of the three heaps is in use: the memory of wasm, JavaScript's heap, and the
 * tables of handles and proxies.
 */

/**
 * Blocks of Python's own allocator are counted apart from the memory that malloc() has given out:
 * of the arenas that the former takes from the latter, only the blocks in use count.
 */
const MEASURE = `
import ctypes, gc, sys

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in
        "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

mallinfo = ctypes.CDLL(None).mallinfo
mallinfo.restype = Info

def measure():
    gc.collect()
    return f"{sys.getallocatedblocks()} {mallinfo().uordblks}"

measure
`;

/** The smallest block of Python's allocator, in bytes: what a block is taken to be. */
const BLOCK = 16;

/** What one entry of a table costs at least, in bytes: a pointer. */
const ENTRY = 4;

/** A turn of the event loop, so that finalisation callbacks run. */
function turn() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

export class Heaps {
  #t;
  #globals;
  #measure;

  /** @param t What a test gets; it must end with {@link close}. */
  constructor(t) {
    this.#t = t;
    this.#globals = t.pyodide.runPython("{}");
    this.#measure = t.pyodide.runPython(MEASURE, { globals: this.#globals });
  }

  /**
   * Bytes in use, for each heap, when both collectors have had their turns. JavaScript's heap is
   * there in Node alone: browsers tell of their whole process, or with noise.
   */
  async inUse() {
    let blocks;
    let allocated;
    for (let round = 0; round < 3; round++) {
      [blocks, allocated] = this.#measure().split(" ").map(Number);
      await this.#t.collectGarbage();
      await turn();
    }
    const { handles, proxies } = this.#t.pyodide.coil._debug.counts();
    return {
      "blocks of Python": blocks * BLOCK,
      malloc: allocated,
      "handles of JavaScript": handles * ENTRY,
      "proxies of Python": proxies * ENTRY,
      ...(this.#t.host === "node" && { "heap of JavaScript": process.memoryUsage().heapUsed }),
    };
  }

  close() {
    this.#measure.destroy();
    this.#globals.destroy();
  }
}
