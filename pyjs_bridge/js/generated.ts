// Made by generate.py from bridge.def; change that.

/** undefined, None */
export const KIND_NONE = 0;
/** null, jsnull */
export const KIND_NULL = 1;
/** false */
export const KIND_FALSE = 2;
/** true */
export const KIND_TRUE = 3;
/** a number that is a 32-bit integer */
export const KIND_INT = 4;
/** any other number */
export const KIND_DOUBLE = 5;
/** text: address, length in code units, encoding */
export const KIND_STRING = 6;
/** text of hexadecimal digits, as STRING */
export const KIND_BIGINT = 7;
/** a JavaScript value behind a handle */
export const KIND_JSREF = 8;
/** a Python object; to JavaScript a new reference, to C a borrowed one */
export const KIND_PYREF = 9;
/** a Python object whose reference C takes over */
export const KIND_PYNEW = 10;
/** a thrown JavaScript value behind a handle */
export const KIND_JSERROR = 11;
/** a raised Python exception; to JavaScript a new reference, to C a borrowed one with the handle of the JavaScript error in extra */
export const KIND_PYERROR = 12;
/** no such item: a result of those js_ops that say so */
export const KIND_MISSING = 13;
/** what Python is to raise: a text as STRING, the number of the exception in the upper half of the encoding */
export const KIND_RAISE = 14;
/** a function that is to be called as a method; payload: its ticket */
export const KIND_METHOD = 15;
/** on the tape, in a list: `extra` integers of 32 bits follow, four in the place of a slot */
export const KIND_INTEGERS = 16;
/** on the tape of a deep conversion: a list of the `extra` values that follow; payload to C: its number */
export const KIND_LIST = 17;
/** on the tape: a dict of the `extra` pairs that follow; payload to C: its number, to JavaScript: whether keys are other than str */
export const KIND_DICT = 18;
/** on the tape: a set of the `extra` values that follow; payload to C: its number */
export const KIND_SET = 19;
/** on the tape: an object once more; its number is the payload to C; to JavaScript it is extra, counting what is no scalar, and the payload is its address */
export const KIND_SEEN = 20;
/** on the tape: the address of elements whose letter is in the place of an encoding; the size in bytes and the lengths of the `extra` dimensions follow */
export const KIND_BUFFER = 21;
/** on the tape: an object without a conversion, flags in extra; in the place of an encoding the depth that is left */
export const KIND_OBJECT = 22;
/** on the tape, after LIST, DICT and SET if there is a converter: the container's address; extra: how many objects have numbers at its end; in the place of an encoding: the slot behind it */
export const KIND_PLACE = 23;
/** on the tape: an object that is offered to the eager converter first; else as OBJECT */
export const KIND_EAGER = 24;

/** one byte, below 128 */
export const ENCODING_ASCII = 0;
/** one byte */
export const ENCODING_LATIN1 = 1;
/** two bytes, surrogates alone or in pairs */
export const ENCODING_UTF16 = 2;
/** four bytes */
export const ENCODING_UCS4 = 3;
/** bytes; the length counts them */
export const ENCODING_UTF8 = 4;

/** TypeError */
export const RAISE_TYPE = 0;
/** ValueError */
export const RAISE_VALUE = 1;
/** IndexError */
export const RAISE_INDEX = 2;
/** BufferError */
export const RAISE_BUFFER = 3;
/** pyodide.ffi.ConversionError */
export const RAISE_CONVERSION = 4;

