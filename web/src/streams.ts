/** What lies behind Python's descriptors 0, 1 and 2: setStdin(), setStdout(), setStderr(). */

import type { GlueModule } from "./glue.js";
import type { StreamOperations, TtyLike } from "./glue_fs.js";
import { hasNodeModules, host } from "./runtime_env.js";
import { attempt, type HandlerErrors } from "./stream_errors.js";
import { type Arrival, chooseInput, type InputSource, type StdinOptions } from "./stream_input.js";
import { chooseOutput, type OutputSink, type StdoutOptions } from "./stream_output.js";

export type { StdinOptions, StdoutOptions };

const NAMES = ["stdin", "stdout", "stderr"] as const;

/** The type of a character device in the mode of a file, and who may read and write it. */
const DEVICE_MODE = 0o020000 | 0o620;

/** What a terminal says of its size when nobody tells it. */
const DEFAULT_SIZE = { rows: 24, columns: 80 };

interface Terminal {
  readonly isatty: boolean;
  size(): { rows: number; columns: number } | undefined;
}

export class StandardStreams {
  private readonly sinks: (OutputSink | undefined)[] = [];
  private readonly errors: HandlerErrors;
  /** Emscripten's own: terminal modes that nobody changes. */
  private readonly terminalOps: TtyLike["ops"];

  constructor(private readonly module: GlueModule) {
    const { FS, ERRNO_CODES } = module;
    this.errors = {
      codes: ERRNO_CODES,
      fail: (errno) => {
        throw new FS.ErrnoError(errno);
      },
      complain: (message) => this.complain(message),
    };
    this.terminalOps = FS.getStream(0)?.tty?.ops ?? {};
  }

  setStdin(options: StdinOptions = {}): void {
    const wake = (): void => this.module.wakeReaders?.();
    const source = chooseInput(options, this.errors, wake) ?? defaultInput(this.errors);
    if (source === undefined) {
      this.openHost(0);
    } else {
      this.openInput(source);
    }
  }

  setStdout(options: StdoutOptions = {}): void {
    this.setOutput(1, options, (line) => console.log(line));
  }

  setStderr(options: StdoutOptions = {}): void {
    this.setOutput(2, options, (line) => console.error(line));
  }

  /** Sets all three: the handlers that are given, defaults for the others. */
  initialize(
    stdin?: StdinOptions["stdin"],
    stdout?: StdoutOptions["batched"],
    stderr?: StdoutOptions["batched"],
  ): void {
    this.setStdin(stdin && { stdin });
    this.setStdout(stdout && { batched: stdout });
    this.setStderr(stderr && { batched: stderr });
  }

  /** Hands over lines that have no newline yet. What the handlers throw is lost: nobody waits for it. */
  flushQuietly(): void {
    for (const sink of this.sinks) {
      try {
        sink?.flush();
      } catch {
        // The interpreter is at its end, and that is what the caller shall hear of.
      }
    }
  }

  private setOutput(fd: 1 | 2, options: StdoutOptions, show: (line: string) => void): void {
    const chosen = chooseOutput(options);
    this.sinks[fd]?.flush();
    this.sinks[fd] = undefined;
    if (chosen === undefined && hasNodeModules()) {
      this.openHost(fd);
      return;
    }
    const sink = chosen ?? (chooseOutput({ batched: show }) as OutputSink);
    this.sinks[fd] = sink;
    this.openOutput(fd, sink);
  }

  /** Where the host has closed the descriptor, nothing is read and what is written is lost. */
  private openHost(fd: 0 | 1 | 2): void {
    try {
      this.module.openHostStream(fd);
    } catch {
      const nothing = { isatty: false, size: () => undefined };
      if (fd === 0) {
        this.openInput({ ...nothing, read: () => 0 });
      } else {
        this.openOutput(fd, {
          ...nothing,
          write: (bytes) => bytes.length,
          flush: () => {},
          sync: () => {},
        });
      }
    }
  }

  private openInput(source: InputSource): void {
    this.open(0, source, {
      getattr: status,
      read: (_stream, buffer, offset, length) =>
        attempt(this.errors, () => source.read(bytesOf(buffer, offset, length))),
    });
    const stream = this.module.FS.streams[0] as { source?: Arrival | undefined };
    stream.source = source.arrival;
  }

  private openOutput(fd: 1 | 2, sink: OutputSink): void {
    this.open(fd, sink, {
      getattr: status,
      write: (_stream, buffer, offset, length) =>
        attempt(this.errors, () => sink.write(bytesOf(buffer, offset, length))),
      fsync: () => {
        attempt(this.errors, () => sink.sync());
        return 0;
      },
    });
  }

  private open(fd: 0 | 1 | 2, terminal: Terminal, operations: StreamOperations): void {
    const { FS } = this.module;
    if (FS.streams[fd]) {
      FS.closeStream(fd);
    }
    const stream = {
      node: new FS.FSNode(null, NAMES[fd], DEVICE_MODE, 0),
      path: `/dev/${NAMES[fd]}`,
      flags: fd === 0 ? 0 : 1,
      seekable: false,
      position: 0,
      stream_ops: operations,
      tty: terminal.isatty ? this.tty(terminal) : undefined,
    };
    FS.createStream(stream, fd);
  }

  private tty(terminal: Terminal): TtyLike {
    const size = (): [number, number] => {
      const { rows, columns } = terminal.size() ?? DEFAULT_SIZE;
      return [rows, columns];
    };
    return { ops: { ...this.terminalOps, ioctl_tiocgwinsz: size }, input: [], output: [] };
  }

  /** A message of ours on standard error; it must not fail because that one does. */
  private complain(message: string): void {
    try {
      const bytes = new TextEncoder().encode(`${message}\n`);
      const sink = this.sinks[2];
      if (sink === undefined) {
        console.error(message);
      } else {
        sink.write(bytes);
      }
    } catch {
      console.error(message);
    }
  }
}

function bytesOf(buffer: ArrayBufferView, offset: number, length: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset + (offset >>> 0), length);
}

/** As fstat() has it for a terminal or pipe. */
function status(): { mode: number; [field: string]: unknown } {
  const time = new Date(0);
  return {
    dev: 1,
    ino: 1,
    mode: DEVICE_MODE,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size: 0,
    atime: time,
    mtime: time,
    ctime: time,
    blksize: 4096,
    blocks: 0,
  };
}

/** Undefined: the host's descriptor. */
function defaultInput(errors: HandlerErrors): InputSource | undefined {
  if (hasNodeModules()) {
    return undefined;
  }
  const { prompt } = host;
  const ask = typeof prompt === "function" ? () => prompt.call(globalThis) : () => null;
  return chooseInput({ stdin: ask }, errors, () => {});
}
