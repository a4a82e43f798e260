/** Finalisers, which the loader has: they outlive the bridge. */

import type { Finalizers as Outlasting } from "../../web/src/finalizers.js";

/** The parameter of the factory (build.mjs). */
declare const outside: { readonly Finalizers: typeof Outlasting };

export const { Finalizers } = outside;
