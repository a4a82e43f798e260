// How our system calls end: a result, or the negated errno of the FS.ErrnoError that was thrown.
//
// Emscripten wraps its own system calls by editing their source text while emcc runs; an ordinary
// function does the same for ours.

addToLibrary({
  $fsSyscall__deps: ["$FS"],
  // Runs `body`. Anything but an ErrnoError is a bug of the runtime and is not hidden.
  $fsSyscall: (body) => {
    try {
      return body();
    } catch (error) {
      if (error?.name !== "ErrnoError") {
        throw error;
      }
      return -error.errno;
    }
  },

  $fsFail__deps: ["$FS", "$ERRNO_CODES"],
  // Throws the FS.ErrnoError of a name such as "ENOENT".
  $fsFail: (name) => {
    throw new FS.ErrnoError(ERRNO_CODES[name]);
  },

  // The first variable argument of a system call, an int.
  $fsVararg: (varargs) => HEAP32[varargs >>> 2],
});
