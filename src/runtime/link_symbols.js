// Who defines a symbol: the program, a global library, the library itself, or one that it needs, in
// this order, as ELF's linkers have it. So a C++ type or inline function has one definition.

addToLibrary({
  $LINK_SYMBOLS__deps: ["$LINK_TABLE"],
  $LINK_SYMBOLS: {
    /** The exports of the program. Set when it is instantiated. */
    program: {},
    /** Libraries whose symbols all see, in the order in which they became global. */
    globals: [],

    /** The program's definition: wasm, or a function of its JavaScript libraries. */
    ofProgram(name) {
      const exported = LINK_SYMBOLS.program[name];
      if (exported !== undefined) {
        return exported;
      }
      const imported = Object.hasOwn(wasmImports, name) ? wasmImports[name] : undefined;
      return typeof imported === "function" && !imported.stub ? imported : undefined;
    },

    /** A library and those that it needs. */
    family(library) {
      const family = new Set([library]);
      for (const each of family) {
        each.needed.forEach(family.add, family); // breadth first: a Set is walked as it grows
      }
      return [...family];
    },

    /** The libraries in which a library's symbols are looked for. */
    scope: (library) => [...new Set([...LINK_SYMBOLS.globals, ...LINK_SYMBOLS.family(library)])],

    /** The first library of a scope that defines `name`. */
    definer: (scope, name) => scope.find(({ own }) => own.has(name)),

    /** The global libraries that a library's symbols come from, beside those it needs. */
    bound(library) {
      const { scope, found } = library;
      const family = LINK_SYMBOLS.family(library);
      const isFrom = (each, name) =>
        LINK_SYMBOLS.definer(scope, name) === each && LINK_SYMBOLS.ofProgram(name) === undefined;
      return LINK_SYMBOLS.globals.filter(
        (each) => !family.includes(each) && found.imports.some(({ name }) => isFrom(each, name)),
      );
    },

    /** A function to call directly, or undefined. */
    callee(library, name) {
      const program = LINK_SYMBOLS.ofProgram(name);
      if (typeof program === "function") {
        return program;
      }
      return LINK_SYMBOLS.definer(library.scope, name)?.exports?.[name];
    },

    /** The address of a symbol in a library that has it. */
    addressIn(library, name) {
      const offset = library.own.get(name);
      if (offset !== -1) {
        return (library.memory + offset) >>> 0;
      }
      let address = library.addresses.get(name);
      if (address === undefined) {
        address = LINK_TABLE.reserve(1);
        wasmTable.set(address, library.exports[name]);
        library.later.push(address);
        library.addresses.set(name, address);
      }
      return address;
    },

    /** The address of a definition of the program; undefined if it has none: JavaScript of no known type. */
    addressOf(name, definition) {
      if (typeof definition !== "function") {
        return definition.value >>> 0;
      }
      const canBePlaced = definition.sig || definition === LINK_SYMBOLS.program[name];
      return canBePlaced ? LINK_TABLE.addressOf(name, definition) : undefined;
    },

    /** The address of a symbol for a library, or undefined. */
    address(scope, name) {
      const program = LINK_SYMBOLS.ofProgram(name);
      if (program !== undefined && !(program instanceof WebAssembly.Tag)) {
        return LINK_SYMBOLS.addressOf(name, program);
      }
      const library = LINK_SYMBOLS.definer(scope, name);
      return library && LINK_SYMBOLS.addressIn(library, name);
    },
  },
});
