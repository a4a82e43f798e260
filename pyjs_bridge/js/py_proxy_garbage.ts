/**
 * References that are released when their proxies are garbage.
 *
 * Registering an object for its finaliser takes longer than all the rest of a proxy, and
 * most proxies are destroyed soon. So they wait for the end of the turn of the event loop, or until
 * many do: what was destroyed by then need not be registered.
 */

import { forget, forgetGarbage, type Owner, watch } from "./cycles.js";
import { C } from "./exports.js";
import { Finalizers } from "./finalizers.js";
import { countGarbage, type Shared } from "./py_proxy.js";

/**
 * What is watched is what the proxies of one lifetime share, not one of them: bind() may outlive
 * the proxy that it was called on.
 */
const registry = new Finalizers<Owner>((owner) => {
  countGarbage();
  forgetGarbage(owner);
  if (owner.context !== 0) {
    C.coil_py_release(owner.context);
  }
  C.coil_py_release(owner.pointer);
});

/** How many wait at most, since they are alive meanwhile. */
const MOST_WAITING = 256;

/** What waits; undefined where it was destroyed. */
let waiting: (Shared | undefined)[] = [];
let willFlush = false;

/** Has everything that waits watched now. */
export function watchAllNow(): void {
  const all = waiting;
  waiting = [];
  for (const shared of all) {
    if (shared !== undefined) {
      shared.waiting = -1;
      shared.owner = watch(shared);
      registry.register(shared, shared.owner, shared);
    }
  }
}

function flushAtEndOfTurn(): void {
  willFlush = false;
  watchAllNow();
}

/** Has the reference of a proxy released with the garbage at the latest. */
export function releaseLater(shared: Shared): void {
  shared.gcRegistered = true;
  if (waiting.length >= MOST_WAITING) {
    watchAllNow();
  }
  shared.waiting = waiting.push(shared) - 1;
  if (!willFlush) {
    queueMicrotask(flushAtEndOfTurn); // throws where the stack is full
    willFlush = true;
  }
}

/** Undoes {@link releaseLater}. */
export function watchNoMore(shared: Shared): void {
  const { waiting: at, owner } = shared;
  if (at >= 0) {
    shared.waiting = -1;
    if (at === waiting.length - 1) {
      waiting.pop();
    } else {
      waiting[at] = undefined;
    }
  } else if (owner !== undefined) {
    shared.owner = undefined;
    registry.unregister(shared);
    forget(owner);
  }
}
