// Errors of node:fs as errors of FS.

addToLibrary({
  $HOST_ERRORS__deps: ["$FS", "$ERRNO_CODES"],
  $HOST_ERRORS: {
    // Linux errors that libuv has no name for: the host's number to a name of ERRNO_CODES.
    unnamed: {
      15: "ENOTBLK",
      35: "EDEADLK",
      37: "ENOLCK",
      52: "EBADE",
      116: "ESTALE",
      117: "EIO", // EUCLEAN: a damaged file system
      122: "EDQUOT",
    },

    // What Node's own checks of arguments mean for a C program.
    checks: {
      ERR_INVALID_ARG_VALUE: "EINVAL",
      ERR_OUT_OF_RANGE: "EINVAL",
      ERR_FS_FILE_TOO_LARGE: "EFBIG",
      ERR_ACCESS_DENIED: "EACCES", // Node's permission model
      ERR_FS_EISDIR: "EISDIR",
      ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: "ENOTSUP",
      ERR_WORKER_UNSUPPORTED_OPERATION: "ENOTSUP",
    },

    // The name in ERRNO_CODES of an error thrown by Node; undefined for one that is not Node's.
    nameOf(error) {
      if (error?.code in ERRNO_CODES) {
        return error.code;
      }
      if (typeof error?.errno === "number") {
        return HOST_ERRORS.unnamed[-error.errno] ?? "EIO";
      }
      return HOST_ERRORS.checks[error?.code];
    },

    // Runs `body`, which calls the host. The stack trace of a Node error costs more than the call that
    // failed, and importing a module asks for many files that do not exist.
    call(body) {
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
      try {
        return body();
      } catch (error) {
        const name = error?.name === "ErrnoError" ? undefined : HOST_ERRORS.nameOf(error);
        throw name === undefined ? error : new FS.ErrnoError(ERRNO_CODES[name]);
      } finally {
        Error.stackTraceLimit = limit;
      }
    },
  },
});
