/** A loaded interpreter, entered through the exports of src/runtime/entry.c. */

import { describeThrown } from "./cpp_exception.js";
import { canSuspend, promising } from "./engine.js";
import { BootError, CoilError, FatalError, type FatalKind } from "./errors.js";
import { exitStatusOf } from "./fatal.js";
import type { EngineStack, EntryExports, GlueModule } from "./glue.js";

/** Text for C: a string, or the bytes themselves where they need not be UTF-8. */
export type HostString = string | Uint8Array;

export interface CommandLine {
  /** Program name and arguments. */
  readonly argv: readonly HostString[];
  /** `NAME=value`, each. */
  readonly environment: readonly HostString[];
  /** Empty: stay where the file system starts. */
  readonly workingDirectory: HostString;
  /** Where the engine's default stack need not do. */
  readonly stack?: EngineStack;
}

export class Interpreter {
  private used = false;

  constructor(
    private readonly entries: EntryExports,
    /** The glue's module: file system, memory views. */
    readonly module: GlueModule,
  ) {}

  /**
   * Starts Python without a main program: from then on it is called through the bridge. Throws
   * BootError when it does not start, FatalError when it dies. An interpreter starts once.
   */
  boot(commandLine: CommandLine): void {
    this.use();
    const { argv, environment, workingDirectory } = commandLine;
    const strings = this.store([...argv, ...environment, workingDirectory]);
    let failure: number;
    try {
      failure = this.entries.coil_boot(strings, argv.length, environment.length) >>> 0;
    } catch (error) {
      throw this.fatalError(error);
    }
    if (failure !== 0) {
      const reason = this.module.UTF8ToString(failure);
      throw new BootError(`Python did not start: ${reason}`);
    }
  }

  /**
   * Runs CPython's command line to its end and returns the exit status. JavaScript goes on
   * meanwhile where the engine can suspend WebAssembly. An interpreter runs one command line.
   *
   * Rejects with FatalError when the interpreter dies.
   */
  async runCommandLine(commandLine: CommandLine): Promise<number> {
    this.use();
    const { argv, environment, workingDirectory } = commandLine;
    const strings = this.store([...argv, ...environment, workingDirectory]);
    try {
      return await Promise.race([
        this.main(strings, argv.length, environment.length, commandLine.stack),
        this.endByThread(),
      ]);
    } catch (error) {
      const status = exitStatusOf(error);
      if (status === undefined) {
        throw this.fatalError(error);
      }
      return status;
    }
  }

  /** Rejects when a thread ends the program or dies: each runs on a stack of its own. */
  private endByThread(): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.module.onThreadError = reject;
    });
  }

  private use(): void {
    if (this.used) {
      throw new CoilError("This interpreter has been started before; load another one");
    }
    this.used = true;
  }

  private async main(
    strings: number,
    argc: number,
    envc: number,
    stack?: EngineStack,
  ): Promise<number> {
    if (!canSuspend()) {
      return this.entries.coil_main(strings, argc, envc, 0);
    }
    const main = promising(this.entries.coil_main);
    const begin = () => main(strings, argc, envc, 1) as Promise<number>;
    if (stack === undefined) {
      return await begin();
    }
    const { kilobytes, enter } = stack;
    this.entries.coil_set_engine_stack(kilobytes, enter === undefined ? 0 : 1);
    if (enter === undefined) {
      return await begin();
    }
    this.module.enterStack = enter;
    return await enter(kilobytes, begin);
  }

  private fatalError(cause: unknown): FatalError {
    const thrown = describeThrown(cause, this.entries, this.module);
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const text = `The interpreter died: ${thrown ?? message}`;
    return new FatalError(fatalKind(cause), text, { cause });
  }

  /** Copies strings, each ended by a NUL, into memory that C takes over; returns their address. */
  private store(strings: readonly HostString[]): number {
    const encoder = new TextEncoder();
    const chunks = strings.map((text) => (typeof text === "string" ? encoder.encode(text) : text));
    const size = chunks.reduce((sum, chunk) => sum + chunk.length + 1, 0);
    const address = this.entries.coil_allocate(size) >>> 0;
    if (address === 0) {
      throw new FatalError("memory", `No memory for ${size} bytes of arguments and environment`);
    }
    const memory = new Uint8Array(this.entries.memory.buffer, address, size);
    let offset = 0;
    for (const chunk of chunks) {
      memory.set(chunk, offset);
      memory[offset + chunk.length] = 0;
      offset += chunk.length + 1;
    }
    return address;
  }
}

function fatalKind(cause: unknown): FatalKind {
  if (cause instanceof WebAssembly.RuntimeError) {
    return "trap";
  }
  return cause instanceof RangeError ? "stack" : "internal";
}
