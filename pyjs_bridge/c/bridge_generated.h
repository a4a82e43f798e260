/* Made by generate.py from bridge.def; change that. */
/* clang-format off */
#ifndef COIL_BRIDGE_GENERATED_H
#define COIL_BRIDGE_GENERATED_H

enum {
    BRIDGE_KIND_NONE = 0, /* undefined, None */
    BRIDGE_KIND_NULL = 1, /* null, jsnull */
    BRIDGE_KIND_FALSE = 2, /* false */
    BRIDGE_KIND_TRUE = 3, /* true */
    BRIDGE_KIND_INT = 4, /* a number that is a 32-bit integer */
    BRIDGE_KIND_DOUBLE = 5, /* any other number */
    BRIDGE_KIND_STRING = 6, /* text: address, length in code units, encoding */
    BRIDGE_KIND_BIGINT = 7, /* text of hexadecimal digits, as STRING */
    BRIDGE_KIND_JSREF = 8, /* a JavaScript value behind a handle */
    BRIDGE_KIND_PYREF = 9, /* a Python object; to JavaScript a new reference, to C a borrowed one */
    BRIDGE_KIND_PYNEW = 10, /* a Python object whose reference C takes over */
    BRIDGE_KIND_JSERROR = 11, /* a thrown JavaScript value behind a handle */
    BRIDGE_KIND_PYERROR = 12, /* a raised Python exception; to JavaScript a new reference, to C a borrowed one with the handle of the JavaScript error in extra */
    BRIDGE_KIND_MISSING = 13, /* no such item: a result of those js_ops that say so */
    BRIDGE_KIND_RAISE = 14, /* what Python is to raise: a text as STRING, the number of the exception in the upper half of the encoding */
    BRIDGE_KIND_METHOD = 15, /* a function that is to be called as a method; payload: its ticket */
    BRIDGE_KIND_INTEGERS = 16, /* on the tape, in a list: `extra` integers of 32 bits follow, four in the place of a slot */
    BRIDGE_KIND_LIST = 17, /* on the tape of a deep conversion: a list of the `extra` values that follow; payload to C: its number */
    BRIDGE_KIND_DICT = 18, /* on the tape: a dict of the `extra` pairs that follow; payload to C: its number, to JavaScript: whether keys are other than str */
    BRIDGE_KIND_SET = 19, /* on the tape: a set of the `extra` values that follow; payload to C: its number */
    BRIDGE_KIND_SEEN = 20, /* on the tape: an object once more; its number is the payload to C; to JavaScript it is extra, counting what is no scalar, and the payload is its address */
    BRIDGE_KIND_BUFFER = 21, /* on the tape: the address of elements whose letter is in the place of an encoding; the size in bytes and the lengths of the `extra` dimensions follow */
    BRIDGE_KIND_OBJECT = 22, /* on the tape: an object without a conversion, flags in extra; in the place of an encoding the depth that is left */
    BRIDGE_KIND_PLACE = 23, /* on the tape, after LIST, DICT and SET if there is a converter: the container's address; extra: how many objects have numbers at its end; in the place of an encoding: the slot behind it */
    BRIDGE_KIND_EAGER = 24, /* on the tape: an object that is offered to the eager converter first; else as OBJECT */
    BRIDGE_KIND_COUNT = 25,
};

enum {
    BRIDGE_ENCODING_ASCII = 0, /* one byte, below 128 */
    BRIDGE_ENCODING_LATIN1 = 1, /* one byte */
    BRIDGE_ENCODING_UTF16 = 2, /* two bytes, surrogates alone or in pairs */
    BRIDGE_ENCODING_UCS4 = 3, /* four bytes */
    BRIDGE_ENCODING_UTF8 = 4, /* bytes; the length counts them */
    BRIDGE_ENCODING_COUNT = 5,
};

enum {
    BRIDGE_RAISE_TYPE = 0, /* TypeError */
    BRIDGE_RAISE_VALUE = 1, /* ValueError */
    BRIDGE_RAISE_INDEX = 2, /* IndexError */
    BRIDGE_RAISE_BUFFER = 3, /* BufferError */
    BRIDGE_RAISE_CONVERSION = 4, /* pyodide.ffi.ConversionError */
    BRIDGE_RAISE_COUNT = 5,
};

