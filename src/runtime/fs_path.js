// File names between C strings, which are bytes, and the JavaScript strings of FS.
//
// A byte that is not part of valid UTF-8 becomes one lone surrogate U+DC80..U+DCFF, as in Python's
// surrogateescape, so that every name survives the way to MEMFS or the host and back. Emscripten's own
// UTF8ToString turns such bytes into U+FFFD: two names become one, and the file cannot be opened.

addToLibrary({
  $FS_PATH__deps: ["$SYSCALLS", "$PATH"],
  $FS_PATH__postset: "FS_PATH.install();",
  $FS_PATH: {
    decoder: null,
    encoder: null,

    // At load time: emcc can only copy plain data and functions into the glue.
    install() {
      FS_PATH.decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      FS_PATH.encoder = new TextEncoder();
      SYSCALLS.getStr = FS_PATH.read;
    },

    // With the u flag only lone surrogates match, not the second half of a pair.
    isEscaped: (text) => /[\udc80-\udcff]/u.test(text),

    // The name in the C string at `pointer`; "" for NULL.
    read(pointer) {
      const start = pointer >>> 0;
      return start === 0 ? "" : FS_PATH.decode(HEAPU8.subarray(start, HEAPU8.indexOf(0, start)));
    },

    decode(bytes) {
      try {
        return FS_PATH.decoder.decode(bytes);
      } catch {
        return FS_PATH.decodeEscaping(bytes);
      }
    },

    // One lone surrogate per undecodable byte. Slow, but names like this are rare.
    decodeEscaping(bytes) {
      let text = "";
      for (let start = 0; start < bytes.length; ) {
        const length = FS_PATH.sequenceLength(bytes, start);
        if (length === 0) {
          text += String.fromCharCode(0xdc00 + bytes[start]);
          start += 1;
        } else {
          text += FS_PATH.decoder.decode(bytes.subarray(start, start + length));
          start += length;
        }
      }
      return text;
    },

    // Length in bytes of the valid UTF-8 sequence at `start`; 0 when there is none.
    sequenceLength(bytes, start) {
      for (let length = 1; length <= 4 && start + length <= bytes.length; length += 1) {
        try {
          FS_PATH.decoder.decode(bytes.subarray(start, start + length));
          return length;
        } catch {
          // Perhaps only incomplete: try one byte more.
        }
      }
      return 0;
    },

    encode(text) {
      if (!FS_PATH.isEscaped(text)) {
        return FS_PATH.encoder.encode(text);
      }
      const bytes = [];
      for (const character of text) {
        const code = character.codePointAt(0);
        if (code >= 0xdc80 && code <= 0xdcff) {
          bytes.push(code - 0xdc00);
        } else {
          bytes.push(...FS_PATH.encoder.encode(character));
        }
      }
      return new Uint8Array(bytes);
    },

    // What node:fs takes for this name: the string itself where it can stand for the bytes.
    forNode(text) {
      return FS_PATH.isEscaped(text) ? FS_PATH.encode(text) : text;
    },

    // Copies `bytes` and a terminating zero to `pointer`.
    write(bytes, pointer) {
      const start = pointer >>> 0;
      HEAPU8.set(bytes, start);
      HEAPU8[start + bytes.length] = 0;
    },

    // `path` without empty, "." and ".." components; lexical, symbolic links are not looked at.
    normalize(path) {
      return /\/(?:\.{0,2})(?:\/|$)/.test(path)
        ? PATH.normalize(path).replace(/(?<=.)\/$/, "")
        : path;
    },
  },
});
