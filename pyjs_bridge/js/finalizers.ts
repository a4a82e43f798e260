/** Finalisers that outlive the bridge: the loader has them (web/src/finalizers.ts). */

export interface Finalizers<Held> {
  /** `held` must not lead to `target`, nor to the bridge: it would keep them alive. */
  register(target: object, held: Held, token?: object): void;
  unregister(token: object): void;
}

/** The parameter of the factory that build.mjs makes. */
export interface Outside {
  readonly Finalizers: new <Held>(release: (held: Held) => void) => Finalizers<Held>;
}

declare const outside: Outside;

/** As FinalizationRegistry. When it is garbage itself, nothing is released any more. */
export const { Finalizers } = outside;