/** typeof is function */
export const JS_FLAG_CALLABLE = 1 << 0;
/** has a function then */
export const JS_FLAG_THENABLE = 1 << 1;
/** has Symbol.iterator */
export const JS_FLAG_ITERABLE = 1 << 2;
/** has Symbol.asyncIterator */
export const JS_FLAG_ASYNC_ITERABLE = 1 << 3;
/** has next, for synchronous iteration */
export const JS_FLAG_ITERATOR = 1 << 4;
/** has next, for asynchronous iteration */
export const JS_FLAG_ASYNC_ITERATOR = 1 << 5;
/** tagged Generator */
export const JS_FLAG_GENERATOR = 1 << 6;
/** tagged AsyncGenerator */
export const JS_FLAG_ASYNC_GENERATOR = 1 << 7;
/** has a numeric size or length */
export const JS_FLAG_LENGTH = 1 << 8;
/** has a function get */
export const JS_FLAG_GET = 1 << 9;
/** has functions set and delete */
export const JS_FLAG_SET = 1 << 10;
/** has a function has or includes */
export const JS_FLAG_HAS = 1 << 11;
/** get, has, size, iterable */
export const JS_FLAG_MAP = 1 << 12;
/** a MAP with set and delete */
export const JS_FLAG_MUTABLE_MAP = 1 << 13;
/** Array.isArray */
export const JS_FLAG_ARRAY = 1 << 14;
/** a typed array */
export const JS_FLAG_TYPED_ARRAY = 1 << 15;
/** ArrayBuffer, DataView or typed array */
export const JS_FLAG_BUFFER = 1 << 16;
/** iterable with length, read-only */
export const JS_FLAG_SEQUENCE = 1 << 17;
/** name and message and stack */
export const JS_FLAG_ERROR = 1 << 18;
/** has Symbol.dispose */
export const JS_FLAG_DISPOSE = 1 << 19;
/** has Symbol.asyncDispose */
export const JS_FLAG_ASYNC_DISPOSE = 1 << 20;
/** is a PyProxy that stays one */
export const JS_FLAG_DOUBLE_PROXY = 1 << 21;
/** can be called once */
export const JS_FLAG_ONCE = 1 << 22;
/** made by as_py_json: items are views, too */
export const JS_FLAG_JSON_VIEW = 1 << 23;
/** made by as_py_json or as_object_map: items are properties */
export const JS_FLAG_OBJECT_MAP = 1 << 24;
/** an OBJECT_MAP with inherited properties */
export const JS_FLAG_HEREDITARY = 1 << 25;
/** has attributes of a Python module of its own */
export const JS_FLAG_MODULE = 1 << 26;

/** has __len__ */
export const PY_FLAG_LENGTH = 1 << 0;
/** has __getitem__ */
export const PY_FLAG_GET = 1 << 1;
/** has __setitem__ and __delitem__ */
export const PY_FLAG_SET = 1 << 2;
/** has __contains__ */
export const PY_FLAG_CONTAINS = 1 << 3;
/** has __iter__ */
export const PY_FLAG_ITERABLE = 1 << 4;
/** has __next__ */
export const PY_FLAG_ITERATOR = 1 << 5;
/** is a collections.abc.Generator */
export const PY_FLAG_GENERATOR = 1 << 6;
/** has __aiter__ */
export const PY_FLAG_ASYNC_ITERABLE = 1 << 7;
/** has __anext__ */
export const PY_FLAG_ASYNC_ITERATOR = 1 << 8;
/** is a collections.abc.AsyncGenerator */
export const PY_FLAG_ASYNC_GENERATOR = 1 << 9;
/** can be awaited */
export const PY_FLAG_AWAITABLE = 1 << 10;
/** has __call__ */
export const PY_FLAG_CALLABLE = 1 << 11;
/** exports a buffer */
export const PY_FLAG_BUFFER = 1 << 12;
/** is a collections.abc.Sequence */
export const PY_FLAG_SEQUENCE = 1 << 13;
/** is a collections.abc.MutableSequence */
export const PY_FLAG_MUTABLE_SEQUENCE = 1 << 14;
/** is exactly a dict */
export const PY_FLAG_DICT = 1 << 15;
/** is an async function */
export const PY_FLAG_COROUTINE_FUNCTION = 1 << 16;

/** proxies may be made of objects without a conversion */
export const FLATTEN_PROXIES = 1 << 0;
/** a converter is asked about objects without a conversion */
export const FLATTEN_CONVERTER = 1 << 1;
/** a converter is asked about all objects before */
export const FLATTEN_EAGER = 1 << 2;
/** but not about the first one */
export const FLATTEN_SKIP_FIRST = 1 << 3;

