/** Views of linear memory. They change when it grows, so they are read here each time. */

export let U8: Uint8Array;
export let U16: Uint16Array;
export let I32: Int32Array;
export let U32: Uint32Array;
export let F64: Float64Array;

let memory: WebAssembly.Memory;

/** The buffer that all views share; another one after growth. */
export function buffer(): ArrayBuffer {
  return memory.buffer as ArrayBuffer;
}

/** Makes the views anew; to be called when memory has grown. */
export function refreshViews(): void {
  const { buffer } = memory;
  U8 = new Uint8Array(buffer);
  U16 = new Uint16Array(buffer);
  I32 = new Int32Array(buffer);
  U32 = new Uint32Array(buffer);
  F64 = new Float64Array(buffer);
}

export function attachMemory(attached: WebAssembly.Memory): void {
  memory = attached;
  refreshViews();
}
