// The JavaScript side of call_arity.c: two kinds of tiny wasm modules over the same table.
//
// One asks for the type of a table entry with `ref.test`. The other is an adapter: it imports the
// exported wasm function at hand and exports one of another type. An engine links a wasm function
// that is given as an import directly, so that no JavaScript frame lies between a caller and what
// it calls, and all of it can be suspended. (WebAssembly.Function and type() would answer the
// question without a module, but are in no released browser.)

addToLibrary({
  $ARITY__deps: ["$EMIT", "$wasmTable"],
  $ARITY: {
    // The numbers of call_arity.h.
    VOID: 8,
    UNKNOWN: -2,

    /** Tells the signature of a table entry; null where the engine has no `ref.test`. */
    tester: undefined,
    /** Adapter modules by `have` and `wanted`. */
    modules: new Map(),

    letters: (signature) =>
      (signature < ARITY.VOID ? "i" : "v") + "i".repeat(signature % ARITY.VOID),

    /** Instructions that return `signature` if local 1 is a function of type `index`. */
    // prettier-ignore
    test: (signature, index) => [
      0x20,
      1, // local.get 1
      0xfb,
      0x14,
      index, // ref.test (ref index)
      0x04,
      0x40, // if
      0x41,
      signature, // i32.const signature
      0x0f, // return
      0x0b, // end
    ],

    makeTester() {
      // In the order of their number in CPython: the sooner it is found, the less is asked.
      const parameters = [2, 3, 1, 4, 5, 0, 6];
      const signatures = [...parameters, ...parameters.map((count) => count + ARITY.VOID)];
      // prettier-ignore
      const code = [
        1,
        1,
        0x70, // one local of type funcref
        0x20,
        0, // local.get 0
        0x25,
        0, // table.get 0
        0x22,
        1, // local.tee 1
        0xd1, // ref.is_null
        0x04,
        0x40, // if
        0x41,
        0x7e, // i32.const UNKNOWN
        0x0f, // return
        0x0b, // end
        ...signatures.flatMap(ARITY.test),
        0x41,
        0x7f, // i32.const OTHER
      ];
      // The tester itself has one parameter and one result.
      const type = signatures.indexOf(1);
      const module = EMIT.module(signatures.map(ARITY.letters), { t: EMIT.TABLE }, type, code);
      return EMIT.instantiate(module, { t: wasmTable });
    },

    adapterModule(have, wanted) {
      const [passed, given] = [have % ARITY.VOID, wanted % ARITY.VOID];
      const code = [0]; // no locals
      for (let i = 0; i < passed; i++) {
        code.push(...(i < given ? [0x20, i] : EMIT.constant(0))); // local.get i, or 0
      }
      code.push(0x10, 0); // call
      if (have < ARITY.VOID && wanted >= ARITY.VOID) {
        code.push(0x1a); // drop
      }
      if (have >= ARITY.VOID && wanted < ARITY.VOID) {
        code.push(...EMIT.constant(0));
      }
      return EMIT.module([have, wanted].map(ARITY.letters), { f: EMIT.FUNCTION(0) }, 1, code);
    },

    adapter(have, wanted) {
      const key = have * 16 + wanted;
      if (!ARITY.modules.has(key)) {
        ARITY.modules.set(key, ARITY.adapterModule(have, wanted));
      }
      return ARITY.modules.get(key);
    },
  },

  coil_arity_ask_js__sig: "ip",
  coil_arity_ask_js__deps: ["$ARITY"],
  coil_arity_ask_js: (index) => {
    if (ARITY.tester === undefined) {
      try {
        ARITY.tester = ARITY.makeTester();
      } catch {
        ARITY.tester = null;
      }
    }
    index >>>= 0;
    return ARITY.tester && index < wasmTable.length ? ARITY.tester(index) : ARITY.UNKNOWN;
  },

  coil_arity_adapt_js__sig: "ppii",
  coil_arity_adapt_js__deps: ["$ARITY"],
  coil_arity_adapt_js: (index, have, wanted) => {
    try {
      const f = wasmTable.get(index >>> 0);
      return EMIT.append(EMIT.instantiate(ARITY.adapter(have, wanted), { f }));
    } catch {
      return 0; // no room in the table: C goes on with the function as it is
    }
  },
});
