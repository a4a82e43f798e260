/**
 * What tells of garbage, for all interpreters of the process.
 *
 * A registry of each interpreter's own would go with the interpreter. If some of its targets were
 * garbage then, V8 of Node 24 and older calls no finaliser of any other registry any more. So there is
 * one for all, which stays, and which holds of an interpreter only a weak reference.
 */

interface Told {
  readonly release: WeakRef<(held: never) => void>;
  readonly held: unknown;
}

const registry = new FinalizationRegistry<Told>(({ release, held }) => {
  release.deref()?.(held as never);
});

/** What the bridge asks for: pyjs_bridge/js/finalizers.ts. */
export class Finalizers<Held> {
  readonly #release: (held: Held) => void;
  #weak: WeakRef<(held: Held) => void> | undefined;

  constructor(release: (held: Held) => void) {
    this.#release = release;
  }

  register(target: object, held: Held, token?: object): void {
    this.#weak ??= new WeakRef(this.#release);
    registry.register(target, { release: this.#weak, held }, token);
  }

  unregister(token: object): void {
    registry.unregister(token);
  }
}
