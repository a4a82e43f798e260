/** Handlers of standard input. */

import { type HandlerErrors, oneHandler, requireFunction } from "./stream_errors.js";

/** What a `stdin` handler may give; null or undefined is the end. */
export type InputValue = string | ArrayBuffer | ArrayBufferView | number | null | undefined;

export interface StdinOptions {
  stdin?: () => InputValue | PromiseLike<InputValue>;
  read?: (buffer: Uint8Array) => number;
  error?: boolean;
  isatty?: boolean;
  autoEOF?: boolean;
}

export interface InputSource {
  readonly isatty: boolean;
  size(): undefined;
  /** Fills the start of `into` and returns how much; 0 is the end. Errors are the handler's. */
  read(into: Uint8Array): number;
  /** Asked before a read that may wait; without it no read has to. */
  readonly arrival?: Arrival;
}

/** As src/runtime/descriptor_wait.c asks for it: 1 for READY, 2 for WAITS. */
export interface Arrival {
  await(): 1 | 2;
  cancel(): void;
}

const CALLER = "setStdin";
const NEWLINE = 10;

/** The source that the options describe; undefined for none. Throws TypeError. */
export function chooseInput(
  options: StdinOptions,
  errors: HandlerErrors,
  wake: () => void,
): InputSource | undefined {
  const name = oneHandler(options, ["stdin", "read", "error"], CALLER);
  if (name === undefined) {
    return undefined;
  }
  const common = { isatty: Boolean(options.isatty), size: () => undefined };
  if (name === "error") {
    return { ...common, read: () => errors.fail(errors.codes["EIO"] ?? 0) };
  }
  requireFunction(options[name], name, CALLER);
  return name === "read"
    ? { ...common, read: reader(options) }
    : { ...common, ...values(options, errors, wake) };
}

function reader(options: StdinOptions): InputSource["read"] {
  return (into) => {
    const count = options.read?.(into) ?? 0;
    if (!Number.isInteger(count) || count < 0 || count > into.length) {
      throw new RangeError(`the read handler returned ${count} for ${into.length} bytes`);
    }
    return count;
  };
}

function values(
  options: StdinOptions,
  errors: HandlerErrors,
  wake: () => void,
): Required<Pick<InputSource, "read" | "arrival">> {
  const answers = new Answers(options, wake);
  const next = (): Uint8Array | undefined => {
    const value = answers.take();
    if (isThenable(value)) {
      errors.complain(
        "stdin: the handler returned a promise, for which this read cannot wait: Python was called " +
          "synchronously; use runPythonAsync() or callPromising()",
      );
      errors.fail(errors.codes["EIO"] ?? 0);
    }
    const bytes = encode(value);
    if (bytes === null) {
      errors.complain(
        `stdin: the handler returned ${typeof value}; it must return a string, bytes, a number from ` +
          "0 to 255, or null for the end",
      );
      errors.fail(errors.codes["EIO"] ?? 0);
    }
    return bytes;
  };
  const pending = new Pending(next);
  return {
    read:
      options.autoEOF === false
        ? (into) => pending.fill(into, () => answers.mayWait)
        : (into) => pending.serveOne(into),
    arrival: {
      await: () => (pending.hasSome() || answers.ask() ? 1 : 2),
      cancel: () => {},
    },
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** What a handler answers, at once or by a promise. */
class Answers {
  /** Whether the last answer was a promise. */
  mayWait = false;
  private answer: { value?: unknown; error?: unknown } | undefined;
  private waits = false;

  constructor(
    private readonly options: StdinOptions,
    private readonly wake: () => void,
  ) {}

  /** Asks the handler, once for each value. Returns whether its answer is here. */
  ask(): boolean {
    if (this.answer === undefined && !this.waits) {
      try {
        this.receive(this.options.stdin?.());
      } catch (error) {
        this.answer = { error };
      }
    }
    return this.answer !== undefined;
  }

  /** The answer, asked for if it was not; a promise if it is not here. Throws what the handler threw. */
  take(): InputValue | PromiseLike<unknown> {
    if (!this.ask()) {
      return Promise.resolve();
    }
    const { answer } = this;
    this.answer = undefined;
    if (answer !== undefined && "error" in answer) {
      throw answer.error;
    }
    return answer?.value as InputValue;
  }

  private receive(value: unknown): void {
    this.mayWait = isThenable(value);
    if (!isThenable(value)) {
      this.answer = { value };
      return;
    }
    this.waits = true;
    const settle = (answer: { value?: unknown; error?: unknown }): void => {
      this.waits = false;
      this.answer = answer;
      this.wake();
    };
    value.then(
      (result) => settle({ value: result }),
      (error: unknown) => settle({ error }),
    );
  }
}

/** The bytes of a value; undefined for the end, null for what is no input. */
function encode(value: InputValue): Uint8Array | undefined | null {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (typeof value === "string") {
    return new TextEncoder().encode(value.endsWith("\n") ? value : `${value}\n`);
  }
  if (typeof value === "number") {
    const isByte = Number.isInteger(value) && value >= 0 && value <= 255;
    return isByte ? Uint8Array.of(value) : null;
  }
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  // Not instanceof: it may be of another realm.
  const isBuffer = /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
  return isBuffer ? new Uint8Array(value).slice() : null;
}

/** Values of a handler, of which a read may have taken a part. */
class Pending {
  private rest: Uint8Array | undefined;
  private endIsDue = false;

  constructor(private readonly next: () => Uint8Array | undefined) {}

  /** Whether the next read finds something without asking the handler. */
  hasSome(): boolean {
    return this.rest !== undefined || this.endIsDue;
  }

  /** One value, or a part of it, for each read; the end after one without a newline. */
  serveOne(into: Uint8Array): number {
    if (this.takeEnd()) {
      return 0;
    }
    this.rest ??= this.next();
    if (this.rest === undefined) {
      return 0;
    }
    const last = this.rest.at(-1);
    const count = this.copy(into);
    this.endIsDue = this.rest === undefined && count > 0 && last !== NEWLINE;
    return count;
  }

  /** As many values as fit; one of those for which there is a wait. */
  fill(into: Uint8Array, mayWait: () => boolean): number {
    let count = 0;
    while (count < into.length && !(count > 0 && mayWait()) && !this.takeEnd()) {
      this.rest ??= this.next();
      if (this.rest === undefined) {
        this.endIsDue = count > 0;
        break;
      }
      count += this.copy(into.subarray(count));
    }
    return count;
  }

  private takeEnd(): boolean {
    const due = this.endIsDue;
    this.endIsDue = false;
    return due;
  }

  private copy(into: Uint8Array): number {
    const all = this.rest ?? new Uint8Array();
    const part = all.subarray(0, into.length);
    into.set(part);
    this.rest = part.length < all.length ? all.subarray(part.length) : undefined;
    return part.length;
  }
}
