// Connected sockets within the process: socketpair(), of which selectors wake each other.

addToLibrary({
  $SOCKET_PAIR__deps: ["$FS", "$SOCKFS", "$SOCKET_ABI", "$CHANNEL", "$CHANNEL_ENDS", "$fsFail"],
  $SOCKET_PAIR: {
    MSG_PEEK: cDefs.MSG_PEEK,
    POLLIN: cDefs.POLLIN,
    POLLRDHUP: cDefs.POLLRDHUP,
    SHUT_WR: 1,

    /** Returns the two descriptors. */
    create(family, type, protocol) {
      const kind = type & ~(SOCKET_ABI.SOCK_NONBLOCK | SOCKET_ABI.SOCK_CLOEXEC);
      if (kind !== SOCKET_ABI.SOCK_STREAM) {
        fsFail("EOPNOTSUPP");
      }
      const [one, other] = [0, 1].map(() =>
        SOCKFS.createSocket(SOCKET_ABI.AF_INET, type, protocol),
      );
      SOCKET_PAIR.connect(one, other, family);
      return [one.stream.fd, other.stream.fd];
    },

    connect(one, other, family) {
      const [there, back] = [new CHANNEL(), new CHANNEL()];
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
