// Sockets before there is a network: they can be made, bound and closed, and everything that would
// need a peer fails with the error of a host without a network.
//
// Replaces Emscripten's SOCKFS, which turns TCP into WebSockets through the npm package "ws": its
// absence ends the process at listen(), and a browser's WebSocket talks to no TCP server anyway.

addToLibrary({
  // cDefs exists while emcc runs the libraries; only the numbers reach the glue.
  $SOCKET_ABI: {
    AF_INET: cDefs.AF_INET,
    SOCK_STREAM: cDefs.SOCK_STREAM,
    SOCK_DGRAM: cDefs.SOCK_DGRAM,
    SOCK_NONBLOCK: cDefs.SOCK_NONBLOCK,
    SOCK_CLOEXEC: cDefs.SOCK_CLOEXEC,
    IPPROTO_TCP: cDefs.IPPROTO_TCP,
    IPPROTO_UDP: cDefs.IPPROTO_UDP,
    S_IFDIR: cDefs.S_IFDIR,
    S_IFSOCK: cDefs.S_IFSOCK,
    O_RDWR: cDefs.O_RDWR,
    O_NONBLOCK: cDefs.O_NONBLOCK,
    POLLOUT: cDefs.POLLOUT,
    POLLHUP: cDefs.POLLHUP,
    EAFNOSUPPORT: cDefs.EAFNOSUPPORT,
    EAGAIN: cDefs.EAGAIN,
    EINVAL: cDefs.EINVAL,
    ENETUNREACH: cDefs.ENETUNREACH,
    ENOTCONN: cDefs.ENOTCONN,
    EOPNOTSUPP: cDefs.EOPNOTSUPP,
    EPROTONOSUPPORT: cDefs.EPROTONOSUPPORT,
  },

  $SOCKFS__postset: () => {
    addAtInit("SOCKFS.root = FS.mount(SOCKFS, {}, null);");
    addAtInit("SOCKFS.nameThisHost();");
  },
  $SOCKFS__deps: ["$DNS", "$FS", "$SOCKET_ABI", "$fsFail"],
  $SOCKFS: {
    count: 0,

    mount: () => FS.createNode(null, "/", SOCKET_ABI.S_IFDIR | 0o777, 0),

    /** Emscripten gives every name an address of its own making; of this one programs know it. */
    nameThisHost() {
      DNS.address_map.addrs["localhost"] = "127.0.0.1";
      DNS.address_map.names["127.0.0.1"] = "localhost";
    },

    fail(name) {
      throw new FS.ErrnoError(SOCKET_ABI[name]);
    },

    check(family, kind, protocol) {
      const protocols = {
        [SOCKET_ABI.SOCK_STREAM]: SOCKET_ABI.IPPROTO_TCP,
        [SOCKET_ABI.SOCK_DGRAM]: SOCKET_ABI.IPPROTO_UDP,
      };
      if (family !== SOCKET_ABI.AF_INET) {
        SOCKFS.fail("EAFNOSUPPORT");
      }
      if (!protocols[kind]) {
        SOCKFS.fail("EPROTONOSUPPORT");
      }
      if (protocol && protocol !== protocols[kind]) {
        SOCKFS.fail("EPROTONOSUPPORT");
      }
    },

    createSocket(family, type, protocol) {
      const kind = type & ~(SOCKET_ABI.SOCK_NONBLOCK | SOCKET_ABI.SOCK_CLOEXEC);
      SOCKFS.check(family, kind, protocol);
      const path = `socket[${SOCKFS.count++}]`;
      const node = FS.createNode(SOCKFS.root, path, SOCKET_ABI.S_IFSOCK, 0);
      const nonblocking = type & SOCKET_ABI.SOCK_NONBLOCK ? SOCKET_ABI.O_NONBLOCK : 0;
      const flags = SOCKET_ABI.O_RDWR | nonblocking;
      const { stream_ops } = SOCKFS;
      const stream = FS.createStream({ path, node, flags, seekable: false, stream_ops });
      node.sock = {
        family,
        type: kind,
        protocol,
        stream,
        error: null,
        options: new Map(),
        sock_ops: SOCKFS.operations,
      };
      return node.sock;
    },

    getSocket: (fd) => FS.getStream(fd)?.node?.sock ?? null,

    /** Fails as Linux does where there is no socket. */
    require: (fd) => SOCKFS.getSocket(fd) ?? fsFail(FS.getStream(fd) ? "ENOTSOCK" : "EBADF"),

    stream_ops: {
      getattr(stream) {
        const never = new Date(0);
        return {
          dev: 1,
          ino: stream.node.id,
          mode: SOCKET_ABI.S_IFSOCK | 0o777,
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
      // What Linux says of a socket that is not connected.
      poll: () => SOCKET_ABI.POLLOUT | SOCKET_ABI.POLLHUP,
      ioctl: () => SOCKET_ABI.EINVAL,
      read: (stream) => SOCKFS.operations.recvmsg(stream.node.sock),
      write: (stream) => SOCKFS.operations.sendmsg(stream.node.sock),
      close() {},
    },

    // What Emscripten's system calls ask of a socket.
    operations: {
      bind(sock, address, port) {
        if (sock.saddr !== undefined) {
          SOCKFS.fail("EINVAL");
        }
        sock.saddr = address;
        sock.sport = port;
      },
      connect: () => SOCKFS.fail("ENETUNREACH"),
      listen: () => SOCKFS.fail("EOPNOTSUPP"),
      accept: () => SOCKFS.fail("EINVAL"),
      sendmsg: (_sock, _buffer, _offset, _length, address) =>
        SOCKFS.fail(address === undefined ? "ENOTCONN" : "ENETUNREACH"),
      // A datagram could still come, as far as the program knows; a stream has no other end.
      recvmsg: (sock) => SOCKFS.fail(sock.type === SOCKET_ABI.SOCK_STREAM ? "ENOTCONN" : "EAGAIN"),
    },
  },

  // Emscripten's writes to the first descriptor of a socket, which may be closed while copies are in use.
  __syscall_sendto__deps: ["$SOCKFS", "$fsSyscall", "$getSocketAddress"],
  __syscall_sendto: (fd, buffer, length, _flags, address, size) =>
    fsSyscall(() => {
      const sock = SOCKFS.require(fd);
      const to = address ? getSocketAddress(address, size) : {};
      return sock.sock_ops.sendmsg(sock, HEAP8, buffer, length, to.addr, to.port);
    }),
});
