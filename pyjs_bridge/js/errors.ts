/** Exceptions across the border, in the direction of JavaScript and back. */

import { type Holder, promote, releasedWithGarbage, watch } from "./cycles.js";
import {
  KIND_JSERROR,
  KIND_PYERROR,
  KIND_RAISE,
  PY_OP_EXCEPTION_CAUSE,
  PY_OP_EXCEPTION_TYPE,
  PY_OP_FORMAT_EXCEPTION,
} from "./generated.js";
import { jsFlags } from "./js_flags.js";
import { I32 } from "./memory.js";
import { operate } from "./py_operations.js";
import { newRef } from "./refs.js";
import { ENCODING, EXTRA, PAYLOAD } from "./slots.js";
import { encodeString } from "./strings.js";

/** A broken invariant of the bridge itself. */
export class JsThrown extends Error {
  override readonly name = "InternalError";
}

const hasPrototype = Object.prototype.isPrototypeOf;
const { apply, construct } = Reflect;

/** What errors of ours stand for. */
const exceptions = new WeakMap<object, Holder>();

/** The address of the exception behind an error of ours that is about to be used. */
function pointerOf(error: object): number | undefined {
  const holder = exceptions.get(error);
  if (holder?.edges !== undefined) {
    promote(holder);
  }
  return holder?.pointer;
}

/**
 * A Python exception in JavaScript. Its text is made when somebody reads it, since most exceptions
 * are caught by code that never looks; so `message` and `stack` are accessors, and can be set.
 */
export class PythonError extends Error {
  /** The address of the exception; private. */
  declare readonly __error_address: number;
  /** The class name of the exception, without its module. */
  declare type: string;

  constructor(type: string, message: string, address: number) {
    super(message);
    hide(this, "__error_address", address);
    hide(this, "type", type);
  }

  /** A revoked Proxy, of which nothing can be asked, is none. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    try {
      return apply(hasPrototype, PythonError.prototype, [value]) as boolean;
    } catch {
      return false;
    }
  }
}
hide(PythonError.prototype, "name", "PythonError");
hide(PythonError, "name", "PythonError"); // the bundler has another one for classes that name themselves

function hide(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true });
}

/** Defines a property of our errors that is computed at the first read and can be written. */
function defineLazily(key: PropertyKey, compute: (pointer: number) => unknown): void {
  Object.defineProperty(PythonError.prototype, key, {
    configurable: true,
    get(this: object): unknown {
      const pointer = pointerOf(this);
      if (pointer === undefined) {
        return undefined; // made by hand, or no error at all
      }
      const value = compute(pointer);
      hide(this, key, value);
      return value;
    },
    set(this: object, value: unknown): void {
      hide(this, key, value);
    },
  });
}

defineLazily("__error_address", (pointer) => pointer);
defineLazily("type", (pointer) => operate(PY_OP_EXCEPTION_TYPE, pointer));
defineLazily("message", (pointer) => operate(PY_OP_FORMAT_EXCEPTION, pointer));
defineLazily("cause", (pointer) => operate(PY_OP_EXCEPTION_CAUSE, pointer));

/* --- stacks: the engine makes the text of one when it is read, which takes longer than the rest --- */

/** How to read the stack of an error whose own property is ours; undefined in older engines. */
const readEngineStack =
  Object.getOwnPropertyDescriptor(new Error(), "stack")?.get ??
  Object.getOwnPropertyDescriptor(Error.prototype, "stack")?.get;

/** Stacks that had to be read at once. */
const earlyStacks = new WeakMap<object, string>();

/** The engine's own stack of an error of ours. */
function engineStack(error: object): string {
  const early = earlyStacks.get(error);
  if (early !== undefined || readEngineStack === undefined) {
    return early ?? "";
  }
  return String(apply(readEngineStack, error, []) ?? "");
}

function withoutHeader(stack: string): string {
  const at = stack.indexOf("\n    at ");
  return at < 0 ? stack : stack.slice(at + 1);
}

const STACK: PropertyDescriptor = {
  configurable: true,
  enumerable: false,
  get(this: Error): string {
    const stack = `PythonError: ${this.message}\n${withoutHeader(engineStack(this))}`;
    hide(this, "stack", stack);
    return stack;
  },
  set(this: Error, value: unknown): void {
    hide(this, "stack", value);
  },
};

/**
 * An error without what PythonError's own constructor does. V8 leaves out all frames of JavaScript but
 * those outside a call of `new.target`, so that must be the function that is running.
 */
function bareError(): PythonError {
  return construct(Error, [], bareError) as PythonError;
}
bareError.prototype = PythonError.prototype;

/** The error for the exception at `pointer`, whose reference it takes over. */
export function errorOfPython(pointer: number): PythonError {
  const error = bareError();
  if (readEngineStack === undefined) {
    earlyStacks.set(error, error.stack ?? "");
  }
  const holder: Holder = { pointer, context: 0, edges: undefined };
  exceptions.set(error, holder);
  releasedWithGarbage.register(error, watch(holder));
  Object.defineProperty(error, "stack", STACK);
  return error;
}

/* --- to C --- */

/** The text of any value. */
export function describeValue(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "a value without a text";
  }
}

