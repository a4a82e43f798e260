// Functions that a library imports although it defines them itself: C++ has those whose definition
// another library could have come first with. An instance cannot import its own exports, so these
// imports are relays: wasm functions that call what will be in the table.
//
// Emscripten's loader has JavaScript functions here, below which nothing can suspend.

addToLibrary({
  $LINK_RELAY__deps: ["$EMIT", "$LINK_BINARY", "$wasmTable"],
  $LINK_RELAY: {
    FUNCTION_TYPE: 0x60,

    /** How many parameters each type of a type section has. */
    parameterCounts(types) {
      const reader = new LINK_BINARY.Reader(types);
      return Array.from({ length: reader.count() }, () => {
        if (reader.byte() !== LINK_RELAY.FUNCTION_TYPE) {
          throw new Error("has types that are no functions, which is not supported");
        }
        const count = reader.number();
        reader.position += count;
        reader.part(); // its results: a number and as many bytes
        return count;
      });
    },

    /** Its locals and instructions: passes all parameters on. */
    code({ type, address }, count) {
      const code = [0]; // no locals
      for (let i = 0; i < count; i++) {
        code.push(0x20, ...EMIT.leb(i)); // local.get
      }
      return [...code, ...EMIT.constant(address), 0x11, ...EMIT.leb(type), 0, 0x0b]; // call_indirect
    },

    /** The module of some relays, with all types of the library, so that numbers of types are its own. */
    module(types, relays) {
      const counts = LINK_RELAY.parameterCounts(types);
      const text = [...EMIT.name("i"), ...EMIT.name("t"), ...EMIT.TABLE];
      return new Uint8Array([
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...[1, ...EMIT.leb(types.length), ...types],
        ...EMIT.section(2, [text]),
        ...EMIT.section(
          3,
          relays.map(({ type }) => EMIT.leb(type)),
        ),
        ...EMIT.section(
          7,
          relays.map((_, i) => [...EMIT.name(`f${i}`), 0, ...EMIT.leb(i)]),
        ),
        ...EMIT.section(
          10,
          relays.map((relay) => EMIT.sized(LINK_RELAY.code(relay, counts[relay.type]))),
        ),
      ]);
    },

    /** Functions by name for relays of name, type and address. */
    make(types, relays) {
      const functions = new Map();
      if (relays.length) {
        const module = new WebAssembly.Module(LINK_RELAY.module(types, relays));
        const { exports } = new WebAssembly.Instance(module, { i: { t: wasmTable } });
        relays.forEach(({ name }, i) => {
          functions.set(name, exports[`f${i}`]);
        });
      }
      return functions;
    },
  },
});