/** next(iterator), or generator.send(value) */
export const STEP_NEXT = 0;
/** generator.throw(error) */
export const STEP_THROW = 1;
/** generator.throw(GeneratorExit) */
export const STEP_CLOSE = 2;
/** generator.athrow(error), whose awaitable is the item */
export const STEP_ASYNC_THROW = 3;

/** create_proxy(), where capture_this and roundtrip are the next two slots and a context or None the fourth */
export const KEEP_PROXY = 0;
/** create_once_callable(); a context is the fourth slot */
export const KEEP_ONCE = 1;

/** String(value) */
export const JS_OP_TO_STRING = 0;
/** typeof value */
export const JS_OP_TYPEOF = 1;
/** delete value[name] */
export const JS_OP_DELETE = 2;
/** value < args[1] and so on; args[0] is the operator's number in C */
export const JS_OP_COMPARE = 3;
/** names that dir() shows */
export const JS_OP_OWN_KEYS = 4;
/** String(value), after a + if it has a cause, else a -; never fails */
export const JS_OP_ERROR_TEXT = 5;
/** name, file and line of each frame of its stack, innermost first, between NULs */
export const JS_OP_ERROR_FRAMES = 6;
/** a number for the identity of the value */
export const JS_OP_JS_ID = 7;
/** Object.keys(value) */
export const JS_OP_OBJECT_KEYS = 8;
/** an array of the names that `import *` takes */
export const JS_OP_PUBLIC_KEYS = 9;
/** Object.values(value) */
export const JS_OP_OBJECT_VALUES = 10;
/** Object.entries(value) */
export const JS_OP_OBJECT_ENTRIES = 11;
/** new WeakRef(value) */
export const JS_OP_WEAK_REF = 12;
/** value.size or value.length */
export const JS_OP_LENGTH = 13;
/** value[args[0]] of an object map with the js_flags args[1], or MISSING */
export const JS_OP_PROPERTY_GET = 14;
/** value[args[0]] = args[1] */
export const JS_OP_PROPERTY_SET = 15;
/** delete value[args[0]], or MISSING */
export const JS_OP_PROPERTY_DELETE = 16;
/** whether args[0] is a property of an object map with the js_flags args[1] */
export const JS_OP_PROPERTY_HAS = 17;
/** an array of the properties of an object map with the js_flags args[0] */
export const JS_OP_PROPERTY_KEYS = 18;
/** value.get(args[0]), or MISSING */
export const JS_OP_LOOKUP_GET = 19;
/** value.set(args[0], args[1]) */
export const JS_OP_LOOKUP_SET = 20;
/** value.delete(args[0]), or MISSING */
export const JS_OP_LOOKUP_DELETE = 21;
/** value.has(args[0]), or value.includes(args[0]) */
export const JS_OP_LOOKUP_HAS = 22;
/** an iterator of the keys of a map */
export const JS_OP_MAP_KEYS = 23;
/** value[args[0]] = args[1], or MISSING */
export const JS_OP_ARRAY_SET = 24;
/** args[2] items from args[0] on in steps of args[1] as an array; args[3]: items are views */
export const JS_OP_ARRAY_SLICE = 25;
/** takes args[1] items from args[0] on away and puts args[2] and those after it there */
export const JS_OP_ARRAY_SPLICE = 26;
/** sets items from args[0] on in steps of args[1] to args[2] and those after it */
export const JS_OP_ARRAY_SET_STEPS = 27;
/** takes args[2] items from args[0] on in steps of args[1] away */
export const JS_OP_ARRAY_DELETE_STEPS = 28;
/** the items args[0] times as a new array */
export const JS_OP_ARRAY_REPEAT = 29;
/** value.reverse() */
export const JS_OP_ARRAY_REVERSE = 30;
/** number of bytes */
export const JS_OP_BUFFER_LENGTH = 31;
/** the bytes as a bytes object, or as a memoryview if args[0] */
export const JS_OP_BUFFER_TO_PYTHON = 32;
/** copies from the memory at args[0]: args[1] bytes in items of args[2] bytes, a number if args[3] */
export const JS_OP_BUFFER_ASSIGN = 33;
/** copies to the memory that is described as for BUFFER_ASSIGN */
export const JS_OP_BUFFER_ASSIGN_TO = 34;
/** value[Symbol.iterator]() */
export const JS_OP_ITERATE = 35;
/** value[Symbol.asyncIterator]() */
export const JS_OP_ASYNC_ITERATE = 36;
/** settles the future at args[0] as value.next (args[1]: 0), throw (1) or return (2) of args[2] says */
export const JS_OP_ASYNC_STEP = 37;
/** settles the future at args[0], whose reference it takes over, when the promise is */
export const JS_OP_PROMISE_SETTLE = 38;
/** value.then(args[0], args[1]) */
export const JS_OP_PROMISE_THEN = 39;
/** value.finally(args[0]) */
export const JS_OP_PROMISE_FINALLY = 40;
/** wakes the fiber args[0] when the promise is settled */
export const JS_OP_PROMISE_WATCH = 41;
/** what the promise that the fiber args[0] watches was settled with, or MISSING */
export const JS_OP_PROMISE_OUTCOME = 42;
/** forgets what the fiber args[0] watches */
export const JS_OP_PROMISE_UNWATCH = 43;
/** value[Symbol.dispose]() */
export const JS_OP_DISPOSE = 44;
/** value[Symbol.asyncDispose]() */
export const JS_OP_ASYNC_DISPOSE = 45;
/** the object of a PyProxy */
export const JS_OP_UNWRAP = 46;
/** destroys a PyProxy */
export const JS_OP_DESTROY = 47;
/** destroys each proxy in an iterable */
export const JS_OP_DESTROY_PROXIES = 48;
/** the cause of an error, or MISSING */
export const JS_OP_ERROR_CAUSE = 49;
/** a new Error with the name, message and stack args[0] to args[2] */
export const JS_OP_NEW_ERROR = 50;
/** a session for bridge_js_flatten */
export const JS_OP_NEW_SESSION = 51;
/** raises that the value cannot be a key of a dict, or with args[0] true of a set */
export const JS_OP_BAD_KEY = 52;
/** gives the value a number among the containers of the session args[0] */
export const JS_OP_SESSION_NOTE = 53;
/** a function that calls a PyProxy so that it may wait; what that raises is an uncaught error */
export const JS_OP_HANDLER = 54;
/** has the Python callable at args[0], whose reference it takes over, called in args[1] ms */
export const JS_OP_SCHEDULE = 55;
/** forgets the callback of the handle args[0] */
export const JS_OP_UNSCHEDULE = 56;