function describeTag(value: unknown): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return "[object that cannot be asked]";
  }
}

/** What is thrown but is no error gets one around it: api.md 4.7. */
function asError(thrown: unknown): unknown {
  if (typeof thrown === "object" && thrown !== null && isErrorLike(thrown)) {
    return thrown;
  }
  if (typeof thrown === "string") {
    return new Error(thrown);
  }
  return new Error(
    `A value of type ${typeof thrown} and tag ${describeTag(thrown)} was thrown as an error: ${describeValue(thrown)}`,
    { cause: thrown },
  );
}

function isErrorLike(value: object): boolean {
  try {
    const { name, message } = value as { name?: unknown; message?: unknown };
    return typeof name === "string" && typeof message === "string";
  } catch {
    return false;
  }
}

/** Thrown by operations that have Python raise an exception of its own; `exception` is a RAISE_*. */
export class PythonRaise {
  readonly #isOne = true;

  constructor(
    readonly exception: number,
    readonly message: string,
  ) {}

  /** Unlike instanceof, this asks nothing of a value that is a Proxy. */
  static is(value: unknown): value is PythonRaise {
    return typeof value === "object" && value !== null && #isOne in value && value.#isOne;
  }
}

/** The address of the exception that a PythonError stands for, borrowed from it. */
export function exceptionOf(value: unknown): number | undefined {
  return typeof value === "object" && value !== null ? pointerOf(value) : undefined;
}

/** Whether a value is an error that Python can raise as it is. */
export function isThrowable(value: unknown): boolean {
  return typeof value === "object" && value !== null && isErrorLike(value);
}

/** Puts what was thrown into the slot at `word`; returns its kind. */
export function encodeThrown(thrown: unknown, word: number): number {
  if (PythonRaise.is(thrown)) {
    encodeString(thrown.message, word);
    I32[word] = KIND_RAISE;
    I32[word + ENCODING] = (I32[word + ENCODING] as number) | (thrown.exception << 16);
    return KIND_RAISE;
  }
  const pointer = exceptionOf(thrown);
  if (pointer !== undefined) {
    I32[word] = KIND_PYERROR;
    I32[word + EXTRA] = newRef(thrown);
    I32[word + PAYLOAD] = pointer;
    return KIND_PYERROR;
  }
  const error = asError(thrown);
  I32[word] = KIND_JSERROR;
  I32[word + EXTRA] = jsFlags(error);
  I32[word + PAYLOAD] = newRef(error);
  return KIND_JSERROR;
}

/* --- frames --- */

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: string;
}

// Code may have been given a first line below 1.
const V8_FRAME = /^\s*at (?:async )?(?:(.*?) \()?(.*?):(-?\d+):\d+\)?$/;
const SPIDERMONKEY_FRAME = /^(.*?)@(.*?):(-?\d+):\d+$/;

const MAX_LINE = 2 ** 31 - 1;

/** Python has no other numbers of lines: 0 stands for those. */
function lineOf(digits: string): string {
  const line = Number(digits);
  return line > 0 && line <= MAX_LINE ? digits : "0";
}

/** Where frames of the bridge begin: everything outside is Python's to tell. */
const BOUNDARY = /coilBoundary/;

/** More would not help a reader. */
const MAX_FRAMES = 50;

function frameOf(line: string): Frame | undefined {
  const match = V8_FRAME.exec(line) ?? SPIDERMONKEY_FRAME.exec(line);
  if (match === null) {
    return undefined;
  }
  return { name: match[1] || "???", file: match[2] as string, line: lineOf(match[3] as string) };
}

/** The frames between where an error was made and the bridge, innermost first. */
function framesOf(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    if (BOUNDARY.test(line) || frames.length === MAX_FRAMES) {
      break;
    }
    const frame = frameOf(line);
    if (frame !== undefined && !frame.file.startsWith("wasm://")) {
      frames.push(frame);
    }
  }
  return frames;
}

/** The engine asks the error for its message, which calls Python, where the stack may be full. */
function stackOf(error: object): string {
  try {
    if (exceptions.has(error)) {
      return engineStack(error);
    }
    const { stack } = error as { stack?: unknown };
    return typeof stack === "string" ? stack : "";
  } catch {
    return "";
  }
}

function hasCause(error: object): boolean {
  try {
    return (error as { cause?: unknown }).cause !== undefined;
  } catch {
    return false;
  }
}

/** The js_op ERROR_TEXT. */
export function errorText(error: object): string {
  return `${hasCause(error) ? "+" : "-"}${describeValue(error)}`;
}

/** The frames without those of the bridge, which are the first ones of an error that it made. */
function framesBehindBridge(error: object): Frame[] {
  const frames = framesOf(stackOf(error));
  if (!exceptions.has(error)) {
    return frames;
  }
  const own = frames[0]?.file;
  const at = frames.findIndex(({ file }) => file !== own);
  return at < 0 ? [] : frames.slice(at);
}

/** The js_op ERROR_FRAMES. */
export function errorFrames(error: object): string {
  const frames = framesBehindBridge(error).flatMap(({ name, file, line }) => [name, file, line]);
  return frames.map((part) => part.replaceAll("\0", "")).join("\0");
}
