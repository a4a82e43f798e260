/** The next turn of the event loop, without the minimal delay that timers have. */

declare const setImmediate: ((callback: () => void) => unknown) | undefined;

const turns: (() => void)[] = [];

let channel: MessageChannel | undefined;

/** A message to itself is a macrotask without a minimal delay. */
function byMessage(callback: () => void): void {
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => turns.shift()?.();
  }
  turns.push(callback);
  channel.port2.postMessage(0);
}

/** Runs `callback` after everything that is to happen before, in its order. */
export function nextMacrotask(callback: () => void): void {
  if (typeof setImmediate === "function") {
    setImmediate(callback);
  } else {
    byMessage(callback);
  }
}