/** repr(object) */
export const PY_OP_REPR = 0;
/** str(object) */
export const PY_OP_STR = 1;
/** the type's qualified name */
export const PY_OP_TYPE_NAME = 2;
/** the py_flags */
export const PY_OP_FLAGS = 3;
/** hasattr, without noise */
export const PY_OP_HAS_ATTRIBUTE = 4;
/** delattr */
export const PY_OP_DELETE_ATTRIBUTE = 5;
/** dir() as a list */
export const PY_OP_DIR = 6;
/** the formatted traceback */
export const PY_OP_FORMAT_EXCEPTION = 7;
/** the class name of an exception */
export const PY_OP_EXCEPTION_TYPE = 8;
/** the deep conversion of args[0], args[1] levels, with the default converter args[2]; whatever the object */
export const PY_OP_TO_PY = 9;
/** what an exception was raised from: its JavaScript error or its cause */
export const PY_OP_EXCEPTION_CAUSE = 10;
/** len(object) */
export const PY_OP_LENGTH = 11;
/** object[key], nothing for a LookupError */
export const PY_OP_GET_ITEM = 12;
/** object[key] = value */
export const PY_OP_SET_ITEM = 13;
/** del object[key] */
export const PY_OP_DELETE_ITEM = 14;
/** value in object */
export const PY_OP_CONTAINS = 15;
/** the keys of a dict that are str or int, as a list of str */
export const PY_OP_KEYS = 16;
/** the item of a dict for the name of a property: a str, then the int of its digits; nothing without one */
export const PY_OP_GET_DICT_ITEM = 17;
/** whether GET_DICT_ITEM finds one */
export const PY_OP_HAS_DICT_ITEM = 18;
/** sets the item that GET_DICT_ITEM finds, or a new one */
export const PY_OP_SET_DICT_ITEM = 19;
/** deletes the item that GET_DICT_ITEM finds; whether there was one */
export const PY_OP_DELETE_DICT_ITEM = 20;
/** object.append(value) */
export const PY_OP_APPEND = 21;
/** object.insert(index, value) */
export const PY_OP_INSERT = 22;
/** deletes so many items from an index on */
export const PY_OP_DELETE_RANGE = 23;
/** object.reverse() */
export const PY_OP_REVERSE = 24;
/** iter(object) */
export const PY_OP_ITER = 25;
/** aiter(object) */
export const PY_OP_ASYNC_ITER = 26;
/** anext(object), or object.asend(value) */
export const PY_OP_ASYNC_NEXT = 27;
/** object.athrow(GeneratorExit) */
export const PY_OP_ASYNC_CLOSE = 28;
/** asyncio.ensure_future(object) that calls a function of JavaScript with itself when it is done */
export const PY_OP_SCHEDULE = 29;
/** future.result() */
export const PY_OP_FUTURE_RESULT = 30;
/** the function of pyodide.code, whatever the object */
export const PY_OP_RELAXED_CALL = 31;
/** the item of a dict, or else the built-in of that name; nothing without one */
export const PY_OP_GET_GLOBAL = 32;
/** raises a ConversionError with that text */
export const PY_OP_RAISE_CONVERSION = 33;
/** whether GET_GLOBAL finds something */
export const PY_OP_HAS_GLOBAL = 34;

