/**
 * Promises that Python has just got hold of and is about to wait for.
 *
 * An engine reports a rejection that nobody handles as soon as the stack is empty, and Node then ends
 * the program. JavaScript is never interrupted between the call that gives a promise and the `await` of
 * it; Python is, when others get their turn in its midst. So what is pending or rejected at such a
 * moment counts as handled. A promise that Python drops in one go is reported as ever.
 */

import { JS_FLAG_THENABLE } from "./generated.js";

/** Those that came since JavaScript last had its turn. */
const fresh: unknown[] = [];

/** A call that cannot be suspended may go through any number of them, which must not be kept. */
const MOST = 4096;

const { apply } = Reflect;
const { then } = Promise.prototype;
const ignore = (): void => {};

/** Runs when JavaScript has its turn. */
function forget(): void {
  fresh.length = 0;
}

/** To be called with each value that Python gets, and the js_flags of it. */
export function noteFresh(value: unknown, flags: number): void {
  if (flags & JS_FLAG_THENABLE && value instanceof Promise) {
    if (fresh.length === 0) {
      queueMicrotask(forget);
    }
    if (fresh.push(value) > MOST) {
      fresh.splice(0, MOST / 2);
    }
  }
}

/** To be called before Python's stack is suspended. */
export function handleFresh(): void {
  for (const promise of fresh) {
    // Not promise.then(), which may be anybody's.
    apply(then, promise, [undefined, ignore]);
  }
  forget();
}