enum {
    BRIDGE_JS_FLAG_CALLABLE = 1 << 0, /* typeof is function */
    BRIDGE_JS_FLAG_THENABLE = 1 << 1, /* has a function then */
    BRIDGE_JS_FLAG_ITERABLE = 1 << 2, /* has Symbol.iterator */
    BRIDGE_JS_FLAG_ASYNC_ITERABLE = 1 << 3, /* has Symbol.asyncIterator */
    BRIDGE_JS_FLAG_ITERATOR = 1 << 4, /* has next, for synchronous iteration */
    BRIDGE_JS_FLAG_ASYNC_ITERATOR = 1 << 5, /* has next, for asynchronous iteration */
    BRIDGE_JS_FLAG_GENERATOR = 1 << 6, /* tagged Generator */
    BRIDGE_JS_FLAG_ASYNC_GENERATOR = 1 << 7, /* tagged AsyncGenerator */
    BRIDGE_JS_FLAG_LENGTH = 1 << 8, /* has a numeric size or length */
    BRIDGE_JS_FLAG_GET = 1 << 9, /* has a function get */
    BRIDGE_JS_FLAG_SET = 1 << 10, /* has functions set and delete */
    BRIDGE_JS_FLAG_HAS = 1 << 11, /* has a function has or includes */
    BRIDGE_JS_FLAG_MAP = 1 << 12, /* get, has, size, iterable */
    BRIDGE_JS_FLAG_MUTABLE_MAP = 1 << 13, /* a MAP with set and delete */
    BRIDGE_JS_FLAG_ARRAY = 1 << 14, /* Array.isArray */
    BRIDGE_JS_FLAG_TYPED_ARRAY = 1 << 15, /* a typed array */
    BRIDGE_JS_FLAG_BUFFER = 1 << 16, /* ArrayBuffer, DataView or typed array */
    BRIDGE_JS_FLAG_SEQUENCE = 1 << 17, /* iterable with length, read-only */
    BRIDGE_JS_FLAG_ERROR = 1 << 18, /* name and message and stack */
    BRIDGE_JS_FLAG_DISPOSE = 1 << 19, /* has Symbol.dispose */
    BRIDGE_JS_FLAG_ASYNC_DISPOSE = 1 << 20, /* has Symbol.asyncDispose */
    BRIDGE_JS_FLAG_DOUBLE_PROXY = 1 << 21, /* is a PyProxy that stays one */
    BRIDGE_JS_FLAG_ONCE = 1 << 22, /* can be called once */
    BRIDGE_JS_FLAG_JSON_VIEW = 1 << 23, /* made by as_py_json: items are views, too */
    BRIDGE_JS_FLAG_OBJECT_MAP = 1 << 24, /* made by as_py_json or as_object_map: items are properties */
    BRIDGE_JS_FLAG_HEREDITARY = 1 << 25, /* an OBJECT_MAP with inherited properties */
    BRIDGE_JS_FLAG_MODULE = 1 << 26, /* has attributes of a Python module of its own */
};

enum {
    BRIDGE_PY_FLAG_LENGTH = 1 << 0, /* has __len__ */
    BRIDGE_PY_FLAG_GET = 1 << 1, /* has __getitem__ */
    BRIDGE_PY_FLAG_SET = 1 << 2, /* has __setitem__ and __delitem__ */
    BRIDGE_PY_FLAG_CONTAINS = 1 << 3, /* has __contains__ */
    BRIDGE_PY_FLAG_ITERABLE = 1 << 4, /* has __iter__ */
    BRIDGE_PY_FLAG_ITERATOR = 1 << 5, /* has __next__ */
    BRIDGE_PY_FLAG_GENERATOR = 1 << 6, /* is a collections.abc.Generator */
    BRIDGE_PY_FLAG_ASYNC_ITERABLE = 1 << 7, /* has __aiter__ */
    BRIDGE_PY_FLAG_ASYNC_ITERATOR = 1 << 8, /* has __anext__ */
    BRIDGE_PY_FLAG_ASYNC_GENERATOR = 1 << 9, /* is a collections.abc.AsyncGenerator */
    BRIDGE_PY_FLAG_AWAITABLE = 1 << 10, /* can be awaited */
    BRIDGE_PY_FLAG_CALLABLE = 1 << 11, /* has __call__ */
    BRIDGE_PY_FLAG_BUFFER = 1 << 12, /* exports a buffer */
    BRIDGE_PY_FLAG_SEQUENCE = 1 << 13, /* is a collections.abc.Sequence */
    BRIDGE_PY_FLAG_MUTABLE_SEQUENCE = 1 << 14, /* is a collections.abc.MutableSequence */
    BRIDGE_PY_FLAG_DICT = 1 << 15, /* is exactly a dict */
    BRIDGE_PY_FLAG_COROUTINE_FUNCTION = 1 << 16, /* is an async function */
};

