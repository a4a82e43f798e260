/** Handlers of standard output and standard error. */

import { oneHandler, requireFunction } from "./stream_errors.js";

export interface TerminalSize {
  rows: number;
  columns: number;
}

export interface StdoutOptions {
  batched?: (line: string) => void;
  raw?: (byte: number) => void;
  write?: (buffer: Uint8Array) => number;
  isatty?: boolean;
  fsync?: () => void;
  getTerminalSize?: () => TerminalSize | undefined;
}

export interface OutputSink {
  readonly isatty: boolean;
  size(): TerminalSize | undefined;
  /** Takes the start of `bytes` and returns how much. Errors are the handler's. */
  write(bytes: Uint8Array): number;
  /** Hands over what is held back. */
  flush(): void;
  /** What os.fsync() asks for. */
  sync(): void;
}

const CALLER = "setStdout or setStderr";
const NEWLINE = 10;

/** The sink that the options describe; undefined for none. Throws TypeError. */
export function chooseOutput(options: StdoutOptions): OutputSink | undefined {
  const name = oneHandler(options, ["batched", "raw", "write"], CALLER);
  if (name === undefined) {
    return undefined;
  }
  requireFunction(options[name], name, CALLER);
  for (const optional of ["fsync", "getTerminalSize"] as const) {
    if (options[optional] !== undefined) {
      requireFunction(options[optional], optional, CALLER);
    }
  }
  if (name === "batched") {
    return batched(options);
  }
  const common = {
    isatty: Boolean(options.isatty),
    size: () => options.getTerminalSize?.(),
    flush: () => {},
    sync: () => options.fsync?.(),
  };
  return { ...common, write: name === "raw" ? raw(options) : writer(options) };
}

function raw(options: StdoutOptions): OutputSink["write"] {
  return (bytes) => {
    // A copy: the handler may call Python, and the memory may grow.
    for (const byte of bytes.slice()) {
      options.raw?.(byte);
    }
    return bytes.length;
  };
}

function writer(options: StdoutOptions): OutputSink["write"] {
  return (bytes) => {
    const { length } = bytes;
    const count = options.write?.(bytes) ?? 0;
    // Nothing taken and no error: Python would offer the same bytes for ever.
    if (!Number.isInteger(count) || count > length || (count <= 0 && length > 0)) {
      throw new RangeError(`the write handler returned ${count} for ${length} bytes`);
    }
    return count;
  };
}

function batched(options: StdoutOptions): OutputSink {
  if (options.isatty) {
    throw new TypeError(`${CALLER}: a batched handler is no terminal; use raw or write for isatty`);
  }
  let held: Uint8Array[] = [];
  const deliver = (): void => {
    const line = new TextDecoder().decode(joined(held));
    held = [];
    options.batched?.(line);
  };
  const flush = (): void => {
    if (held.length > 0) {
      deliver();
    }
  };
  return {
    isatty: false,
    size: () => undefined,
    flush,
    sync: flush,
    write: (bytes) => {
      // A copy: the handler may call Python, and the memory may grow.
      const all = bytes.slice();
      let start = 0;
      for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
        held.push(all.subarray(start, end));
        start = end + 1;
        deliver();
      }
      if (start < all.length) {
        held.push(all.subarray(start));
      }
      return all.length;
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) {
    return first;
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
