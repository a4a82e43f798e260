// Input that must be waited for: any terminal, and a pipe or socket as standard input, read through
// libuv so that the event loop goes on meanwhile.
//
// fs.read() would be simpler, but it parks a thread in read(2) that nothing can call back: after
// Ctrl-C the process could not even exit before the next line is typed.

addToLibrary({
  $STDIN__deps: ["$SUSPEND"],
  $STDIN: class {
    /** As much as one read takes. */
    static MOST = 65536;

    constructor(fd, isTerminal) {
      this.fd = fd;
      this.isTerminal = isTerminal;
      /** Bytes that have arrived and were not taken yet. */
      this.chunk = null;
      this.ended = false;
      this.error = null;
      this.stream = null;
      this.wanted = 0;
      this.reading = false;
    }

    /** How a read can go on, as standard_streams.c numbers it; begins to wait if it must. */
    await(wanted) {
      if (this.chunk || this.ended || this.error) {
        return 1;
      }
      if (!this.reading) {
        // Of a terminal a read takes a line or what one key has sent, never more.
        this.wanted = this.isTerminal ? STDIN.MOST : Math.min(wanted, STDIN.MOST);
        this.begin();
      }
      return this.reading ? 2 : 1;
    }

    /** Stops to wait: the descriptor is now read synchronously. */
    cancel() {
      this.reading = false;
      this.stream?.pause();
    }

    /** Copies what has arrived: its length, 0 at the end, undefined if nothing was waited for. */
    take(buffer, offset, length) {
      if (this.error) {
        const error = this.error;
        this.error = null;
        throw error;
      }
      if (this.chunk) {
        const taken = this.chunk.subarray(0, length);
        const target = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
        target.set(taken);
        this.chunk = taken.length < this.chunk.length ? this.chunk.subarray(length) : null;
        return taken.length + this.more(target.subarray(taken.length));
      }
      if (this.ended) {
        // A terminal's end is an event, Ctrl-D, after which it can be read again.
        this.ended = !this.isTerminal;
        return 0;
      }
      return undefined;
    }

    /** Takes what came after the bytes that were waited for: select() waits for one. The descriptor
     * does not block as long as libuv has it; of a terminal it has another one. */
    more(target) {
      if (target.length === 0 || this.isTerminal || !this.stream) {
        return 0;
      }
      try {
        return require("node:fs").readSync(this.fd, target);
      } catch {
        return 0; // nothing has come
      }
    }

    begin() {
      try {
        this.stream ??= this.open();
        this.stream.resume();
        this.reading = true;
      } catch {
        // libuv does not know this kind of descriptor: it is read synchronously.
        this.reading = false;
      }
    }

    open() {
      const options = {
        fd: this.fd,
        readable: true,
        writable: false,
        manualStart: true,
        // No more than Python asked for: the rest stays in the pipe for whoever reads next.
        onread: {
          buffer: () => new Uint8Array(this.wanted),
          callback: (length, buffer) =>
            this.settle(() => (this.chunk = buffer.subarray(0, length))),
        },
      };
      const stream = this.isTerminal
        ? new (require("node:tty").ReadStream)(this.fd, options)
        : new (require("node:net").Socket)(options);
      stream.on("end", () => this.close(() => (this.ended = true)));
      stream.on("error", (error) => this.close(() => (this.error = error)));
      return stream;
    }

    /** Gives libuv's handle back; the descriptor itself stays open. */
    release() {
      this.stream?.destroy();
      this.stream = null;
    }

    close(note) {
      this.release();
      this.settle(note);
    }

    /** Notes an outcome and wakes Python; false tells the stream to pause. */
    settle(note) {
      note();
      this.reading = false;
      SUSPEND.wake();
      return false;
    }
  },
});
