// The JavaScript side of link_load.c and link.c: reads, compiles, binds and instantiates side modules.
//
//  - Everything that can be wrong with a library is found before anything of it runs, and is an error
//    of dlopen(). Emscripten's loader, which this replaces, binds a missing function to a stub that
//    throws at the first call.
//  - Symbols are bound in bulk: their addresses are numbers in one object that the engine reads once.
//  - What libraries import from each other and from the program are wasm functions, which the engine
//    links directly, so that no JavaScript frame is in a call.

addToLibrary({
  // Whatever Emscripten's loader would do at the start; the program is alone then.
  $LDSO__deps: [],
  $LDSO: { init: () => {} },
  $loadDylibs__deps: [],
  $loadDylibs: () => {},
  $getDylinkMetadata__deps: ["$LINK_TABLE"],
  $getDylinkMetadata: (module) => {
    LINK_TABLE.module = module;
    return { neededDynlibs: [] };
  },
  $loadDynamicLibrary__deps: [],
  $loadDynamicLibrary: () => {
    throw new Error("Libraries are opened by dlopen()");
  },
  $GOTHandler__deps: ["$GOT"],
  $GOTHandler: {
    get(_, name) {
      GOT[name] ??= new WebAssembly.Global({ value: "i32", mutable: true });
      return GOT[name];
    },
  },
  $mergeLibSymbols__deps: ["$LINK_SYMBOLS", "$updateGOT"],
  $mergeLibSymbols: (exports) => {
    LINK_SYMBOLS.program = LINK_TABLE.program = exports;
  },
  $updateGOT__internal: false,
  $updateGOT__deps: ["$GOT", "$addFunction"],
  $updateGOT: (exports) => {
    // The few that the program itself asked for; what nobody defines is weak.
    for (const name of Object.keys(GOT)) {
      const value = exports[name] ?? wasmImports[name] ?? { value: 0 };
      GOT[name].value = typeof value === "function" ? addFunction(value, value.sig) : value.value;
    }
  },

  $LINK__deps: [
    "$ARCHIVE_FS",
    "$FS",
    "$LINK_BINARY",
    "$LINK_RELAY",
    "$LINK_SYMBOLS",
    "$LINK_TABLE",
    "$SUSPEND",
    "$UTF8ToString",
    "$stringToNewUTF8",
    "$stringToUTF8",
    "$lengthBytesUTF8",
    "coil_link_at_unload",
    "coil_link_atexit",
  ],
  $LINK: {
    /** Libraries by the address of C's structure. */
    libraries: new Map(),
    /** What runs at the start, if it is there, in this order. */
    STARTS: ["__wasm_apply_data_relocs", "__wasm_call_ctors"],
    /** Functions that libraries get under a name of the program's. */
    replaced: null,

    /** Runs a step; returns 0, or the address of the text of its error. */
    step(pointer, run) {
      const library = LINK.libraries.get(pointer >>> 0);
      try {
        run(library);
        return 0;
      } catch (error) {
        return stringToNewUTF8(LINK.describe(library?.path, error));
      }
    },

    describe(path, error) {
      const text =
        error instanceof FS.ErrnoError && !error.reason
          ? `cannot open shared object file (errno ${error.errno})`
          : ((error.reason ?? error).message ?? String(error));
      return path ? `${path}: ${text}` : text;
    },

    add(pointer, path) {
      const library = {
        path,
        pointer: pointer >>> 0,
        own: new Map(),
        needed: [],
        bound: [],
        addresses: new Map(),
        later: [],
        global: false,
        first: 0,
        count: 0,
        memory: 0,
        exports: null,
      };
      LINK.libraries.set(library.pointer, library);
      return library;
    },

    /** Begins to fetch a file of the distribution that is not here yet. */
    fetch(library) {
      const pending = ARCHIVE_FS.libraries.get(library.path)?.fetch?.();
      if (pending) {
        LINK.wait(library, pending);
      }
    },

    read(library) {
      // A copy of ours, which reading changes.
      const bytes = FS.readFile(library.path);
      const found = LINK_BINARY.read(bytes);
      if (
        found.exports.some(({ name }) => name === "__start_em_asm" || name.startsWith("__em_js__"))
      ) {
        throw new Error("contains inline JavaScript (EM_ASM or EM_JS), which is not supported");
      }
      Object.assign(library, { bytes, found, own: found.own });
    },

    /**
     * Does something at once or, where the engine refuses that because the module is too large for a
     * page's main thread, in the background; C waits then.
     */
    attempt(library, atOnce, inBackground, receive) {
      try {
        receive(atOnce());
      } catch (error) {
        if (!(error instanceof RangeError)) {
          throw error;
        }
        LINK.wait(library, inBackground().then(receive));
      }
    },

    /** Has C wait for a promise, whose rejection is the library's failure. */
    wait(library, promise) {
      library.busy = true;
      promise
        .catch((failure) => {
          library.failure = failure;
        })
        .finally(() => {
          library.busy = false;
          SUSPEND.wake();
        });
    },

    compile(library) {
      const { bytes } = library;
      LINK.attempt(
        library,
        () => new WebAssembly.Module(bytes),
        () => WebAssembly.compile(bytes),
        (module) => {
          library.module = module;
          library.bytes = null;
        },
      );
    },

    /** What a library's destructors are registered with, instead of the program's. */
    replacement(name) {
      const { program } = LINK_SYMBOLS;
      LINK.replaced ??= {
        __cxa_atexit: program["coil_link_at_unload"],
        atexit: program["coil_link_atexit"],
      };
      return Object.hasOwn(LINK.replaced, name) ? LINK.replaced[name] : undefined;
    },

    /** Whether an import is a function of the library's own, by its address or to call. */
    isOwn(library, { from, name, kind }) {
      const wanted = from === "GOT.func" || kind === "function";
      return (
        wanted &&
        library.own.get(name) === -1 &&
        LINK_SYMBOLS.ofProgram(name) === undefined &&
        LINK_SYMBOLS.definer(library.scope, name) === library
      );
    },

    /** Gives the library its part of the table: its own elements, then the functions that are asked
     * for by name. */
    placeOwn(library) {
      const { found, own } = library;
      const imports = found.imports.filter((each) => LINK.isOwn(library, each));
      const starts = LINK.STARTS.filter((name) => own.has(name));
      const names = new Set([...imports.map(({ name }) => name), ...starts]);
      const count = found.tableSize + names.size;
      library.first = count && LINK_TABLE.reserve(count);
      library.count = count; // not before there are places to give back
      let address = library.first + found.tableSize;
      for (const name of names) {
        library.addresses.set(name, address++);
      }
      const relays = imports
        .filter(({ kind }) => kind === "function")
        .map(({ name, type }) => ({ name, type, address: library.addresses.get(name) }));
      library.relays = LINK_RELAY.make(found.types, relays);
    },

    /** The value of an import, or undefined when nobody has it. */
    resolve(library, { from, name, kind }) {
      if (from.startsWith("GOT.")) {
        const address = LINK_SYMBOLS.address(library.scope, name);
        return address ?? (library.found.weak.has(name) ? 0 : undefined);
      }
      if (kind === "function") {
        return LINK.callee(library, name) ?? LINK.weakCallee(library, name);
      }
      const bases = { __memory_base: library.memory, __table_base: library.first };
      return bases[name] ?? LINK_SYMBOLS.program[name];
    },

    callee: (library, name) =>
      LINK.replacement(name) ?? library.relays.get(name) ?? LINK_SYMBOLS.callee(library, name),

    /** What a weak function that nobody defines is when it is called nevertheless. */
    weakCallee(library, name) {
      const { path, found } = library;
      return found.weak.has(name)
        ? () => abort(`${path}: call of ${name}, which nobody defines`)
        : undefined;
    },

    resolveAll(library) {
      const imports = {};
      const missing = new Set();
      for (const each of library.found.imports) {
        const value = LINK.resolve(library, each);
        if (value === undefined) {
          missing.add(each.name);
        }
        imports[each.from] ??= {};
        imports[each.from][each.name] = value;
      }
      if (missing.size) {
        throw new Error(`undefined symbol: ${[...missing].join(", ")}`);
      }
      return imports;
    },

    bind(library, memory) {
      library.memory = memory >>> 0;
      library.scope = LINK_SYMBOLS.scope(library);
      LINK.placeOwn(library);
      const imports = LINK.resolveAll(library);
      library.bound = LINK_SYMBOLS.bound(library);
      const { module } = library;
      LINK.attempt(
        library,
        () => new WebAssembly.Instance(module, imports),
        () => WebAssembly.instantiate(module, imports),
        (instance) => {
          library.exports = instance.exports;
          library.module = null;
        },
      );
    },

    place(library, image) {
      for (const [name, address] of library.addresses) {
        wasmTable.set(address, library.exports[name]);
      }
      const addresses = LINK.STARTS.map((name) => library.addresses.get(name) ?? 0);
      HEAPU32.set([library.first, library.count, ...addresses], (image >>> 2) + 4);
      library.found = library.scope = library.relays = library.bound = null;
      ARCHIVE_FS.libraries.get(library.path)?.release();
    },
  },

  coil_link_fetch_js__sig: "ppp",
  coil_link_fetch_js__deps: ["$LINK"],
  coil_link_fetch_js: (pointer, path) => {
    LINK.add(pointer, UTF8ToString(path >>> 0));
    return LINK.step(pointer, LINK.fetch);
  },

  coil_link_read_js__sig: "ppp",
  coil_link_read_js__deps: ["$LINK"],
  coil_link_read_js: (pointer, image) =>
    LINK.step(pointer, (library) => {
      LINK.read(library);
      const { memorySize = 0, memoryAlignment = 1, needed, runpath } = library.found;
      library.found.tableSize ??= 0;
      const texts = [needed.map((name) => `${name}\0`).join(""), runpath.join(":")].map((text) =>
        stringToNewUTF8(text),
      );
      HEAPU32.set([memorySize, memoryAlignment, ...texts], (image >>> 0) >>> 2);
    }),

  coil_link_need_js__sig: "vpp",
  coil_link_need_js__deps: ["$LINK"],
  coil_link_need_js: (pointer, needed) => {
    LINK.libraries.get(pointer >>> 0).needed.push(LINK.libraries.get(needed >>> 0));
  },

  coil_link_compile_js__sig: "pp",
  coil_link_compile_js__deps: ["$LINK"],
  coil_link_compile_js: (pointer) => LINK.step(pointer, LINK.compile),

  coil_link_bind_js__sig: "ppp",
  coil_link_bind_js__deps: ["$LINK"],
  coil_link_bind_js: (pointer, memory) =>
    LINK.step(pointer, (library) => LINK.bind(library, memory)),

  coil_link_place_js__sig: "ppp",
  coil_link_place_js__deps: ["$LINK"],
  coil_link_place_js: (pointer, image) =>
    LINK.step(pointer, (library) => LINK.place(library, image >>> 0)),

  coil_link_bound_js__sig: "ppi",
  coil_link_bound_js__deps: ["$LINK"],
  coil_link_bound_js: (pointer, index) =>
    LINK.libraries.get(pointer >>> 0).bound[index]?.pointer ?? 0,

  coil_link_busy_js__sig: "ip",
  coil_link_busy_js__deps: ["$LINK"],
  coil_link_busy_js: (pointer) => (LINK.libraries.get(pointer >>> 0).busy ? 1 : 0),

  coil_link_failure_js__sig: "pp",
  coil_link_failure_js__deps: ["$LINK"],
  coil_link_failure_js: (pointer) =>
    LINK.step(pointer, ({ path, failure }) => {
      if (failure) {
        ARCHIVE_FS.libraries.get(path)?.release();
        throw failure;
      }
    }),

  coil_link_ended_js__sig: "v",
  coil_link_ended_js__deps: ["$SUSPEND"],
  coil_link_ended_js: () => SUSPEND.wake(),

  coil_link_forget_js__sig: "vp",
  coil_link_forget_js__deps: ["$LINK"],
  coil_link_forget_js: (pointer) => {
    const library = LINK.libraries.get(pointer >>> 0);
    LINK.libraries.delete(pointer >>> 0);
    if (library) {
      LINK_SYMBOLS.globals = LINK_SYMBOLS.globals.filter((each) => each !== library);
      LINK_TABLE.release(library.first, library.count);
      for (const address of library.later) {
        LINK_TABLE.release(address, 1);
      }
    }
  },

  coil_link_publish_js__sig: "vp",
  coil_link_publish_js__deps: ["$LINK"],
  coil_link_publish_js: (pointer) => {
    const library = LINK.libraries.get(pointer >>> 0);
    library.global = true;
    LINK_SYMBOLS.globals.push(library);
  },

  coil_link_has_slot_js__sig: "ipp",
  coil_link_has_slot_js__deps: ["$LINK"],
  coil_link_has_slot_js: (pointer, slot) => {
    const { first, count, later } = LINK.libraries.get(pointer >>> 0);
    slot >>>= 0;
    return (slot >= first && slot < first + count) || later.includes(slot) ? 1 : 0;
  },

  coil_link_symbol_js__sig: "ppp",
  coil_link_symbol_js__deps: ["$LINK"],
  coil_link_symbol_js: (pointer, name) => {
    const text = UTF8ToString(name >>> 0);
    const library = LINK.libraries.get(pointer >>> 0);
    if (!library) {
      return LINK_SYMBOLS.address(LINK_SYMBOLS.globals, text) ?? 0;
    }
    const definer = LINK_SYMBOLS.definer(LINK_SYMBOLS.family(library), text);
    if (definer) {
      return LINK_SYMBOLS.addressIn(definer, text);
    }
    // libc, which every library needs, is in the program.
    return LINK_SYMBOLS.address([], text) ?? 0;
  },
});
