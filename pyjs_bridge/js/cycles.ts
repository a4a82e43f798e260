/**
 * The collection of cycles through both heaps; c/cycles.c has the idea and does the search.
 *
 * The search tells for each proxied object that Python does not need which handles it alone keeps
 * alive. Then the strong reference to those values moves from the table of handles into what the
 * proxies share, and the table keeps a weak one. When JavaScript lets go of the proxies, its
 * collector frees all of it, and the finaliser drops Python's half. When a proxy is used before
 * that, Python may take new references, so the handles become strong again first.
 */

import { C, isAlive } from "./exports.js";
import { Finalizers } from "./finalizers.js";
import { nextMacrotask } from "./macrotask.js";
import { U32 } from "./memory.js";
import { watchAllNow } from "./py_proxy_garbage.js";
import { rawRef, refCounts, replaceRef, Weak, whenMoreRefs } from "./refs.js";

/** What a JavaScript object has that holds a reference to one of Python's. */
export interface Holder {
  readonly pointer: number;
  /** Address of a contextvars.Context that it holds as well, or 0. */
  readonly context: number;
  /** JavaScript values that the object of Python alone keeps alive. */
  edges: Edges | undefined;
}

/** What outlives a holder: enough to release it, nothing that keeps it alive. */
export interface Owner {
  readonly pointer: number;
  readonly context: number;
  readonly holder: WeakRef<Holder>;
}

/** Handles, and the values that they stand for. */
export type Edges = readonly { readonly ref: number; readonly value: object }[];

/** What ends a report of C. */
const END = 0xffff_ffff;

/** No search below so many new handles: it walks through the whole heap of Python. */
const FEW = 500;

const owners = new Set<Owner>();

/** Has a holder looked at by searches; its owner must be forgotten when it is gone. */
export function watch(holder: Holder): Owner {
  const { pointer, context } = holder;
  const owner = { pointer, context, holder: new WeakRef(holder) };
  owners.add(owner);
  return owner;
}

export function forget(owner: Owner): void {
  owners.delete(owner);
}

/** Forgets an owner whose holder was garbage. */
export function forgetGarbage(owner: Owner): void {
  forget(owner);
  collected = true;
  planSoon();
}

/** Releases what holders without a context held, once the object that stands for one is garbage. */
export const releasedWithGarbage = new Finalizers<Owner>((owner) => {
  forgetGarbage(owner);
  C.coil_py_release(owner.pointer);
});

/** Makes the handles strong again that an object keeps alive, before it is used. */
export function promote(holder: Holder): void {
  const { edges } = holder;
  holder.edges = undefined;
  for (const { ref, value } of edges ?? []) {
    const held = rawRef(ref);
    // The handle may have been released and stand for something else by now.
    if (Weak.is(held) && held.target.deref() === value) {
      replaceRef(ref, value);
    }
  }
}

/* --- searching --- */

/** Asks C; returns the address of its report, 0 without memory. */
function report(searched: readonly Owner[]): number {
  const list = C.coil_allocate(4 * searched.length + 4) >>> 0;
  if (list === 0) {
    return 0;
  }
  searched.forEach(({ pointer }, i) => {
    U32[(list >>> 2) + i] = pointer;
  });
  const found = C.coil_py_cycles(list, searched.length) >>> 0;
  C.free(list);
  return found;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The value of a handle; undefined for one that is gone and whose proxy is about to follow. */
function livingValue(ref: number): unknown {
  const held = rawRef(ref);
  return held instanceof Weak ? held.target.deref() : held;
}

/** Reads the handles of one entry at `word`; symbols are left out, which cannot be in a cycle. */
function readEdges(word: number, count: number): Edges {
  return Array.from(U32.subarray(word, word + count), (ref) => ({
    ref,
    value: livingValue(ref),
  })).filter((edge): edge is Edges[number] => isObject(edge.value));
}

/** Reads all entries of a report: each with the owner that it is about. */
function readReport(address: number, searched: readonly Owner[]): [Owner, Edges][] {
  const entries: [Owner, Edges][] = [];
  let word = address >>> 2;
  while (U32[word] !== END) {
    const count = U32[word + 1] as number;
    const edges = readEdges(word + 2, count);
    if (edges.length > 0) {
      entries.push([searched[U32[word] as number] as Owner, edges]);
    }
    word += 2 + count;
  }
  return entries;
}

/** Moves the strong references of one report. Returns how many handles are weak. */
function demote(entries: readonly [Owner, Edges][]): number {
  for (const [owner, edges] of entries) {
    const holder = owner.holder.deref();
    if (holder !== undefined) {
      holder.edges = edges;
    }
  }
  const weak = new Set<number>();
  for (const { ref, value } of entries.flatMap(([, edges]) => edges)) {
    if (!weak.has(ref)) {
      weak.add(ref);
      replaceRef(ref, new Weak(value));
    }
  }
  return weak.size;
}

/** Searches now. Returns how many handles JavaScript's collector may take from now on. */
export function searchCycles(): number {
  watchAllNow(); // a proxy that C does not hear of counts as somebody who needs the object
  const searched = [...owners];
  const address = report(searched);
  if (address === 0) {
    return 0;
  }
  const entries = readReport(address, searched);
  C.free(address);
  return demote(entries);
}

/* --- when --- */

/**
 * The collector counts what the objects of JavaScript take, a few hundred bytes for each cycle, and
 * not what Python's half takes. So much for it to free has it look.
 */
const PRESSURE = 128 * 2 ** 20;

/**
 * Once it has begun, V8's goes on by some milliseconds with each buffer until it is done. Otherwise a
 * loop that makes garbage is faster than the collector.
 */
const STEPS = 100;
const STEP = 2 ** 16;

/**
 * A heap of a gigabyte takes most of these rounds, of three milliseconds each. Each time that nothing
 * was found, half as many have to do: what is weak may be in use for long.
 */
const MOST_ROUNDS = 60;
const FEWEST_ROUNDS = 5;

let rounds = MOST_ROUNDS;

/** Whether the collector has found something since the last search. */
let collected = false;

/** Allocates what nobody uses. */
function press(bytes: number): void {
  try {
    new ArrayBuffer(bytes); // of pages that nobody ever touches
  } catch {
    // No room for it: the collector has every reason to work.
  }
}

/** Has JavaScript's collector work, as far as a program can, until it has found something. */
function urgeCollector(left: number): void {
  if (collected) {
    rounds = MOST_ROUNDS;
    return;
  }
  if (left === 0) {
    rounds = Math.max(FEWEST_ROUNDS, rounds >> 1);
    return;
  }
  for (let i = 0; i < STEPS; i++) {
    press(STEP);
  }
  nextMacrotask(() => urgeCollector(left - 1));
}

function searchSoon(): void {
  // Not at once: whoever makes a handle is in the middle of something.
  setTimeout(() => {
    if (!isAlive()) {
      return;
    }
    collected = false;
    if (searchCycles() > 0) {
      // What a job has looked at through a weak reference stays alive until the job is over.
      setTimeout(() => {
        press(PRESSURE);
        urgeCollector(rounds);
      }, 0);
    }
    planSearch();
  }, 0);
}

/** The next search comes when there are a quarter as many handles again. */
export function planSearch(): void {
  const { live } = refCounts();
  whenMoreRefs(live + Math.max(FEW, live / 4), searchSoon);
}

let willPlan = false;

/** Plans anew once all that the collector has found is released. */
function planSoon(): void {
  if (!willPlan) {
    willPlan = true;
    setTimeout(() => {
      willPlan = false;
      planSearch();
    }, 0);
  }
}