/** What JavaScript calls: functions of C, behind src/runtime/entry.c. */
export interface BridgeExports {
  /** Calls a borrowed callable with `nargs` values and then `nkwargs` pairs of name and value. Returns the kind of the result in `slots[0]`; raises into it. */
  coil_py_call(callable: number, slots: number, nargs: number, nkwargs: number): number;
  /** As bridge_py_call in a borrowed contextvars.Context, or in a copy of it while it is entered. Returns the kind of the result in `slots[0]`; raises into it. */
  coil_py_call_in(context: number, callable: number, slots: number, nargs: number, nkwargs: number): number;
  /** Reads an attribute; all borrowed. Returns the kind of the result in `slots[0]`, or -1: no such attribute, or -2: it is `known` (which may be NULL) or a method equal to it; raises into it. */
  coil_py_get(object: number, name: number, known: number, slots: number): number;
  /** Sets an attribute to the value `slots[0]`; both borrowed. Returns NONE or raises into `slots[0]`. */
  coil_py_set(object: number, name: number, slots: number): number;
  /** Does a py_op on a borrowed object with `nargs` values. Returns the kind of the result in `slots[0]`, or -1: it found nothing; raises into it. */
  coil_py_operate(op: number, object: number, slots: number, nargs: number): number;
  /** Does a step on a borrowed iterator with the value or error `slots[0]`. Returns the kind of the item in `slots[0]`; -1 less than the kind of what it returned at its end; raises into it. */
  coil_py_step(how: number, iterator: number, slots: number): number;
  /** Writes a borrowed object with its content on a tape. Returns the tape, which the caller frees, or NULL; raises into `slots[0]`. */
  coil_py_flatten(object: number, depth: number, how: number, slots: number): number;
  /** Drops a tape and what it keeps alive. Returns nothing. */
  coil_py_free_tape(tape: number): void;
  /** Locks the buffer of a borrowed object. Returns INT with the address of a bridge_buffer in `slots[0]`, which the caller releases; raises into it. */
  coil_py_get_buffer(object: number, slots: number): number;
  /** Unlocks a buffer. Returns nothing. */
  coil_py_release_buffer(buffer: number): void;
  /** Returns a new reference to the interned string `slots[0]`, or NULL without memory; raises nothing. */
  coil_py_name(slots: number): number;
  /** Forgets the numbers of all names, whose strings JavaScript no longer has; no code of Python runs meanwhile. Returns nothing. */
  coil_py_forget_names(): void;
  /** Runs the source `slots[0]` with a file name in `slots[1]` and whether to dedent in `slots[2]`; both mappings borrowed, NULL: __main__ or the globals. Returns the kind of the result in `slots[0]`; raises into it. */
  coil_py_run(globals: number, locals: number, slots: number, nargs: number): number;
  /** Ends the wait of the fiber with that number, if it waits. Returns nothing. */
  coil_py_wake(fiber: number): void;
  /** Gives a reference back. Returns nothing; steals `object`. */
  coil_py_release(object: number): void;
  /** Takes a reference to a borrowed object. Returns nothing. */
  coil_py_retain(object: number): void;
  /** Makes a string to be filled in by the caller. Returns where its characters begin, or NULL without memory; `slots[0]` holds the new reference. */
  coil_py_new_ascii(length: number, slots: number): number;
  /** Makes the object of the STRING or BIGINT in `slots[0]`, whose memory may go afterwards. Returns PYNEW with the new reference in `slots[0]`; raises into it. */
  coil_py_new(slots: number): number;
  /** Finds which of the `count` proxied objects, each named once for every proxy, Python itself does not need. Returns new memory for the caller to free, or NULL without memory: for each of them its index, a count and as many handles that it keeps alive, and 0xffffffff at the end; raises nothing. */
  coil_py_cycles(proxied: number, count: number): number;
  /** Has the interrupt buffer be looked at while Python runs, or no longer. Returns nothing. */
  coil_py_poll_interrupts(on: number): void;
  /** Delivers a signal to the program that waits, for SIGINT else to the latest call that does. Returns nothing. */
  coil_py_interrupt_waiting(signum: number): void;
  /** Runs the handlers of signals that have come, and of `signum` (0: none). Returns NONE or raises into `slots[0]`. */
  coil_py_check_interrupt(slots: number, signum: number): number;
  /** Returns the memory that JavaScript may pass values in, owned by C; the first slot says how many there are. */
  coil_py_tape(): number;
  /** Gives a future, whose reference it steals, the result (outcome 0), exception (1) or end of iteration (2) in `slots[0]`, unless it is done. Returns NONE or raises into `slots[0]`. */
  coil_py_settle(future: number, slots: number, outcome: number): number;
  /** Makes a memoryview of that many bytes with a format of the struct module, or for format 0 a bytes object. Returns where its bytes begin, or NULL without memory; `slots[0]` holds the new reference. */
  coil_py_new_buffer(length: number, format: number, slots: number): number;
}

