// What sockets are and what was set of them. The mirror of socket_options.c.

addToLibrary({
  $SOCKET_OPTIONS__deps: ["$SOCKFS", "$fsSyscall"],
  $SOCKET_OPTIONS: {
    SO_DOMAIN: 39,
    SO_TYPE: 3,
    SO_PROTOCOL: 38,
    SO_ERROR: cDefs.SO_ERROR,

    fact(sock, name) {
      switch (name) {
        case SOCKET_OPTIONS.SO_DOMAIN:
          return sock.family;
        case SOCKET_OPTIONS.SO_TYPE:
          return sock.type;
        case SOCKET_OPTIONS.SO_PROTOCOL:
          return sock.protocol;
        default:
          return SOCKET_OPTIONS.takeError(sock);
      }
    },

    takeError(sock) {
      const { error } = sock;
      sock.error = null;
      return error ?? 0;
    },
  },

  coil_socket_fact_js__sig: "iii",
  coil_socket_fact_js__deps: ["$SOCKET_OPTIONS"],
  coil_socket_fact_js: (fd, name) => fsSyscall(() => SOCKET_OPTIONS.fact(SOCKFS.require(fd), name)),

  coil_socket_keep_js__sig: "iiii",
  coil_socket_keep_js__deps: ["$SOCKET_OPTIONS"],
  coil_socket_keep_js: (fd, option, value) =>
    fsSyscall(() => {
      SOCKFS.require(fd).options.set(option, value);
      return 0;
    }),

  coil_socket_kept_js__sig: "iiii",
  coil_socket_kept_js__deps: ["$SOCKET_OPTIONS"],
  coil_socket_kept_js: (fd, option, otherwise) =>
    fsSyscall(() => SOCKFS.require(fd).options.get(option) ?? otherwise),
});
