/** What can go wrong before or under Python: one class for each thing a caller can do about it. */

/** The common base: `catch (error) { if (error instanceof CoilError) ... }`. */
export class CoilError extends Error {
  override readonly name: string = "CoilError";
}

/** A file of the distribution is named in {@link AssetError.asset}. */
export class AssetError extends CoilError {
  override readonly name: string = "AssetError";

  /**
   * @param asset File name as in the manifest, for instance `python_stdlib.zip`.
   * @param location URL or path that was tried.
   * @param problem What is wrong, and what to do.
   */
  constructor(
    readonly asset: string,
    readonly location: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${asset}: ${problem} (${location})`, options);
  }
}

/** The file is not there, or the server or system refused it. */
export class AssetMissingError extends AssetError {
  override readonly name: string = "AssetMissingError";
}

/** The file is there, but its bytes are not those that were built. Nothing of it has run. */
export class AssetCorruptError extends AssetError {
  override readonly name: string = "AssetCorruptError";
}

/** This JavaScript engine lacks something that Coil cannot do without. */
export class EngineUnsupportedError extends CoilError {
  override readonly name: string = "EngineUnsupportedError";
}

/** The files are right, and yet the interpreter did not start; `cause` says more. */
export class BootError extends CoilError {
  override readonly name: string = "BootError";
}

/** What ended an interpreter for good. */
export type FatalKind = "trap" | "stack" | "memory" | "internal";

/** The interpreter died and cannot be used again; start another one. */
export class FatalError extends CoilError {
  override readonly name: string = "FatalError";

  constructor(
    readonly kind: FatalKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
