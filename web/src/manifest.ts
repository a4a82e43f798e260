/** The files of a distribution as they were built; the build writes the table into the bundle. */

export interface AssetRecord {
  /** In bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export type Manifest = Readonly<Record<string, AssetRecord>>;

declare const COIL_MANIFEST: Manifest;

/** Replaced by the bundler, so that the hashes are as trustworthy as the code that checks them. */
export const manifest: Manifest = COIL_MANIFEST;

export const GLUE = "pyodide.asm.mjs";
export const CORE = "pyodide.asm.wasm";
export const STDLIB = "python_stdlib.zip";
export const STDLIB_SOURCES = "python_stdlib_src.zip";
export const STDLIB_TESTS = "python_stdlib_test.zip";
/** Of side modules, which the standard library's folder shows. */
export const LIBRARY_SUFFIX = ".so";
