// Opening side modules: extension modules of Python and shared libraries.
//
// Emscripten's loader does the binding. What is different here:
//  - Everything that can be wrong with a library is found before anything is bound, and is an error
//    of dlopen(). Emscripten binds a missing function to a stub that throws at the first call, which
//    ends the process, and takes a library whose loading failed once for loaded the next time.
//  - The table of global offsets holds what somebody asked for. Emscripten enters every export of the
//    main module at the start and makes a table slot for each: tens of milliseconds for names that
//    are, most of them, never bound.

addToLibrary({
  // Emscripten's loader itself is part of every main module; naming its functions here would make the
  // linker look for __heap_base too early, and warn of names that are internal.
  $LINK__deps: ["$FS", "$GOT", "$LDSO", "$findLibraryFS", "$isSymbolDefined", "$preloadedWasm"],
  $LINK: {
    NAME: C_STRUCTS.dso.name,
    FLAGS: C_STRUCTS.dso.flags,
    GLOBAL: cDefs.RTLD_GLOBAL,
    NODELETE: cDefs.RTLD_NODELETE,

    /** The text of an error that ends "path: ...", as native loaders word it. */
    describe(error) {
      if (error instanceof FS.ErrnoError) {
        return `cannot open shared object file (errno ${error.errno})`;
      }
      return error.message ?? String(error);
    },

    /** Throws with the path before the message, once: a library's own dependencies name themselves. */
    fail(path, error) {
      const text = LINK.describe(error);
      throw new Error(text.startsWith("/") ? text : `${path}: ${text}`);
    },

    compile(path) {
      const bytes = FS.readFile(path);
      if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
        throw new Error("not a WebAssembly module");
      }
      return new WebAssembly.Module(bytes);
    },

    /** Whether somebody defines `name`: the program, a global library, this one or one it needs. */
    isDefined(name, own, scope) {
      const address = GOT[name]?.value;
      return isSymbolDefined(name) || own.has(name) || name in scope || (address ?? -1) !== -1;
    },

    check(module, metadata, scope) {
      const own = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
      const inline = [...own].some(
        (name) => name === "__start_em_asm" || name.startsWith("__em_js__"),
      );
      if (inline) {
        throw new Error("contains inline JavaScript (EM_ASM or EM_JS), which is not supported");
      }
      const missing = WebAssembly.Module.imports(module)
        .filter(({ module: from, kind }) => from.startsWith("GOT.") || kind === "function")
        .map(({ name }) => name)
        .filter((name) => !metadata.weakImports.has(name) && !LINK.isDefined(name, own, scope));
      if (missing.length) {
        throw new Error(`undefined symbol: ${[...new Set(missing)].join(", ")}`);
      }
    },

    /** Loads a library that is not loaded yet and those it needs; leaves its exports to Emscripten. */
    load(name, path, flags, scope, handle) {
      const module = LINK.compile(path);
      const metadata = getDylinkMetadata(module);
      const rpath = { parentLibPath: path, paths: metadata.runtimePaths };
      for (const needed of metadata.neededDynlibs) {
        LINK.open(findLibraryFS(needed, rpath) ?? needed, { ...flags, rpath }, scope);
      }
      LINK.check(module, metadata, scope ?? {});
      preloadedWasm[name] = loadWebAssemblyModule(module, flags, path, scope, handle);
    },

    /** Opens a library by path, or by a name to search for; throws an Error that names it. */
    open(name, flags, scope, handle) {
      if (!LDSO.loadedLibsByName[name]) {
        const path = name.includes("/") ? name : findLibraryFS(name, flags.rpath);
        try {
          LINK.load(name, path ?? name, flags, scope, handle);
        } catch (error) {
          LINK.fail(path ?? name, error);
        }
      }
      // Counts the users, and makes the symbols of a global library known.
      loadDynamicLibrary(name, flags, scope, handle);
      delete preloadedWasm[name];
    },
  },

  _dlopen_js__deps: ["$LINK", "$UTF8ToString"],
  _dlopen_js: (handle) => {
    handle >>>= 0;
    const name = UTF8ToString(handle + LINK.NAME);
    const mode = HEAP32[(handle + LINK.FLAGS) >>> 2];
    const global = Boolean(mode & LINK.GLOBAL);
    const flags = { global, nodelete: Boolean(mode & LINK.NODELETE), loadAsync: false };
    try {
      LINK.open(name, flags, global ? null : {}, handle);
      return 1;
    } catch (error) {
      dlSetError(error.message);
      return 0;
    }
  },

  $updateGOT__deps: ["$GOT", "$addFunction"],
  $updateGOT: (exports, replace) => {
    // The main module comes before the runtime is initialised; what is asked for later is found by
    // name among its exports.
    const names = runtimeInitialized
      ? Object.keys(exports).filter((name) => !name.startsWith("__wasm_")) // the loader's own entries
      : Object.keys(GOT).filter((name) => name in exports);
    for (const name of names) {
      const value = exports[name];
      const bound = GOT[name] && GOT[name].value !== -1;
      const isFunction = typeof value === "function";
      if ((bound && !replace) || (!isFunction && typeof value.value !== "number")) {
        continue; // somebody else's, or a tag
      }
      GOT[name] ??= new WebAssembly.Global({ value: "i32", mutable: true });
      GOT[name].value = isFunction ? addFunction(value) : value.value;
    }
  },
});
