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
    /** Places of the program's own functions; made when the first is asked for. */
    known: null,

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

    /** Where the program's functions are already: a function has one address. The build has written
     * it into the module (src/cmake/tools/function_addresses.py). */
    written() {
      const known = new Map();
      const [section] = WebAssembly.Module.customSections(LINK_TABLE.module, "coil.addresses");
      const places = section ? JSON.parse(new TextDecoder().decode(section)) : {};
      for (const [name, place] of Object.entries(places)) {
        known.set(LINK_TABLE.program[name], place);
      }
      return known;
    },

    /** The address of a function of the program, wasm or JavaScript. */
    addressOf(callee) {
      LINK_TABLE.known ??= LINK_TABLE.written();
      let address = LINK_TABLE.known.get(callee);
      if (address === undefined) {
        address = LINK_TABLE.add(callee);
        LINK_TABLE.known.set(callee, address);
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