enum {
    BRIDGE_FLATTEN_PROXIES = 1 << 0, /* proxies may be made of objects without a conversion */
    BRIDGE_FLATTEN_CONVERTER = 1 << 1, /* a converter is asked about objects without a conversion */
    BRIDGE_FLATTEN_EAGER = 1 << 2, /* a converter is asked about all objects before */
    BRIDGE_FLATTEN_SKIP_FIRST = 1 << 3, /* but not about the first one */
};

enum {
    BRIDGE_STEP_NEXT = 0, /* next(iterator), or generator.send(value) */
    BRIDGE_STEP_THROW = 1, /* generator.throw(error) */
    BRIDGE_STEP_CLOSE = 2, /* generator.throw(GeneratorExit) */
    BRIDGE_STEP_ASYNC_THROW = 3, /* generator.athrow(error), whose awaitable is the item */
    BRIDGE_STEP_COUNT = 4,
};

enum {
    BRIDGE_KEEP_PROXY = 0, /* create_proxy(), where capture_this and roundtrip are the next two slots and a context or None the fourth */
    BRIDGE_KEEP_ONCE = 1, /* create_once_callable(); a context is the fourth slot */
    BRIDGE_KEEP_COUNT = 2,
};

enum {
    BRIDGE_JS_OP_TO_STRING = 0, /* String(value) */
    BRIDGE_JS_OP_TYPEOF = 1, /* typeof value */
    BRIDGE_JS_OP_DELETE = 2, /* delete value[name] */
    BRIDGE_JS_OP_COMPARE = 3, /* value < args[1] and so on; args[0] is the operator's number in C */
    BRIDGE_JS_OP_OWN_KEYS = 4, /* names that dir() shows */
    BRIDGE_JS_OP_ERROR_TEXT = 5, /* String(value), after a + if it has a cause, else a -; never fails */
    BRIDGE_JS_OP_ERROR_FRAMES = 6, /* name, file and line of each frame of its stack, innermost first, between NULs */
    BRIDGE_JS_OP_JS_ID = 7, /* a number for the identity of the value */
    BRIDGE_JS_OP_OBJECT_KEYS = 8, /* Object.keys(value) */
    BRIDGE_JS_OP_PUBLIC_KEYS = 9, /* an array of the names that `import *` takes */
    BRIDGE_JS_OP_OBJECT_VALUES = 10, /* Object.values(value) */
    BRIDGE_JS_OP_OBJECT_ENTRIES = 11, /* Object.entries(value) */
    BRIDGE_JS_OP_WEAK_REF = 12, /* new WeakRef(value) */
    BRIDGE_JS_OP_LENGTH = 13, /* value.size or value.length */
    BRIDGE_JS_OP_PROPERTY_GET = 14, /* value[args[0]] of an object map with the js_flags args[1], or MISSING */
    BRIDGE_JS_OP_PROPERTY_SET = 15, /* value[args[0]] = args[1] */
    BRIDGE_JS_OP_PROPERTY_DELETE = 16, /* delete value[args[0]], or MISSING */
    BRIDGE_JS_OP_PROPERTY_HAS = 17, /* whether args[0] is a property of an object map with the js_flags args[1] */
    BRIDGE_JS_OP_PROPERTY_KEYS = 18, /* an array of the properties of an object map with the js_flags args[0] */
    BRIDGE_JS_OP_LOOKUP_GET = 19, /* value.get(args[0]), or MISSING */
    BRIDGE_JS_OP_LOOKUP_SET = 20, /* value.set(args[0], args[1]) */
    BRIDGE_JS_OP_LOOKUP_DELETE = 21, /* value.delete(args[0]), or MISSING */
    BRIDGE_JS_OP_LOOKUP_HAS = 22, /* value.has(args[0]), or value.includes(args[0]) */
    BRIDGE_JS_OP_MAP_KEYS = 23, /* an iterator of the keys of a map */
    BRIDGE_JS_OP_ARRAY_SET = 24, /* value[args[0]] = args[1], or MISSING */
    BRIDGE_JS_OP_ARRAY_SLICE = 25, /* args[2] items from args[0] on in steps of args[1] as an array; args[3]: items are views */
    BRIDGE_JS_OP_ARRAY_SPLICE = 26, /* takes args[1] items from args[0] on away and puts args[2] and those after it there */
    BRIDGE_JS_OP_ARRAY_SET_STEPS = 27, /* sets items from args[0] on in steps of args[1] to args[2] and those after it */
    BRIDGE_JS_OP_ARRAY_DELETE_STEPS = 28, /* takes args[2] items from args[0] on in steps of args[1] away */
    BRIDGE_JS_OP_ARRAY_REPEAT = 29, /* the items args[0] times as a new array */
    BRIDGE_JS_OP_ARRAY_REVERSE = 30, /* value.reverse() */
    BRIDGE_JS_OP_BUFFER_LENGTH = 31, /* number of bytes */
    BRIDGE_JS_OP_BUFFER_TO_PYTHON = 32, /* the bytes as a bytes object, or as a memoryview if args[0] */
    BRIDGE_JS_OP_BUFFER_ASSIGN = 33, /* copies from the memory at args[0]: args[1] bytes in items of args[2] bytes, a number if args[3] */
    BRIDGE_JS_OP_BUFFER_ASSIGN_TO = 34, /* copies to the memory that is described as for BUFFER_ASSIGN */
    BRIDGE_JS_OP_ITERATE = 35, /* value[Symbol.iterator]() */
    BRIDGE_JS_OP_ASYNC_ITERATE = 36, /* value[Symbol.asyncIterator]() */
    BRIDGE_JS_OP_ASYNC_STEP = 37, /* settles the future at args[0] as value.next (args[1]: 0), throw (1) or return (2) of args[2] says */
    BRIDGE_JS_OP_PROMISE_SETTLE = 38, /* settles the future at args[0], whose reference it takes over, when the promise is */
    BRIDGE_JS_OP_PROMISE_THEN = 39, /* value.then(args[0], args[1]) */
    BRIDGE_JS_OP_PROMISE_FINALLY = 40, /* value.finally(args[0]) */
    BRIDGE_JS_OP_PROMISE_WATCH = 41, /* wakes the fiber args[0] when the promise is settled */
    BRIDGE_JS_OP_PROMISE_OUTCOME = 42, /* what the promise that the fiber args[0] watches was settled with, or MISSING */
    BRIDGE_JS_OP_PROMISE_UNWATCH = 43, /* forgets what the fiber args[0] watches */
    BRIDGE_JS_OP_DISPOSE = 44, /* value[Symbol.dispose]() */
    BRIDGE_JS_OP_ASYNC_DISPOSE = 45, /* value[Symbol.asyncDispose]() */
    BRIDGE_JS_OP_UNWRAP = 46, /* the object of a PyProxy */
    BRIDGE_JS_OP_DESTROY = 47, /* destroys a PyProxy */
    BRIDGE_JS_OP_DESTROY_PROXIES = 48, /* destroys each proxy in an iterable */
    BRIDGE_JS_OP_ERROR_CAUSE = 49, /* the cause of an error, or MISSING */
    BRIDGE_JS_OP_NEW_ERROR = 50, /* a new Error with the name, message and stack args[0] to args[2] */
    BRIDGE_JS_OP_NEW_SESSION = 51, /* a session for bridge_js_flatten */
    BRIDGE_JS_OP_BAD_KEY = 52, /* raises that the value cannot be a key of a dict, or with args[0] true of a set */
    BRIDGE_JS_OP_SESSION_NOTE = 53, /* gives the value a number among the containers of the session args[0] */
    BRIDGE_JS_OP_HANDLER = 54, /* a function that calls a PyProxy so that it may wait; what that raises is an uncaught error */
    BRIDGE_JS_OP_SCHEDULE = 55, /* has the Python callable at args[0], whose reference it takes over, called in args[1] ms */
    BRIDGE_JS_OP_UNSCHEDULE = 56, /* forgets the callback of the handle args[0] */
    BRIDGE_JS_OP_COUNT = 57,
};

