// The JavaScript side of foreign_call.c and foreign_callback.c: makes the wasm functions that call,
// and are called, with a signature known at run time. They are wasm calling wasm; JavaScript only
// runs to make them, and to make a call that the callee's own type does not fit.
//
// A signature is letters, the result first: v, i, j, f, d. An argument fills 8 bytes of memory.

addToLibrary({
  $FOREIGN__deps: ["$EMIT", "$UTF8ToString", "$wasmMemory", "$wasmTable"],
  $FOREIGN: {
    SLOT: 8, // bytes of an argument
    RESULT: 16, // bytes before the arguments in a callback's frame
    OTHER_TYPE: 1, // what a caller returns whose callee is of another type

    /** Callback modules by signature. */
    callbacks: new Map(),

    /** Instructions that load what local `local` points to, `offset` bytes on. */
    load: (letter, local, offset) => [0x20, local, EMIT.LOADS[letter], 2, ...EMIT.leb(offset)],

    /** (function, arguments, result): calls a function of the type `signature`. */
    caller(signature) {
      const [result, ...parameters] = signature;
      const loads = parameters.map((letter, i) => FOREIGN.load(letter, 1, i * FOREIGN.SLOT));
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
        ...(result === "v" ? [] : [EMIT.STORES[result], 2, 0]),
        ...EMIT.constant(0),
      ];
      const imports = { t: EMIT.TABLE, m: EMIT.MEMORY };
      const module = EMIT.module([signature, "iiii"], imports, 1, code);
      return EMIT.instantiate(module, { t: wasmTable, m: wasmMemory });
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

  coil_foreign_caller_js__sig: "pp",
  coil_foreign_caller_js__deps: ["$FOREIGN"],
  coil_foreign_caller_js: (signature) => {
    try {
      return EMIT.append(FOREIGN.caller(UTF8ToString(signature >>> 0)));
    } catch {
      return 0; // the engine has no `ref.test`, or there is no room in the table
    }
  },

  // A call as JavaScript makes it: missing arguments are 0, those too many are dropped, numbers are
  // converted. Returns -1 when a 64-bit number meets another one, which JavaScript refuses.
  coil_foreign_call_js__sig: "ipppp",
  coil_foreign_call_js__deps: ["$FOREIGN"],
  coil_foreign_call_js: (index, signature, slots, result) => {
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
