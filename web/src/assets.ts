/** Files of the distribution, each checked against the manifest before anyone sees its bytes. */

import { AssetCorruptError, AssetError, AssetMissingError } from "./errors.js";
import type { AssetRecord, Manifest } from "./manifest.js";

/** Where files come from on one platform. Errors of its methods mean that the file is missing. */
export interface AssetSource {
  /** URL or path of a file, for messages and for import(). */
  locate(name: string): string;
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Lower-case hexadecimal. */
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Compiles while it loads, where the platform can; otherwise left out. */
  compile?(name: string): Promise<CompiledAsset>;
  /** Present where a file can be read without waiting for the event loop. */
  readonly now?: {
    read(name: string): Uint8Array<ArrayBuffer>;
    sha256(bytes: Uint8Array<ArrayBuffer>): string;
  };
}

export interface CompiledAsset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The module, or why there is none: a wrong hash may be the better explanation. */
  readonly module: Promise<WebAssembly.Module | Error>;
}

/** Compiles on other threads. */
export function compileBytes(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module | Error> {
  return WebAssembly.compile(bytes).catch((error: Error) => error);
}

export class Assets {
  constructor(
    private readonly source: AssetSource,
    private readonly manifest: Manifest,
  ) {}

  has(name: string): boolean {
    return name in this.manifest;
  }

  /** URL or path of a file. */
  locate(name: string): string {
    return this.source.locate(name);
  }

  /** Whether {@link loadNow} works on this platform. */
  get canLoadNow(): boolean {
    return this.source.now !== undefined;
  }

  /** Reads and checks a file. Rejects with an AssetError. */
  async load(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.source.read(name).catch((cause) => this.missing(name, cause));
    await this.check(name, bytes);
    return bytes;
  }

  /** The same without waiting. Throws an AssetError. */
  loadNow(name: string): Uint8Array<ArrayBuffer> {
    const { now } = this.source;
    if (now === undefined) {
      return this.missing(name, new Error("this platform cannot read synchronously"));
    }
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = now.read(name);
    } catch (cause) {
      return this.missing(name, cause);
    }
    this.checkSize(name, bytes);
    this.checkHash(name, now.sha256(bytes));
    return bytes;
  }

  /** Reads, checks and compiles a WebAssembly module. Rejects with an AssetError. */
  async compile(name: string): Promise<WebAssembly.Module> {
    const { bytes, module } = await this.startCompiling(name).catch((cause) =>
      this.missing(name, cause),
    );
    // The hash is computed meanwhile. The module is not used before it is right.
    await this.check(name, bytes);
    const compiled = await module;
    if (compiled instanceof Error) {
      throw this.corrupt(name, `is no module that this engine takes: ${compiled.message}`);
    }
    return compiled;
  }

  private async startCompiling(name: string): Promise<CompiledAsset> {
    if (this.source.compile) {
      return this.source.compile(name);
    }
    const bytes = await this.source.read(name);
    return { bytes, module: compileBytes(bytes) };
  }

  private async check(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.checkSize(name, bytes);
    this.checkHash(name, await this.source.sha256(bytes));
  }

  private checkSize(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    const { size } = this.record(name);
    if (bytes.length !== size) {
      throw this.corrupt(name, `has ${bytes.length} bytes instead of ${size}`);
    }
  }

  private checkHash(name: string, sha256: string): void {
    const expected = this.record(name).sha256;
    if (sha256 !== expected) {
      throw this.corrupt(name, `has the SHA-256 ${sha256} instead of ${expected}`);
    }
  }

  private record(name: string): AssetRecord {
    const record = this.manifest[name];
    if (record === undefined) {
      throw new AssetMissingError(name, this.locate(name), "is not part of this distribution");
    }
    return record;
  }

  private corrupt(name: string, problem: string): AssetCorruptError {
    const advice = "Replace the whole distribution: its files only fit each other";
    return new AssetCorruptError(name, this.locate(name), `${problem}. ${advice}`);
  }

  private missing(name: string, cause: unknown): never {
    if (cause instanceof AssetError) {
      throw cause;
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = "It belongs beside the script that loads it";
    throw new AssetMissingError(name, this.locate(name), `cannot be read: ${reason}. ${advice}`, {
      cause,
    });
  }
}