enum {
    BRIDGE_PY_OP_REPR = 0, /* repr(object) */
    BRIDGE_PY_OP_STR = 1, /* str(object) */
    BRIDGE_PY_OP_TYPE_NAME = 2, /* the type's qualified name */
    BRIDGE_PY_OP_FLAGS = 3, /* the py_flags */
    BRIDGE_PY_OP_HAS_ATTRIBUTE = 4, /* hasattr, without noise */
    BRIDGE_PY_OP_DELETE_ATTRIBUTE = 5, /* delattr */
    BRIDGE_PY_OP_DIR = 6, /* dir() as a list */
    BRIDGE_PY_OP_FORMAT_EXCEPTION = 7, /* the formatted traceback */
    BRIDGE_PY_OP_EXCEPTION_TYPE = 8, /* the class name of an exception */
    BRIDGE_PY_OP_TO_PY = 9, /* the deep conversion of args[0], args[1] levels, with the default converter args[2]; whatever the object */
    BRIDGE_PY_OP_EXCEPTION_CAUSE = 10, /* what an exception was raised from: its JavaScript error or its cause */
    BRIDGE_PY_OP_LENGTH = 11, /* len(object) */
    BRIDGE_PY_OP_GET_ITEM = 12, /* object[key], nothing for a LookupError */
    BRIDGE_PY_OP_SET_ITEM = 13, /* object[key] = value */
    BRIDGE_PY_OP_DELETE_ITEM = 14, /* del object[key] */
    BRIDGE_PY_OP_CONTAINS = 15, /* value in object */
    BRIDGE_PY_OP_KEYS = 16, /* the keys of a dict that are str or int, as a list of str */
    BRIDGE_PY_OP_GET_DICT_ITEM = 17, /* the item of a dict for the name of a property: a str, then the int of its digits; nothing without one */
    BRIDGE_PY_OP_HAS_DICT_ITEM = 18, /* whether GET_DICT_ITEM finds one */
    BRIDGE_PY_OP_SET_DICT_ITEM = 19, /* sets the item that GET_DICT_ITEM finds, or a new one */
    BRIDGE_PY_OP_DELETE_DICT_ITEM = 20, /* deletes the item that GET_DICT_ITEM finds; whether there was one */
    BRIDGE_PY_OP_APPEND = 21, /* object.append(value) */
    BRIDGE_PY_OP_INSERT = 22, /* object.insert(index, value) */
    BRIDGE_PY_OP_DELETE_RANGE = 23, /* deletes so many items from an index on */
    BRIDGE_PY_OP_REVERSE = 24, /* object.reverse() */
    BRIDGE_PY_OP_ITER = 25, /* iter(object) */
    BRIDGE_PY_OP_ASYNC_ITER = 26, /* aiter(object) */
    BRIDGE_PY_OP_ASYNC_NEXT = 27, /* anext(object), or object.asend(value) */
    BRIDGE_PY_OP_ASYNC_CLOSE = 28, /* object.athrow(GeneratorExit) */
    BRIDGE_PY_OP_SCHEDULE = 29, /* asyncio.ensure_future(object) that calls a function of JavaScript with itself when it is done */
    BRIDGE_PY_OP_FUTURE_RESULT = 30, /* future.result() */
    BRIDGE_PY_OP_RELAXED_CALL = 31, /* the function of pyodide.code, whatever the object */
    BRIDGE_PY_OP_GET_GLOBAL = 32, /* the item of a dict, or else the built-in of that name; nothing without one */
    BRIDGE_PY_OP_RAISE_CONVERSION = 33, /* raises a ConversionError with that text */
    BRIDGE_PY_OP_HAS_GLOBAL = 34, /* whether GET_GLOBAL finds something */
    BRIDGE_PY_OP_COUNT = 35,
};

