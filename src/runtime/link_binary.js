// Reads what the linker has to know of a side module from its bytes: its size and needs (the section
// "dylink.0"), what it imports, what it exports and where that lies in its data.
//
// Every position is checked: a file that is cut off or made by somebody else must end in an error.
// WebAssembly.Module.imports() and exports() were the alternative: they make two or three strings and
// an object for each of ten thousand symbols, and do not tell where data lies.

addToLibrary({
  $LINK_BINARY: {
    CUSTOM: 0,
    TYPE: 1,
    IMPORT: 2,
    GLOBAL: 6,
    EXPORT: 7,
    LAST_SECTION: 13, // the section of exception tags
    KINDS: ["function", "table", "memory", "global", "tag"],
    LARGEST_ALIGNMENT: 28, // a power of two, as clang's
    WEAK: 1, // of a symbol's flags, with BINDING
    BINDING: 3,

    /** A position in bytes that does not pass their end. */
    Reader: class {
      constructor(bytes, position = 0, end = bytes.length) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
      }

      get done() {
        return this.position >= this.end;
      }

      byte() {
        if (this.position >= this.end) {
          throw new Error("the file is cut off or damaged");
        }
        return this.bytes[this.position++];
      }

      /** LEB128 without sign, up to 32 bits. */
      number() {
        let value = 0;
        let shift = 0;
        let byte = this.byte();
        while (byte > 0x7f && shift < 28) {
          value |= (byte & 0x7f) << shift;
          shift += 7;
          byte = this.byte();
        }
        return (value | (byte << shift)) >>> 0;
      }

      /** Skips LEB128 of any size and sign. */
      skipNumber() {
        while (this.byte() > 0x7f) {
          // the next byte belongs to it
        }
      }

      /** LEB128 with sign, up to 32 bits, as a number without sign. */
      signed() {
        let value = 0;
        let shift = 0;
        let byte;
        do {
          byte = this.byte();
          value |= (byte & 0x7f) << shift;
          shift += 7;
        } while (byte > 0x7f && shift < 35);
        return (shift < 32 && byte & 0x40 ? value | (-1 << shift) : value) >>> 0;
      }

      /** A reader of the next bytes, which this one skips. */
      part() {
        const size = this.number();
        const start = this.position;
        this.position = start + size;
        if (this.position > this.end) {
          throw new Error("the file is cut off or damaged");
        }
        return new LINK_BINARY.Reader(this.bytes, start, this.position);
      }

      name() {
        const { position, end } = this.part();
        return LINK_BINARY.text(this.bytes, position, end);
      }

      names() {
        return Array.from({ length: this.count() }, () => this.name());
      }

      /** How many things follow, each of at least one byte. */
      count() {
        const count = this.number();
        if (count > this.end - this.position) {
          throw new Error("the file is cut off or damaged");
        }
        return count;
      }
    },

    /** Symbols are ASCII, nearly always, and short; a TextDecoder costs more than they do. */
    text(bytes, start, end) {
      let text = "";
      for (let i = start; i < end; i++) {
        if (bytes[i] > 0x7f) {
          return new TextDecoder().decode(bytes.slice(start, end));
        }
        text += String.fromCharCode(bytes[i]);
      }
      return text;
    },

    checkHeader(bytes) {
      const magic = String.fromCharCode(...bytes.subarray(0, 4));
      if (magic === "\x7fELF") {
        throw new Error("not a WebAssembly module: this is a library for another kind of machine");
      }
      if (magic !== "\0asm") {
        throw new Error(bytes.length === 0 ? "the file is empty" : "not a WebAssembly module");
      }
      if (bytes.length < 8 || bytes[4] !== 1 || bytes[5] + bytes[6] + bytes[7] !== 0) {
        throw new Error("not a WebAssembly module of version 1, or cut off");
      }
    },

    /** All that bind() and C need to know. Makes the module's global offsets constants, in place. */
    read(bytes) {
      LINK_BINARY.checkHeader(bytes);
      const reader = new LINK_BINARY.Reader(bytes, 8);
      const found = { weak: new Set(), needed: [], runpath: [], imports: [], exports: [] };
      const globals = { imported: 0, values: [] };
      LINK_BINARY.readDylink(reader, found);
      while (!reader.done) {
        const id = reader.byte();
        const section = reader.part();
        if (id > LINK_BINARY.LAST_SECTION) {
          throw new Error("the file is cut off or damaged");
        } else if (id === LINK_BINARY.TYPE) {
          found.types = section.bytes.slice(section.position, section.end);
        } else if (id === LINK_BINARY.IMPORT) {
          globals.imported = LINK_BINARY.readImports(section, found.imports);
        } else if (id === LINK_BINARY.GLOBAL) {
          LINK_BINARY.readGlobals(section, globals.values);
        } else if (id === LINK_BINARY.EXPORT) {
          LINK_BINARY.readExports(section, found.exports);
        }
      }
      if (found.exports.length === 0) {
        throw new Error("the file is cut off: it exports nothing"); // every linker's output does
      }
      return { ...found, own: LINK_BINARY.ownSymbols(found.exports, globals) };
    },

    readDylink(reader, found) {
      const id = reader.byte();
      const section = reader.part();
      if (id !== LINK_BINARY.CUSTOM || section.name() !== "dylink.0") {
        throw new Error("not a shared library: its first section is not dylink.0");
      }
      const readers = {
        1: (part) => {
          found.memorySize = part.number();
          found.memoryAlignment = LINK_BINARY.alignment(part.number());
          found.tableSize = part.number();
        },
        2: (part) => {
          found.needed = part.names();
        },
        4: (part) => LINK_BINARY.readWeak(part, found.weak),
        5: (part) => {
          found.runpath = part.names();
        },
      };
      while (!section.done) {
        const kind = section.byte();
        const part = section.part();
        readers[kind]?.(part);
      }
    },

    /** In bytes, of a power of two. */
    alignment(exponent) {
      if (exponent > LINK_BINARY.LARGEST_ALIGNMENT) {
        throw new Error("the file is cut off or damaged");
      }
      return 2 ** exponent;
    },

    readWeak(part, weak) {
      for (let count = part.count(); count > 0; count--) {
        part.name();
        const name = part.name();
        if ((part.number() & LINK_BINARY.BINDING) === LINK_BINARY.WEAK) {
          weak.add(name);
        }
      }
    },

    readImports(section, imports) {
      let globals = 0;
      for (let count = section.count(); count > 0; count--) {
        const from = section.name();
        const name = section.name();
        const kind = LINK_BINARY.KINDS[section.byte()];
        if (kind === "global") {
          globals++;
          section.byte(); // its type
          LINK_BINARY.fixGlobal(section, from);
        }
        const type = kind === "global" ? 0 : LINK_BINARY.readType(section, kind);
        imports.push({ from, name, kind, type });
      }
      return globals;
    },

    /**
     * The mutability of an imported global, which for global offsets becomes "constant": a number can
     * then be imported, where a variable would need an object of the engine's for each symbol and an
     * indirection at each use. Nothing writes to them: the linker fills them before anything runs.
     */
    fixGlobal(section, from) {
      if (section.byte() === 1 && from.startsWith("GOT.")) {
        section.bytes[section.position - 1] = 0;
      }
    },

    /** The index of a function's type; 0 for other kinds. */
    readType(section, kind) {
      if (kind === undefined) {
        throw new Error("the file is cut off or damaged");
      }
      if (kind === "function") {
        return section.number();
      }
      section.byte(); // the type of a table's elements; the attribute of a tag
      if (kind === "tag") {
        section.number();
      } else {
        LINK_BINARY.skipLimits(section, kind === "memory");
      }
      return 0;
    },

    /** Limits of a table, or of a memory, whose first byte was read as the type of elements. */
    skipLimits(section, isMemory) {
      const flags = isMemory ? section.bytes[section.position - 1] : section.byte();
      section.number();
      if (flags & 1) {
        section.number();
      }
    },

    /** The start values of globals; null where it is no constant of 32 bits, or can change. */
    readGlobals(section, values) {
      for (let count = section.count(); count > 0; count--) {
        section.byte(); // its type
        const constant = section.byte() === 0;
        const value = LINK_BINARY.startValue(section);
        values.push(constant ? value : null);
      }
    },

    startValue(section) {
      const END = 0x0b;
      const I32_CONST = 0x41;
      let value = null;
      for (let first = true, code = section.byte(); code !== END; code = section.byte()) {
        value = first && code === I32_CONST ? section.signed() : null;
        if (code !== I32_CONST || !first) {
          LINK_BINARY.skipOperand(section, code);
        }
        first = false;
      }
      return value;
    },

    /** What follows an instruction in the start value of a global. */
    skipOperand(section, code) {
      const sizes = { 67: 4, 68: 8, 208: 1 }; // f32.const, f64.const, ref.null
      if (code in sizes) {
        section.position += sizes[code];
      } else if ([0x23, 0x41, 0x42, 0xd2].includes(code)) {
        section.skipNumber(); // global.get, i32.const, i64.const, ref.func
      } else if (code < 0x6a || code > 0x7e) {
        // Between them lies the arithmetic of constant expressions.
        throw new Error(`unknown instruction ${code} in the start value of a global`);
      }
    },

    readExports(section, exports) {
      for (let count = section.count(); count > 0; count--) {
        const name = section.name();
        const kind = LINK_BINARY.KINDS[section.byte()];
        exports.push({ name, kind, index: section.number() });
      }
    },

    /** The symbols that others may bind: data by its offset, functions as -1. */
    ownSymbols(exports, globals) {
      const own = new Map();
      for (const { name, kind, index } of exports) {
        const offset = kind === "global" ? globals.values[index - globals.imported] : null;
        if (kind === "function") {
          own.set(name, -1);
        } else if (typeof offset === "number") {
          own.set(name, offset);
        }
      }
      return own;
    },
  },
});
