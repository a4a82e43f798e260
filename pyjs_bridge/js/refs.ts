/**
 * JavaScript values that C refers to, by number. The mirror of refs in C, which owns each of them
 * once.
 *
 * Rejected: a table of externref in wasm. Its entries can be neither weak, which the collection of
 * cycles needs (cycles.ts), nor part of an image, and reading one is no quicker.
 */

const FIRST = 1; // 0 is no handle

/** What stands in the table for a value that a proxy keeps alive instead of it; see cycles.ts. */
export class Weak {
  readonly #target: WeakRef<object>;

  constructor(value: object) {
    this.#target = new WeakRef(value);
  }

  get target(): WeakRef<object> {
    return this.#target;
  }

  /** Unlike instanceof, this asks nothing of a value that is a Proxy. */
  static is(value: unknown): value is Weak {
    return typeof value === "object" && value !== null && #target in value;
  }
}

/** Values by handle; where there is none, the number of the next free handle. */
const values: unknown[] = [undefined];
let free = 0;
let live = 0;

/** How many of the values are Weak: most often none, and then nobody needs to look. */
let weak = 0;

/** So many handles in use ask for a search for cycles. */
let limit = Number.POSITIVE_INFINITY;
let onLimit: () => void = () => {};

/** Stacks of the code that made each handle, in a debug build. */
let stacks: Map<number, string> | undefined;

/** Gives a value a handle, which somebody must release. */
export function newRef(value: unknown): number {
  live++;
  if (live > limit) {
    limit = Number.POSITIVE_INFINITY;
    onLimit();
  }
  let ref = free;
  if (ref === 0) {
    ref = values.length;
    values.push(value);
  } else {
    free = values[ref] as number;
    values[ref] = value;
  }
  stacks?.set(ref, stackHere());
  return ref;
}

/**
 * What is thrown for a value that was collected with its cycle. Python sees it only in what it does at
 * the end of its half: in __del__, in the report of a task that was never done.
 */
export class Gone extends ReferenceError {
  constructor() {
    super("the JavaScript object is gone: only this cycle kept it alive");
  }
}

/** Throws Gone for a value that was collected with the cycle that it was part of. */
export function getRef(ref: number): unknown {
  const value = values[ref];
  return weak > 0 && Weak.is(value) ? targetOf(value) : value;
}

function targetOf(weak: Weak): object {
  const value = weak.target.deref();
  if (value === undefined) {
    throw new Gone();
  }
  return value;
}

/** What the table holds for a handle: a value, or a Weak. */
export function rawRef(ref: number): unknown {
  return values[ref];
}

/** Has `callback` called once there are more handles than `count`. */
export function whenMoreRefs(count: number, callback: () => void): void {
  limit = count;
  onLimit = callback;
}

/** Puts another value behind a handle: a weak one for a strong one, or back. */
export function replaceRef(ref: number, value: unknown): void {
  weak += Number(Weak.is(value)) - Number(Weak.is(values[ref]));
  values[ref] = value;
}

export function releaseRef(ref: number): void {
  live--;
  if (weak > 0 && Weak.is(values[ref])) {
    weak--;
  }
  values[ref] = free;
  free = ref;
  stacks?.delete(ref);
}

/** How many handles are in use, and how many there ever were at once. */
export function refCounts(): { live: number; size: number } {
  return { live, size: values.length - FIRST };
}

/* --- who holds what, for somebody who looks for a leak --- */

/** What engines with V8 are asked for: their usual ten frames are all the bridge's own. */
const FRAMES = 100;

function stackHere(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error("a handle was made here");
  Error.stackTraceLimit = stackTraceLimit;
  return stack ?? "";
}

/** Has where handles are made noted from now on, or no longer. Returns whether it was. */
export function traceRefs(on: boolean): boolean {
  const before = stacks !== undefined;
  stacks = on ? (stacks ?? new Map()) : undefined;
  return before;
}

/** A handle in use. */
export interface LiveRef {
  readonly ref: number;
  /** What it stands for; undefined once that is garbage. */
  readonly value: unknown;
  /** Where it was made, if that was noted. */
  readonly stack: string | undefined;
}

/** All handles in use, by their numbers. */
export function liveRefs(): LiveRef[] {
  const unused = new Set<number>();
  for (let ref = free; ref !== 0; ref = values[ref] as number) {
    unused.add(ref);
  }
  return values.flatMap((value, ref) =>
    ref < FIRST || unused.has(ref)
      ? []
      : [{ ref, value: Weak.is(value) ? value.target.deref() : value, stack: stacks?.get(ref) }],
  );
}