/* Gives a handle back. Returns nothing; steals `ref`. */
void bridge_js_release(int ref);

/* Returns a new handle for the value of `ref`, which is borrowed. */
int bridge_js_copy(int ref);

/* Returns whether two borrowed handles hold the same value. */
int bridge_js_same(int ref, int other);

/* Returns the number under which JavaScript keeps the string `slots[0]` as a name: for good, or
   as number 0 until the next call. */
int bridge_js_name(bridge_slot *slots, int keep);

/* Reads a property. Returns the kind of the result in `slots[0]`, which is owned by the caller,
   or -1: no such property. */
int bridge_js_get(int ref, int name, bridge_slot *slots);

/* Writes the value `slots[0]` to a property. Returns the kind of `slots[0]`: NONE, or an error;
   steals the value. */
int bridge_js_set(int ref, int name, bridge_slot *slots);

/* Calls a function with `nargs` values and then `nkwargs` pairs of name and value in `slots`,
   on the value of `receiver` (0: undefined; -1: the first value in `slots`, before the others).
   Returns the kind of the result in `slots[0]`, owned by the caller; steals the arguments. */
int bridge_js_call(int ref, int receiver, bridge_slot *slots, int nargs, int nkwargs);

/* As bridge_js_get for a property that is called next. Returns METHOD with a ticket for
   bridge_js_call_method for a function. */
