// The JavaScript side of standard_streams.c: FS streams over the host's descriptors 0, 1 and 2.
//
// A regular file on standard input is read at positions of our own; output goes to the
// descriptor's own position, which other processes may share, until the program seeks.
//
// web/src/streams.ts uses Module.openHostStream(fd) to undo what setStdin() and its like did.

addToLibrary({
  $STREAMS__deps: [
    "$FS",
    "$FS_ABI",
    "$ERRNO_CODES",
    "$fsFail",
    "$SIGNALS",
    "$STDIN",
    "$TERMINAL",
    "coil_block_js",
    "coil_raise",
  ],
  $STREAMS__postset: "Module['openHostStream'] = (fd) => STREAMS.openStream(fd);",
  $STREAMS: {
    POLLIN: cDefs.POLLIN,
    POLLOUT: cDefs.POLLOUT,

    /** node:fs. */
    fs: null,

    /** Milliseconds between attempts on a descriptor that another process made non-blocking. */
    RETRY: 2,

    /** Runs a call of node:fs as a blocking one and turns its error into an FS error. */
    blocking(call) {
      for (;;) {
        try {
          return call();
        } catch (error) {
          if (error.code === "EOF") {
            return 0;
          }
          if (error.code !== "EAGAIN") {
            STREAMS.fail(error);
          }
          _coil_block_js(STREAMS.RETRY);
        }
      }
    },

    fail(error) {
      if (error.code === "EPIPE") {
        _coil_raise(SIGNALS.numberOf("SIGPIPE"));
      }
      fsFail(error.code in ERRNO_CODES ? error.code : "EIO");
    },

    /** The position of a descriptor that this process has inherited. */
    inheritedPosition(fd) {
      try {
        const info = STREAMS.fs.readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
        return Number(/^pos:\s*(\d+)/m.exec(info)[1]);
      } catch {
        return 0; // no /proc: shells start a redirection at the beginning
      }
    },

    stream_ops: {
      getattr: (stream) => STREAMS.blocking(() => STREAMS.fs.fstatSync(stream.host.fd)),

      read(stream, buffer, offset, length, position) {
        const host = stream.host;
        const available = stream.source?.take(buffer, offset, length);
        if (available !== undefined) {
          return available;
        }
        const at = stream.seekable ? position : null;
        return STREAMS.blocking(() => STREAMS.fs.readSync(host.fd, buffer, offset, length, at));
      },

      write(stream, buffer, offset, length, position) {
        const host = stream.host;
        const at = host.positioned ? position : null;
        return STREAMS.blocking(() => STREAMS.fs.writeSync(host.fd, buffer, offset, length, at));
      },

      llseek(stream, offset, whence) {
        const host = stream.host;
        let base = 0;
        if (whence === FS_ABI.SEEK_CUR) {
          base = host.positioned ? stream.position : STREAMS.inheritedPosition(host.fd);
          if (offset === 0) {
            return base;
          }
        } else if (whence === FS_ABI.SEEK_END) {
          base = stream.stream_ops.getattr(stream).size;
        }
        if (base + offset < 0) {
          fsFail("EINVAL");
        }
        host.positioned = true;
        return base + offset;
      },

      poll(stream) {
        // A byte asked for in advance says whether a read would wait. In an engine without
        // suspension nothing can arrive while C runs, so that a blocking read is the only answer.
        const reads = stream.source && WebAssembly.promising ? stream.source.await(1) === 1 : true;
        return (reads ? STREAMS.POLLIN : 0) | (stream.fd === 0 ? 0 : STREAMS.POLLOUT);
      },

      fsync: () => 0,
      // The host's descriptor stays open: another FS stream may be its duplicate.
      close: () => {},
    },

    /** Puts the host's descriptor `fd` (0, 1 or 2) in the place of the stream of that number. Needs Node. */
    openStream(fd) {
      STREAMS.fs ??= require("node:fs");
      const stat = STREAMS.fs.fstatSync(fd);
      const isTerminal = TERMINAL.isTerminal(fd, stat);
      const waits = isTerminal || stat.isFIFO() || stat.isSocket();
      const host = { fd, positioned: fd === 0 };
      const name = ["stdin", "stdout", "stderr"][fd];
      if (FS.streams[fd]) {
        FS.closeStream(fd);
      }
      const stream = FS.createStream(
        {
          node: new FS.FSNode(null, name, stat.mode, stat.rdev),
          path: `/dev/${name}`,
          flags: fd === 0 ? 0 : FS_ABI.O_WRONLY,
          seekable: stat.isFile(),
          position: 0,
          stream_ops: STREAMS.stream_ops,
          host,
          hostFd: fd,
          source: fd === 0 && waits ? new STDIN(fd, isTerminal) : null,
        },
        fd,
      );
      if (isTerminal) {
        stream.tty = { ops: TERMINAL.opsOf(fd), input: [], output: [] };
      }
      if (fd === 0 && stream.seekable) {
        stream.position = STREAMS.inheritedPosition(fd);
      }
    },
  },

  coil_streams_open_js__sig: "v",
  coil_streams_open_js__deps: ["$STREAMS"],
  coil_streams_open_js: () => {
    if (ENVIRONMENT_IS_NODE) {
      for (const fd of [0, 1, 2]) {
        STREAMS.openStream(fd);
      }
    }
  },

  coil_streams_await_js__sig: "iip",
  coil_streams_await_js__deps: ["$FS"],
  coil_streams_await_js: (fd, wanted) => FS.streams[fd]?.source?.await(wanted >>> 0) ?? 0,

  coil_streams_await_space_js__sig: "ii",
  coil_streams_await_space_js__deps: ["$FS"],
  coil_streams_await_space_js: (fd) => FS.streams[fd]?.sink?.await() ?? 0,

  coil_streams_cancel_js__sig: "vi",
  coil_streams_cancel_js__deps: ["$FS"],
  coil_streams_cancel_js: (fd) => FS.streams[fd]?.source?.cancel(),
});
