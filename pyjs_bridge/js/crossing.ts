/** Where Python is about to have JavaScript do something: stress.ts wants to know. */

let listener: (() => void) | undefined;

/** Has `callback` called at each crossing into JavaScript. */
export function onCrossing(callback: (() => void) | undefined): void {
  listener = callback;
}

/** To be called where what came from C has been read, and code of users may run next. */
export function crossing(): void {
  if (listener !== undefined) {
    listener();
  }
}
