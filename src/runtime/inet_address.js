// IPv4 addresses as text, for getaddrinfo() and what else of Emscripten's reads them.
//
// Replaces Emscripten's, which takes whatever Number() takes and cuts it to a byte: 256.0.0.1 was
// 0.1.0.1, and texts with blanks, signs and exponents were addresses.

addToLibrary({
  /**
   * Four numbers, decimal, octal (017) or hexadecimal (0xf), as for inet_aton(). Not fewer, as that
   * allows: Emscripten's getaddrinfo() takes a text that is a number, as 127.1 is, for an address in
   * memory.
   */
  $inetPton4: (text) => {
    const parts = text.split(".");
    if (
      parts.length !== 4 ||
      !parts.every((part) => /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(part))
    ) {
      return null;
    }
    const bytes = parts.map((part) => Number(/^0\d/.test(part) ? `0o${part}` : part));
    // In the order of the network, as C has it in memory.
    return bytes.every((byte) => byte < 256)
      ? (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24)) >>> 0
      : null;
  },
});
