// The JavaScript side of foreign_call.c and foreign_callback.c: makes the wasm functions that call,
// and are called, with a signature known at run time. They are wasm calling wasm; JavaScript only
// runs to make them.
//
// A signature is letters, the result first: v, i, j, f, d. An argument fills 8 bytes of memory.

addToLibrary({
  $FOREIGN__deps: ["$EMIT", "$UTF8ToString", "$wasmMemory", "$wasmTable"],
  $FOREIGN: {
    SLOT: 8, // bytes of an argument
    RESULT: 16, // bytes before the arguments in a callback's frame
    OTHER_TYPE: 1, // what a caller returns whose callee is of another type

    // Up to how many parameters a function of every type, or of related ones, is found.
    ANY_TYPE: 4,
    RELATED_TYPE: 8,
    EVERY: { i: "ijdf", j: "jidf", f: "fdij", d: "dfij" },
    RELATED: { i: "ij", j: "ji", f: "fd", d: "df" },
    RETURNED: "vijdf",

    /** Whether the engine has no `ref.test`, once it was asked: then calls are JavaScript's. */
    blind: undefined,
    /** Answers to which of some types a function is of, by what was asked for. */
    testers: new Map(),
    /** Callback modules by signature. */
    callbacks: new Map(),

    /** Instructions that load what local `local` points to, `offset` bytes on. */
    load: (letter, local, offset) => [0x20, local, EMIT.LOADS[letter], 2, ...EMIT.leb(offset)],

    /** Instructions that make a number of another type; what is missing would lose its value. */
    // prettier-ignore
    CONVERSIONS: {
      ij: [0xac], // i64.extend_i32_s: as ctypes passes a Python number
      ji: [0xa7], // i32.wrap_i64
      if: [0xb2], // f32.convert_i32_s
      id: [0xb7], // f64.convert_i32_s
      fd: [0xbb], // f64.promote_f32
      df: [0xb6], // f32.demote_f64
    },
    // Only of results: an integer argument may be an address.
    TRUNCATIONS: {
      fi: [0xfc, 0], // i32.trunc_sat_f32_s
      di: [0xfc, 2], // i32.trunc_sat_f64_s
    },

    convert(from, to) {
      const code = from === to ? [] : FOREIGN.CONVERSIONS[from + to];
      if (!code) {
        throw new TypeError(`no conversion: ${from} to ${to}`);
      }
      return code;
    },

    /** Instructions that make a result of the type that is asked for of one that a function has. */
    convertResult(from, to) {
      if (to === "v") {
        return from === "v" ? [] : [0x1a]; // drop
      }
      if (from === "v") {
        return EMIT.zero(to);
      }
      return FOREIGN.TRUNCATIONS[from + to] ?? FOREIGN.convert(from, to);
    },

    /** Instructions that put argument `i`, or 0 where there is none; but none of 64 bits is left out. */
    convertArgument(from, to, i) {
      if (from === undefined && to !== "j") {
        return EMIT.zero(to);
      }
      return [...FOREIGN.load(from, 1, i * FOREIGN.SLOT), ...FOREIGN.convert(from, to)];
    },

    /**
     * (function, arguments, result): calls a function of type `own` with arguments of `signature`.
     * Those it has not are dropped, those that it has in addition are 0.
     */
    caller(signature, own) {
      const [result, ...given] = signature;
      const [returned, ...parameters] = own;
      const loads = parameters.map((letter, i) => FOREIGN.convertArgument(given[i], letter, i));
      // prettier-ignore
      const code = [
        1,
        1,
        0x70, // one local of type funcref
        0x20,
        0, // local.get: the function's index
        0x25,
        0, // table.get
        0x21,
        3, // local.set
        ...EMIT.unlessType(3, 0, FOREIGN.OTHER_TYPE),
        ...(result === "v" ? [] : [0x20, 2]), // local.get: where the result goes
        ...loads.flat(),
        0x20,
        0, // local.get
        0x11,
        0,
        0, // call_indirect
        ...FOREIGN.convertResult(returned, result),
        ...(result === "v" ? [] : [EMIT.STORES[result], 2, 0]),
        ...EMIT.constant(0),
      ];
      const imports = { t: EMIT.TABLE, m: EMIT.MEMORY };
      const module = EMIT.module([own, "iiii"], imports, 1, code);
      return EMIT.instantiate(module, { t: wasmTable, m: wasmMemory });
    },

    /** Tells which of `types` a table entry is of: its place among them, or their number. */
    tester(types) {
      // prettier-ignore
      const code = [
        1,
        1,
        0x70, // one local of type funcref
        0x20,
        0, // local.get: the function's index
        0x25,
        0, // table.get
        0x21,
        1, // local.set
        ...types.flatMap((_, type) => EMIT.ifType(1, type, type)),
        ...EMIT.constant(types.length),
      ];
      const module = EMIT.module([...types, "ii"], { t: EMIT.TABLE }, types.length, code);
      return EMIT.instantiate(module, { t: wasmTable });
    },

    isBlind() {
      try {
        FOREIGN.tester(["v"]);
        return false;
      } catch {
        return true;
      }
    },

    /** Which of these types a function is of, if any. Remembers the question, not the answer. */
    find(index, key, types) {
      if (!FOREIGN.testers.has(key)) {
        const list = types();
        FOREIGN.testers.set(key, { list, test: FOREIGN.tester(list) });
      }
      const { list, test } = FOREIGN.testers.get(key);
      return list[test(index)];
    },

    /**
     * The types with `count` parameters that a function called with `signature` may have. JavaScript
     * is told their number, but not their types (WebAssembly.Function is in no released browser), so
     * that all must be tried: the more parameters, the fewer for each, up to 1280.
     */
    likelyTypes(signature, count) {
      const others = count <= FOREIGN.ANY_TYPE ? FOREIGN.EVERY : FOREIGN.RELATED;
      const words = [...signature.slice(1).padEnd(count, "i").slice(0, count)]
        .map((letter) => (count <= FOREIGN.RELATED_TYPE ? others[letter] : letter))
        .reduce(
          (starts, letters) => starts.flatMap((start) => [...letters].map((l) => start + l)),
          [""],
        );
      return words.flatMap((word) => [...FOREIGN.RETURNED].map((result) => result + word));
    },

    /** The type that a function has, exactly `signature` or another; nothing if it is not found. */
    typeOf(index, signature, adapted) {
      const exact = FOREIGN.find(index, signature, () => [signature]);
      const count = wasmTable.get(index)?.length;
      if (exact || !adapted || count === undefined) {
        return exact;
      }
      const likely = () => FOREIGN.likelyTypes(signature, count);
      return FOREIGN.find(index, `${signature} ${count}`, likely);
    },

    /** Puts its arguments into a frame on the C stack and has C deal with them. */
    callbackModule(signature) {
      const [result, ...parameters] = signature;
      const frame = parameters.length; // the local after the parameters
      const place = (i) => EMIT.leb(FOREIGN.RESULT + i * FOREIGN.SLOT);
      const size = EMIT.constant((FOREIGN.RESULT + parameters.length * FOREIGN.SLOT + 15) & ~15);
      const stores = parameters.map((letter, i) =>
        // local.get frame, local.get i, store
        [0x20, ...EMIT.leb(frame), 0x20, ...EMIT.leb(i), EMIT.STORES[letter], 2, ...place(i)],
      );
      // prettier-ignore
      const code = [
        1,
        1,
        0x7f, // one local of type i32
        0x23,
        0, // global.get: the stack pointer
        ...size,
        0x6b, // i32.sub
        0x22,
        ...EMIT.leb(frame), // local.tee
        0x24,
        0, // global.set
        ...stores.flat(),
        0x23,
        1, // global.get: the closure
        0x20,
        ...EMIT.leb(frame), // local.get
        0x10,
        0, // call
        0x20,
        ...EMIT.leb(frame), // local.get
        ...size,
        0x6a, // i32.add
        0x24,
        0, // global.set
        ...(result === "v" ? [] : [0x20, ...EMIT.leb(frame), EMIT.LOADS[result], 2, 0]),
      ];
      const imports = { s: EMIT.VARIABLE, c: EMIT.CONSTANT, d: EMIT.FUNCTION(1), m: EMIT.MEMORY };
      return EMIT.module([signature, "vii"], imports, 0, code);
    },

    callback(signature, closure, dispatch) {
      if (!FOREIGN.callbacks.has(signature)) {
        FOREIGN.callbacks.set(signature, FOREIGN.callbackModule(signature));
      }
      return EMIT.instantiate(FOREIGN.callbacks.get(signature), {
        s: wasmExports["__stack_pointer"],
        c: closure,
        d: wasmTable.get(dispatch),
        m: wasmMemory,
      });
    },

    /** The heap that holds values of a type, and the logarithm of their size. */
    heap: (letter) =>
      ({ i: [HEAP32, 2], j: [HEAP64, 3], f: [HEAPF32, 2], d: [HEAPF64, 3] })[letter],

    get(letter, address) {
      const [heap, shift] = FOREIGN.heap(letter);
      return heap[shift === 2 ? address >>> 2 : Math.floor(address / 8)];
    },

    set(letter, address, value) {
      const [heap, shift] = FOREIGN.heap(letter);
      heap[shift === 2 ? address >>> 2 : Math.floor(address / 8)] =
        letter === "j" ? BigInt(value) : value;
    },
  },

  // Returns a caller for functions of the type that this one has; none if its type is not found, or
  // when its parameters or result cannot be made of those given.
  coil_foreign_caller_js__sig: "pppi",
  coil_foreign_caller_js__deps: ["$FOREIGN"],
  coil_foreign_caller_js: (index, signature, adapted) => {
    const letters = UTF8ToString(signature >>> 0);
    FOREIGN.blind ??= FOREIGN.isBlind();
    try {
      const own = !FOREIGN.blind && FOREIGN.typeOf(index >>> 0, letters, adapted);
      return own ? EMIT.append(FOREIGN.caller(letters, own)) : 0;
    } catch {
      return 0; // no conversion, or no room in the table
    }
  },

  // A call as JavaScript makes it, for engines without `ref.test`, which cannot suspend either:
  // missing arguments are 0, those too many are dropped, numbers are converted. Returns -1 when a
  // 64-bit number meets another one, which JavaScript refuses.
  coil_foreign_call_js__sig: "ipppp",
  coil_foreign_call_js__deps: ["$FOREIGN"],
  coil_foreign_call_js: (index, signature, slots, result) => {
    if (!FOREIGN.blind) {
      return -1;
    }
    const [returned, ...parameters] = UTF8ToString(signature >>> 0);
    const values = parameters.map((letter, i) =>
      FOREIGN.get(letter, (slots >>> 0) + i * FOREIGN.SLOT),
    );
    try {
      const value = wasmTable.get(index >>> 0)(...values) ?? 0;
      if (returned !== "v") {
        FOREIGN.set(returned, result >>> 0, returned === "j" ? value : Number(value));
      }
      return 0;
    } catch (error) {
      if (error instanceof TypeError) {
        return -1;
      }
      throw error;
    }
  },

  coil_foreign_slot_js__sig: "p",
  coil_foreign_slot_js__deps: ["$wasmTable"],
  coil_foreign_slot_js: () => {
    try {
      return wasmTable.grow(1);
    } catch {
      return 0;
    }
  },

  // setWasmTableEntry(), which comes with addFunction(), also renews Emscripten's copy of the entry.
  coil_foreign_callback_js__sig: "ipppp",
  coil_foreign_callback_js__deps: ["$FOREIGN", "$addFunction"],
  coil_foreign_callback_js: (slot, signature, closure, dispatch) => {
    const letters = UTF8ToString(signature >>> 0);
    try {
      setWasmTableEntry(slot >>> 0, FOREIGN.callback(letters, closure, dispatch >>> 0));
      return 0;
    } catch {
      return -1;
    }
  },

  coil_foreign_drop_js__sig: "vp",
  coil_foreign_drop_js__deps: ["$addFunction"],
  coil_foreign_drop_js: (slot) => setWasmTableEntry(slot >>> 0, null),
});
