// Pipes within the process, and the channel of bytes that they and connected sockets are made of.
//
// Replaces Emscripten's PIPEFS, which never fills, and whose readers are told EAGAIN whatever they
// asked for. Nothing here waits: descriptor_wait.c does, until `await` says that it need not.

addToLibrary({
  $CHANNEL__deps: ["$SUSPEND", "$fsFail", "$SIGNALS", "coil_raise"],
  $CHANNEL: class {
    constructor() {
      /** What was written and not read: byte arrays, the first one perhaps in part. */
      this.chunks = [];
      this.size = 0;
      this.readers = 1;
      this.writers = 1;
      /** Nothing more comes: the last writer is gone, or has said so. */
      this.ended = false;
      /** Nobody will read. */
      this.deaf = false;
      /** As on Linux: so much fits, and so much is written as a whole. */
      this.capacity = 65536;
      this.atomic = 4096;
    }

    canRead() {
      return this.size > 0 || this.ended;
    }

    canWrite() {
      return this.deaf || this.capacity - this.size >= this.atomic;
    }

    /** The next bytes, at most `length`; none at the end. Fails with EAGAIN while there are none. */
    take(length, peek) {
      if (!this.canRead()) {
        fsFail("EAGAIN");
      }
      const taken = new Uint8Array(Math.min(length, this.size));
      let filled = 0;
      for (const chunk of this.chunks) {
        const part = chunk.subarray(0, taken.length - filled);
        taken.set(part, filled);
        filled += part.length;
        if (filled === taken.length) {
          break;
        }
      }
      if (!peek) {
        this.drop(filled);
      }
      return taken;
    }

    drop(count) {
      let left = count;
      while (left > 0 && this.chunks[0].length <= left) {
        left -= this.chunks.shift().length;
      }
      if (left > 0) {
        this.chunks[0] = this.chunks[0].subarray(left);
      }
      this.size -= count;
      SUSPEND.wake();
    }

    /** Takes as many of the bytes as fit. Returns their number. */
    put(bytes) {
      if (this.deaf || this.ended) {
        _coil_raise(SIGNALS.numberOf("SIGPIPE"));
        fsFail("EPIPE");
      }
      const space = this.capacity - this.size;
      if (bytes.length > space && (space === 0 || bytes.length <= this.atomic)) {
        fsFail("EAGAIN");
      }
      const chunk = bytes.slice(0, space);
      if (chunk.length > 0) {
        this.chunks.push(chunk);
        this.size += chunk.length;
        SUSPEND.wake();
      }
      return chunk.length;
    }

    end() {
      this.ended = true;
      SUSPEND.wake();
    }

    deafen() {
      this.deaf = true;
      SUSPEND.wake();
    }

    closeReader() {
      this.readers -= 1;
      if (this.readers === 0) {
        this.deafen();
      }
    }

    closeWriter() {
      this.writers -= 1;
      if (this.writers === 0) {
        this.end();
      }
    }
  },

  $CHANNEL_ENDS__deps: ["$FS", "$FS_ABI", "$CHANNEL"],
  $CHANNEL_ENDS: {
    /** The numbers of descriptor_wait.h. */
    READY: 1,
    WAITS: 2,

    waitUnless(stream, ready) {
      return ready || stream.flags & FS_ABI.O_NONBLOCK ? CHANNEL_ENDS.READY : CHANNEL_ENDS.WAITS;
    },

    /** What a stream that reads from `channel` has as its source; see standard_streams.js. */
    sourceOf: (stream, channel) => ({
      await: () => CHANNEL_ENDS.waitUnless(stream, channel.canRead()),
      cancel() {},
    }),

    sinkOf: (stream, channel) => ({
      await: () => CHANNEL_ENDS.waitUnless(stream, channel.canWrite()),
    }),

    read(channel, buffer, offset, length) {
      const taken = channel.take(length, false);
      new Uint8Array(buffer.buffer).set(taken, buffer.byteOffset + offset);
      return taken.length;
    },

    write: (channel, buffer, offset, length) =>
      channel.put(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)),

    /** FIONREAD, all that ioctl.js asks a channel's end for: how much can be read. */
    answerSize(pointer, channel) {
      HEAP32[pointer >>> 2] = channel?.size ?? 0;
      return 0;
    },
  },

  $PIPEFS__postset: () => addAtInit("PIPEFS.root = FS.mount(PIPEFS, {}, null);"),
  $PIPEFS__deps: ["$FS", "$FS_ABI", "$CHANNEL", "$CHANNEL_ENDS"],
  $PIPEFS: {
    count: 0,
    S_IFDIR: cDefs.S_IFDIR,
    S_IFIFO: cDefs.S_IFIFO,
    POLLIN: cDefs.POLLIN,
    POLLOUT: cDefs.POLLOUT,
    POLLERR: cDefs.POLLERR,
    POLLHUP: cDefs.POLLHUP,

    mount: () => FS.createNode(null, "/", PIPEFS.S_IFDIR | 0o777, 0),

    /** Called by Emscripten's pipe2(). */
    createPipe() {
      const channel = new CHANNEL();
      const reader = PIPEFS.open(channel, FS_ABI.O_RDONLY, PIPEFS.reader);
      const writer = PIPEFS.open(channel, FS_ABI.O_WRONLY, PIPEFS.writer);
      reader.source = CHANNEL_ENDS.sourceOf(reader, channel);
      writer.sink = CHANNEL_ENDS.sinkOf(writer, channel);
      return { readable_fd: reader.fd, writable_fd: writer.fd };
    },

    open(channel, flags, stream_ops) {
      const name = `pipe[${PIPEFS.count++}]`;
      const node = FS.createNode(PIPEFS.root, name, PIPEFS.S_IFIFO | 0o600, 0);
      node.channel = channel;
      return FS.createStream({ path: name, node, flags, seekable: false, stream_ops });
    },

    getattr(stream) {
      const never = new Date(0);
      return {
        dev: 14,
        ino: stream.node.id,
        mode: stream.node.mode,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        size: 0,
        atime: never,
        mtime: never,
        ctime: never,
        blksize: 4096,
        blocks: 0,
      };
    },

    reader: {
      getattr: (stream) => PIPEFS.getattr(stream),
      dup(stream) {
        stream.node.channel.readers += 1;
      },
      close: (stream) => stream.node.channel.closeReader(),
      read: (stream, buffer, offset, length) =>
        CHANNEL_ENDS.read(stream.node.channel, buffer, offset, length),
      poll(stream) {
        const { size, ended } = stream.node.channel;
        return (size > 0 ? PIPEFS.POLLIN : 0) | (ended ? PIPEFS.POLLHUP : 0);
      },
      ioctl: (stream, _request, pointer) => CHANNEL_ENDS.answerSize(pointer, stream.node.channel),
    },

    writer: {
      getattr: (stream) => PIPEFS.getattr(stream),
      dup(stream) {
        stream.node.channel.writers += 1;
      },
      close: (stream) => stream.node.channel.closeWriter(),
      write: (stream, buffer, offset, length) =>
        CHANNEL_ENDS.write(stream.node.channel, buffer, offset, length),
      poll(stream) {
        const { channel } = stream.node;
        return (channel.canWrite() ? PIPEFS.POLLOUT : 0) | (channel.deaf ? PIPEFS.POLLERR : 0);
      },
      ioctl: (stream, _request, pointer) => CHANNEL_ENDS.answerSize(pointer, stream.node.channel),
    },
  },
});