export const EXPORT_NAMES = ["coil_py_call", "coil_py_call_in", "coil_py_get", "coil_py_set", "coil_py_operate", "coil_py_step", "coil_py_flatten", "coil_py_free_tape", "coil_py_get_buffer", "coil_py_release_buffer", "coil_py_name", "coil_py_forget_names", "coil_py_run", "coil_py_wake", "coil_py_release", "coil_py_retain", "coil_py_new_ascii", "coil_py_new", "coil_py_cycles", "coil_py_poll_interrupts", "coil_py_interrupt_waiting", "coil_py_check_interrupt", "coil_py_tape", "coil_py_settle", "coil_py_new_buffer"] as const;

/** What JavaScript calls through WebAssembly.promising. */
export interface PromisingExports {
  /** As bridge_py_call, or as bridge_py_call_in with a context; frees `slots`. `is_own`: a program has asked for the call, not the event loop or a listener. Returns nothing; the result goes to bridge_js_settle(). */
  coil_py_call_promising(context: number, callable: number, slots: number, nargs: number, nkwargs: number, ticket: number, is_own: number): Promise<number>;
}

export const PROMISING_NAMES = ["coil_py_call_promising"] as const;

/** What C calls. */
export interface BridgeImports {
  /** Gives a handle back. Returns nothing; steals `ref`. */
  bridge_js_release(ref: number): void;
  /** Returns a new handle for the value of `ref`, which is borrowed. */
  bridge_js_copy(ref: number): number;
  /** Returns whether two borrowed handles hold the same value. */
  bridge_js_same(ref: number, other: number): number;
  /** Returns the number under which JavaScript keeps the string `slots[0]` as a name: for good, or as number 0 until the next call. */
  bridge_js_name(slots: number, keep: number): number;
  /** Reads a property. Returns the kind of the result in `slots[0]`, which is owned by the caller, or -1: no such property. */
  bridge_js_get(ref: number, name: number, slots: number): number;
  /** Writes the value `slots[0]` to a property. Returns the kind of `slots[0]`: NONE, or an error; steals the value. */
  bridge_js_set(ref: number, name: number, slots: number): number;
  /** Calls a function with `nargs` values and then `nkwargs` pairs of name and value in `slots`, on the value of `receiver` (0: undefined; -1: the first value in `slots`, before the others). Returns the kind of the result in `slots[0]`, owned by the caller; steals the arguments. */
  bridge_js_call(ref: number, receiver: number, slots: number, nargs: number, nkwargs: number): number;
  /** As bridge_js_get for a property that is called next. Returns METHOD with a ticket for bridge_js_call_method for a function. */
  bridge_js_get_method(ref: number, name: number, slots: number): number;
  /** As bridge_js_call for the method `name` of the value of `ref`, the one that the ticket stands for if it was the last one. Returns the kind of the result in `slots[0]`, owned by the caller; steals the arguments. */
  bridge_js_call_method(ref: number, name: number, ticket: number, slots: number, nargs: number, nkwargs: number): number;
  /** Reads an item of an array, from the end when `index` is negative. Returns the kind of the result in `slots[0]`, which is owned by the caller, or MISSING. */
  bridge_js_item(ref: number, index: number, is_view: number, slots: number): number;
  /** As bridge_js_call for `new`. Returns the kind of the result in `slots[0]`, owned by the caller; steals the arguments. */
  bridge_js_construct(ref: number, slots: number, nargs: number, nkwargs: number): number;
  /** Makes what lives until it is destroyed of the Python object `slots[0]`. Returns JSREF with a handle in `slots[0]`, owned by the caller, or an error; steals the slots. */
  bridge_js_keep(how: number, slots: number): number;
  /** Converts the Python object `slots[0]` as to_js() does, with its options in the next 6 slots: depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter. Returns the kind of the result in `slots[0]`, owned by the caller; steals the slots. */
  bridge_js_deep(slots: number): number;
  /** Does a js_op on the value of `ref` with `nargs` values in `slots`. Returns the kind of the result in `slots[0]`, owned by the caller; steals the arguments. */
  bridge_js_operate(op: number, ref: number, slots: number, nargs: number): number;
  /** Takes the result of the promising call with that ticket. Returns nothing; steals `slots[0]`. */
  bridge_js_settle(ticket: number, slots: number): void;
  /** Returns the signal in the interrupt buffer that is for who runs, or 0, and empties it then. */
  bridge_js_take_interrupt(): number;
  /** Has KeyboardInterrupt raised in the newest run that awaits, if there is one, when C has returned. Returns nothing. */
  bridge_js_interrupt_run(): void;
  /** Says that C is no longer on the stack, which coil_must_wait() was told to wait for. Returns nothing. */
  bridge_js_turns(): void;
  /** Calls next (0), throw (1) or return (2) of an iterator with `nargs` values. Returns the kind of the value in `slots[0]`, owned by the caller, plus 256 when the iterator is done; steals the arguments. */
  bridge_js_iterate(ref: number, step: number, slots: number, nargs: number): number;
  /** Writes the value of `ref` and what is in it, `depth` levels, for a deep conversion; a `session` knows the containers of before. Returns how many slots there are at the address that `slots[0]` holds, owned by the caller as each slot is; or -1 with what was thrown in `slots[0]`. */
  bridge_js_flatten(ref: number, depth: number, session: number, slots: number): number;
}
