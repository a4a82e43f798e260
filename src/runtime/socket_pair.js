// Connected sockets within the process: socketpair(), of which selectors wake each other.

addToLibrary({
  $MESSAGES__deps: ["$CHANNEL", "$SUSPEND", "$fsFail"],
  $MESSAGES: {
    /** A channel of datagrams: each is read as a whole or cut, and no end of them is ever told. */
    channel: () => Object.assign(new CHANNEL(), MESSAGES.rules),

    rules: {
      /** The sender has said that it sends no more, or the reader that it reads no more. */
      shut: false,
      /** Empty messages take no bytes, so that their number is limited, too. */
      limit: 512,

      canRead() {
        return this.chunks.length > 0 || this.deaf;
      },

      /** A message fits if there is any space, since nobody knows its size while waiting. */
      canWrite() {
        return (
          this.shut || this.deaf || (this.size < this.capacity && this.chunks.length < this.limit)
        );
      },

      take(length, peek) {
        if (!this.canRead()) {
          fsFail("EAGAIN");
        }
        const message = this.chunks[0] ?? new Uint8Array(0);
        if (!peek && this.chunks.length > 0) {
          this.chunks.shift();
          this.size -= message.length;
          SUSPEND.wake();
        }
        return message.slice(0, length);
      },

      /** Other than for a stream, there is no signal. */
      put(bytes) {
        if (this.readers === 0) {
          fsFail("ECONNREFUSED");
        }
        if (this.shut || this.deaf) {
          fsFail("EPIPE");
        }
        if (bytes.length > this.capacity) {
          fsFail("EMSGSIZE");
        }
        if (!this.canWrite()) {
          fsFail("EAGAIN");
        }
        this.chunks.push(bytes.slice());
        this.size += bytes.length;
        SUSPEND.wake();
        return bytes.length;
      },

      end() {
        this.shut = true;
        SUSPEND.wake();
      },
    },
  },

  $SOCKET_PAIR__deps: [
    "$FS",
    "$SOCKFS",
    "$SOCKET_ABI",
    "$CHANNEL",
    "$MESSAGES",
    "$CHANNEL_ENDS",
    "$fsFail",
  ],
  $SOCKET_PAIR: {
    MSG_PEEK: cDefs.MSG_PEEK,
    POLLIN: cDefs.POLLIN,
    POLLRDHUP: cDefs.POLLRDHUP,
    SHUT_WR: 1,

    /** Returns the two descriptors. */
    create(family, type, protocol) {
      const kind = type & ~(SOCKET_ABI.SOCK_NONBLOCK | SOCKET_ABI.SOCK_CLOEXEC);
      if (kind !== SOCKET_ABI.SOCK_STREAM && kind !== SOCKET_ABI.SOCK_DGRAM) {
        fsFail("EOPNOTSUPP");
      }
      const [one, other] = [0, 1].map(() =>
        SOCKFS.createSocket(SOCKET_ABI.AF_INET, type, protocol),
      );
      SOCKET_PAIR.connect(one, other, family);
      return [one.stream.fd, other.stream.fd];
    },

    connect(one, other, family) {
      const channel = one.type === SOCKET_ABI.SOCK_DGRAM ? MESSAGES.channel : () => new CHANNEL();
      const [there, back] = [channel(), channel()];
      Object.assign(one, { incoming: back, outgoing: there });
      Object.assign(other, { incoming: there, outgoing: back });
      for (const sock of [one, other]) {
        const { stream } = sock;
        Object.assign(sock, { family, saddr: "127.0.0.1", daddr: "127.0.0.1", sport: 0, dport: 0 });
        sock.sock_ops = SOCKET_PAIR.operations;
        stream.stream_ops = SOCKET_PAIR.stream_ops;
        stream.source = CHANNEL_ENDS.sourceOf(stream, sock.incoming);
        stream.sink = CHANNEL_ENDS.sinkOf(stream, sock.outgoing);
      }
    },

    stream_ops: {
      getattr: (stream) => SOCKFS.stream_ops.getattr(stream),
      dup(stream) {
        const { sock } = stream.node;
        sock.incoming.readers += 1;
        sock.outgoing.writers += 1;
      },
      close(stream) {
        const { sock } = stream.node;
        sock.incoming.closeReader();
        sock.outgoing.closeWriter();
      },
      read: (stream, buffer, offset, length) =>
        CHANNEL_ENDS.read(stream.node.sock.incoming, buffer, offset, length),
      write: (stream, buffer, offset, length) =>
        CHANNEL_ENDS.write(stream.node.sock.outgoing, buffer, offset, length),
      poll(stream) {
        const { incoming, outgoing } = stream.node.sock;
        return (
          (incoming.canRead() ? SOCKET_PAIR.POLLIN : 0) |
          (outgoing.canWrite() ? SOCKET_ABI.POLLOUT : 0) |
          (incoming.ended ? SOCKET_PAIR.POLLRDHUP : 0) |
          (incoming.ended && (outgoing.deaf || outgoing.ended) ? SOCKET_ABI.POLLHUP : 0)
        );
      },
      ioctl: (stream, _request, pointer) =>
        CHANNEL_ENDS.answerSize(pointer, stream.node.sock.incoming),
    },

    operations: {
      bind: () => SOCKFS.fail("EINVAL"),
      connect: () => fsFail("EISCONN"),
      listen: () => SOCKFS.fail("EINVAL"),
      accept: () => SOCKFS.fail("EINVAL"),
      sendmsg: (sock, buffer, offset, length) =>
        CHANNEL_ENDS.write(sock.outgoing, buffer, offset, length),
      recvmsg(sock, length, flags) {
        const buffer = sock.incoming.take(length, (flags & SOCKET_PAIR.MSG_PEEK) !== 0);
        return { buffer, addr: sock.daddr, port: sock.dport };
      },
      shutdown(sock, how) {
        if (how !== SOCKET_PAIR.SHUT_WR) {
          sock.incoming.end();
          sock.incoming.deafen();
        }
        if (how >= SOCKET_PAIR.SHUT_WR) {
          sock.outgoing.end();
        }
        return 0;
      },
    },
  },

  coil_socket_pair_js__sig: "iiiip",
  coil_socket_pair_js__deps: ["$SOCKET_PAIR", "$fsSyscall"],
  coil_socket_pair_js: (family, type, protocol, descriptors) =>
    fsSyscall(() => {
      HEAP32.set(SOCKET_PAIR.create(family, type, protocol), descriptors >>> 2);
      return 0;
    }),

  __syscall_shutdown__deps: ["$SOCKFS", "$fsSyscall", "$fsFail"],
  __syscall_shutdown: (fd, how) =>
    fsSyscall(() => {
      const sock = SOCKFS.require(fd);
      return sock.sock_ops.shutdown?.(sock, how) ?? fsFail("ENOTCONN");
    }),
});