int bridge_js_get_method(int ref, int name, bridge_slot *slots);

/* As bridge_js_call for the method `name` of the value of `ref`, the one that the ticket stands
   for if it was the last one. Returns the kind of the result in `slots[0]`, owned by the
   caller; steals the arguments. */
int bridge_js_call_method(int ref, int name, int ticket, bridge_slot *slots, int nargs,
                          int nkwargs);

/* Reads an item of an array, from the end when `index` is negative. Returns the kind of the
   result in `slots[0]`, which is owned by the caller, or MISSING. */
int bridge_js_item(int ref, int index, int is_view, bridge_slot *slots);

/* As bridge_js_call for `new`. Returns the kind of the result in `slots[0]`, owned by the
   caller; steals the arguments. */
int bridge_js_construct(int ref, bridge_slot *slots, int nargs, int nkwargs);

/* Makes what lives until it is destroyed of the Python object `slots[0]`. Returns JSREF with a
   handle in `slots[0]`, owned by the caller, or an error; steals the slots. */
int bridge_js_keep(int how, bridge_slot *slots);

/* Converts the Python object `slots[0]` as to_js() does, with its options in the next 6 slots:
   depth, pyproxies, create_pyproxies, dict_converter, default_converter, eager_converter.
   Returns the kind of the result in `slots[0]`, owned by the caller; steals the slots. */
int bridge_js_deep(bridge_slot *slots);

/* Does a js_op on the value of `ref` with `nargs` values in `slots`. Returns the kind of the
   result in `slots[0]`, owned by the caller; steals the arguments. */
int bridge_js_operate(int op, int ref, bridge_slot *slots, int nargs);

/* Takes the result of the promising call with that ticket. Returns nothing; steals `slots[0]`. */
void bridge_js_settle(int ticket, bridge_slot *slots);

/* Returns the signal in the interrupt buffer that is for who runs, or 0, and empties it then. */
int bridge_js_take_interrupt(void);

/* Has KeyboardInterrupt raised in the newest run that awaits, if there is one, when C has
   returned. Returns nothing. */
void bridge_js_interrupt_run(void);

/* Says that C is no longer on the stack, which coil_must_wait() was told to wait for. Returns
   nothing. */
void bridge_js_turns(void);

/* Calls next (0), throw (1) or return (2) of an iterator with `nargs` values. Returns the kind
   of the value in `slots[0]`, owned by the caller, plus 256 when the iterator is done; steals
   the arguments. */
int bridge_js_iterate(int ref, int step, bridge_slot *slots, int nargs);

/* Writes the value of `ref` and what is in it, `depth` levels, for a deep conversion; a
   `session` knows the containers of before. Returns how many slots there are at the address
   that `slots[0]` holds, owned by the caller as each slot is; or -1 with what was thrown in
   `slots[0]`. */
int bridge_js_flatten(int ref, int depth, int session, bridge_slot *slots);

/* Calls a borrowed callable with `nargs` values and then `nkwargs` pairs of name and value.
   Returns the kind of the result in `slots[0]`; raises into it. */
int bridge_py_call(PyObject *callable, bridge_slot *slots, int nargs, int nkwargs);

/* As bridge_py_call in a borrowed contextvars.Context, or in a copy of it while it is entered.
   Returns the kind of the result in `slots[0]`; raises into it. */
int bridge_py_call_in(PyObject *context, PyObject *callable, bridge_slot *slots, int nargs,
                      int nkwargs);

/* Reads an attribute; all borrowed. Returns the kind of the result in `slots[0]`, or -1: no
   such attribute, or -2: it is `known` (which may be NULL) or a method equal to it; raises into
   it. */
int bridge_py_get(PyObject *object, PyObject *name, PyObject *known, bridge_slot *slots);

/* Sets an attribute to the value `slots[0]`; both borrowed. Returns NONE or raises into
   `slots[0]`. */
int bridge_py_set(PyObject *object, PyObject *name, bridge_slot *slots);

/* Does a py_op on a borrowed object with `nargs` values. Returns the kind of the result in
   `slots[0]`, or -1: it found nothing; raises into it. */
