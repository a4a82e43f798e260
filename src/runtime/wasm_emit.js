// Writes tiny wasm modules: one function each, exported as "f". For functions whose signature is only
// known at run time: adapters (call_arity.js), foreign calls and callbacks (foreign_call.js).

addToLibrary({
  $EMIT: {
    /** Value types by the letters that Emscripten uses for them. */
    VALUES: { i: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c },
    /** Loads and stores of those types. */
    LOADS: { i: 0x28, j: 0x29, f: 0x2a, d: 0x2b },
    STORES: { i: 0x36, j: 0x37, f: 0x38, d: 0x39 },

    /** What follows the name of an import. */
    FUNCTION: (type) => [0, type],
    TABLE: [1, 0x70, 0, 0], // of funcref, no minimum
    MEMORY: [2, 0, 0], // no minimum
    CONSTANT: [3, 0x7f, 0], // an i32 global
    VARIABLE: [3, 0x7f, 1], // one that can be set

    /** Unsigned LEB128. */
    leb(value) {
      const bytes = [];
      for (; value > 0x7f; value >>>= 7) {
        bytes.push((value & 0x7f) | 0x80);
      }
      return [...bytes, value];
    },

    /** i32.const of a number that is not negative. */
    constant: (value) => [0x41, ...EMIT.signed(value)],

    /** The constant 0 of a type. */
    zero: (letter) =>
      ({
        i: [0x41, 0],
        j: [0x42, 0],
        f: [0x43, ...Array(4).fill(0)],
        d: [0x44, ...Array(8).fill(0)],
      })[letter],

    /** Signed LEB128 of a number that is not negative: the highest bit of the last byte is the sign. */
    signed(value) {
      const bytes = [];
      for (; value > 0x3f; value >>>= 7) {
        bytes.push((value & 0x7f) | 0x80);
      }
      return [...bytes, value];
    },

    sized: (bytes) => [...EMIT.leb(bytes.length), ...bytes],

    vector: (items) => [...EMIT.leb(items.length), ...items.flat()],

    section: (id, items) => [id, ...EMIT.sized(EMIT.vector(items))],

    name: (text) => EMIT.sized([...text].map((character) => character.charCodeAt(0))),

    /** A function type by letters, the result first: "vi" takes an i32 and returns nothing. */
    type(letters) {
      const [result, ...parameters] = [...letters].map((letter) => EMIT.VALUES[letter] ?? []);
      return [0x60, ...EMIT.sized(parameters), ...EMIT.sized([result].flat())];
    },

    /**
     * A module. `types`: letters. `imports`: name to description, all of module "i". `type`: index of
     * the function's own type. `code`: its locals and instructions.
     */
    module(types, imports, type, code) {
      const described = Object.entries(imports);
      const index = described.filter(([, description]) => description[0] === 0).length;
      return new WebAssembly.Module(
        // prettier-ignore
        new Uint8Array([
          0,
          0x61,
          0x73,
          0x6d,
          1,
          0,
          0,
          0,
          ...EMIT.section(1, types.map(EMIT.type)),
          ...EMIT.section(
            2,
            described.map(([name, what]) => [...EMIT.name("i"), ...EMIT.name(name), ...what]),
          ),
          ...EMIT.section(3, [EMIT.leb(type)]),
          ...EMIT.section(7, [[...EMIT.name("f"), 0, ...EMIT.leb(index)]]),
          ...EMIT.section(10, [EMIT.sized([...code, 0x0b])]),
        ]),
      );
    },

    /** The function of a module. */
    instantiate: (module, imports) => new WebAssembly.Instance(module, { i: imports }).exports.f,

    /** Instructions that tell whether local `local`, a funcref, is of type `type`: ref.test. */
    isType: (local, type) => [0x20, local, 0xfb, 0x14, ...EMIT.signed(type)],

    /** Instructions that return `answer` if the number before them is not 0. */
    // prettier-ignore
    returnIf: (answer) => [
      0x04,
      0x40, // if
      ...EMIT.constant(answer),
      0x0f, // return
      0x0b, // end
    ],

    /** Instructions that return `answer` if local `local` is of type `type`. */
    ifType: (local, type, answer) => [...EMIT.isType(local, type), ...EMIT.returnIf(answer)],

    /** The same if it is not: i32.eqz between the two. */
    unlessType: (local, type, answer) => [
      ...EMIT.isType(local, type),
      0x45,
      ...EMIT.returnIf(answer),
    ],

    /** Appends a function to the table; returns its index. */
    append(wasmFunction) {
      const index = wasmTable.grow(1);
      wasmTable.set(index, wasmFunction);
      return index;
    },
  },
  $EMIT__deps: ["$wasmTable"],
});
