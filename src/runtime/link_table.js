// Places in the table of functions, for the linker: blocks for whole libraries, which come back when
// a library is closed, and single ones that stay.

addToLibrary({
  $LINK_TABLE__deps: ["$wasmTable", "$addFunction", "coil_arity_forget"],
  $LINK_TABLE: {
    /** How many single places are made at a time: growing the table costs the engine a copy. */
    CHUNK: 256,

    /** Blocks that nobody uses, by their first place. */
    free: new Map(),
    /** The current chunk of single places. */
    next: 0,
    end: 0,
    /** The program's module and exports. */
    module: null,
    program: {},
    /** Places of the program's own functions by name; read when the first is asked for. */
    written: null,
    /** Places of functions that the linker has added. */
    added: new Map(),

    /** Makes `count` places in a row; returns the first. Throws an Error when there is no room. */
    reserve(count) {
      for (const [first, size] of LINK_TABLE.free) {
        if (size >= count) {
          LINK_TABLE.free.delete(first);
          if (size > count) {
            LINK_TABLE.free.set(first + count, size - count);
          }
          return first;
        }
      }
      try {
        return wasmTable.grow(count);
      } catch {
        throw new Error(`no room in the table for ${count} functions`);
      }
    },

    /** Empties places and gives them back, joined with a free block behind them. */
    release(first, count) {
      if (count === 0) {
        return;
      }
      for (let i = first; i < first + count; i++) {
        setWasmTableEntry(i, null); // also in Emscripten's own copy of the table
      }
      _coil_arity_forget(first, count);
      const behind = LINK_TABLE.free.get(first + count) ?? 0;
      LINK_TABLE.free.delete(first + count);
      LINK_TABLE.free.set(first, count + behind);
    },

    single() {
      if (LINK_TABLE.next === LINK_TABLE.end) {
        LINK_TABLE.next = LINK_TABLE.reserve(LINK_TABLE.CHUNK);
        LINK_TABLE.end = LINK_TABLE.next + LINK_TABLE.CHUNK;
      }
      return LINK_TABLE.next++;
    },

    /**
     * Where the program's functions are already: a function has one address. The build has written it
     * into the module (src/cmake/tools/function_addresses.py), under every name of the function. Kept
     * by name: a Map of the functions themselves took a third of the time of the first binding.
     */
    readWritten() {
      const [section] = WebAssembly.Module.customSections(LINK_TABLE.module, "coil.addresses");
      return section ? JSON.parse(new TextDecoder().decode(section)) : {};
    },

    /** The place that the build has written for a function of the program; undefined if none. */
    placeOf(name, callee) {
      LINK_TABLE.written ??= LINK_TABLE.readWritten();
      const isWritten = Object.hasOwn(LINK_TABLE.written, name);
      return isWritten && LINK_TABLE.program[name] === callee
        ? LINK_TABLE.written[name]
        : LINK_TABLE.added.get(callee);
    },

    /** The address of what the program has under a name: a function, wasm or JavaScript. */
    addressOf(name, callee) {
      let address = LINK_TABLE.placeOf(name, callee);
      if (address === undefined) {
        address = LINK_TABLE.add(callee);
        LINK_TABLE.added.set(callee, address);
      }
      return address;
    },

    add(callee) {
      if (callee.sig) {
        return addFunction(callee, callee.sig); // JavaScript, which has to become wasm first
      }
      const address = LINK_TABLE.single();
      wasmTable.set(address, callee);
      return address;
    },
  },
});