int bridge_py_operate(int op, PyObject *object, bridge_slot *slots, int nargs);

/* Does a step on a borrowed iterator with the value or error `slots[0]`. Returns the kind of
   the item in `slots[0]`; -1 less than the kind of what it returned at its end; raises into it. */
int bridge_py_step(int how, PyObject *iterator, bridge_slot *slots);

/* Writes a borrowed object with its content on a tape. Returns the tape, which the caller
   frees, or NULL; raises into `slots[0]`. */
bridge_tape *bridge_py_flatten(PyObject *object, int depth, int how, bridge_slot *slots);

/* Drops a tape and what it keeps alive. Returns nothing. */
void bridge_py_free_tape(bridge_tape *tape);

/* Locks the buffer of a borrowed object. Returns INT with the address of a bridge_buffer in
   `slots[0]`, which the caller releases; raises into it. */
int bridge_py_get_buffer(PyObject *object, bridge_slot *slots);

/* Unlocks a buffer. Returns nothing. */
void bridge_py_release_buffer(bridge_buffer *buffer);

/* Returns a new reference to the interned string `slots[0]`, or NULL without memory; raises
   nothing. */
PyObject *bridge_py_name(bridge_slot *slots);

/* Forgets the numbers of all names, whose strings JavaScript no longer has; no code of Python
   runs meanwhile. Returns nothing. */
void bridge_py_forget_names(void);

/* Runs the source `slots[0]` with a file name in `slots[1]` and whether to dedent in
   `slots[2]`; both mappings borrowed, NULL: __main__ or the globals. Returns the kind of the
   result in `slots[0]`; raises into it. */
int bridge_py_run(PyObject *globals, PyObject *locals, bridge_slot *slots, int nargs);

/* Ends the wait of the fiber with that number, if it waits. Returns nothing. */
void bridge_py_wake(int fiber);

/* Gives a reference back. Returns nothing; steals `object`. */
void bridge_py_release(PyObject *object);

/* Takes a reference to a borrowed object. Returns nothing. */
void bridge_py_retain(PyObject *object);

/* Makes a string to be filled in by the caller. Returns where its characters begin, or NULL
   without memory; `slots[0]` holds the new reference. */
char *bridge_py_new_ascii(int length, bridge_slot *slots);

/* Makes the object of the STRING or BIGINT in `slots[0]`, whose memory may go afterwards.
   Returns PYNEW with the new reference in `slots[0]`; raises into it. */
int bridge_py_new(bridge_slot *slots);

/* Finds which of the `count` proxied objects, each named once for every proxy, Python itself
   does not need. Returns new memory for the caller to free, or NULL without memory: for each of
   them its index, a count and as many handles that it keeps alive, and 0xffffffff at the end;
   raises nothing. */
uint32_t *bridge_py_cycles(PyObject **proxied, int count);

/* Has the interrupt buffer be looked at while Python runs, or no longer. Returns nothing. */
void bridge_py_poll_interrupts(int on);

/* Delivers a signal to the program that waits, for SIGINT else to the latest call that does.
   Returns nothing. */
void bridge_py_interrupt_waiting(int signum);

/* Runs the handlers of signals that have come, and of `signum` (0: none). Returns NONE or
   raises into `slots[0]`. */
int bridge_py_check_interrupt(bridge_slot *slots, int signum);

/* Returns the memory that JavaScript may pass values in, owned by C; the first slot says how
   many there are. */
bridge_slot *bridge_py_tape(void);

/* Gives a future, whose reference it steals, the result (outcome 0), exception (1) or end of
   iteration (2) in `slots[0]`, unless it is done. Returns NONE or raises into `slots[0]`. */
int bridge_py_settle(PyObject *future, bridge_slot *slots, int outcome);

/* Makes a memoryview of that many bytes with a format of the struct module, or for format 0 a
   bytes object. Returns where its bytes begin, or NULL without memory; `slots[0]` holds the new
   reference. */
char *bridge_py_new_buffer(int length, int format, bridge_slot *slots);

/* As bridge_py_call, or as bridge_py_call_in with a context; frees `slots`. `is_own`: a program
   has asked for the call, not the event loop or a listener. Returns nothing; the result goes to
   bridge_js_settle(). */
void bridge_py_call_promising(PyObject *context, PyObject *callable, bridge_slot *slots, int nargs,
                              int nkwargs, int ticket, int is_own);

#endif
