/* Which type a JavaScript value has in Python: one for each combination of what it can do. */
#include "js_proxy_kinds.h"

#include <stdbool.h>

/* --- classes that are names only --- */

static PyTypeObject JsFetchResponse_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsFetchResponse",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A Response of fetch(), for annotations; all JavaScript values are instances.",
};

static PyTypeObject JsDomElement_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsDomElement",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "An element of a page, for annotations; all JavaScript values are instances.",
};

static PyTypeObject JsWeakRef_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsWeakRef",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A WeakRef, for annotations; all JavaScript values are instances.",
};

int
js_proxy_is_undistinguished(PyObject *class)
{
    return class == (PyObject *)&JsFetchResponse_Type || class == (PyObject *)&JsDomElement_Type
           || class == (PyObject *)&JsWeakRef_Type;
}

/* --- all types, bases first --- */

typedef struct {
    PyTypeObject *type;
    PyTypeObject *bases[2]; /* none: JsProxy */
    bool is_public;
} kind;

static const kind kinds[] = {
    {&JsCallable_Type, {NULL}, true},
    {&JsOnceCallable_Type, {&JsCallable_Type}, true},
    {&JsDoubleProxy_Type, {NULL}, true},
    {&JsCallableDoubleProxy_Type, {&JsDoubleProxy_Type, &JsCallable_Type}, true},
    {&JsPromise_Type, {NULL}, true},
    {&JsIterable_Type, {NULL}, true},
    {&JsIterator_Type, {NULL}, true},
    {&JsGenerator_Type, {&JsIterator_Type}, true},
    {&JsDisposable_Type, {NULL}, false},
    {&JsAsyncIterable_Type, {NULL}, true},
    {&JsAsyncIterator_Type, {NULL}, true},
    {&JsAsyncGenerator_Type, {&JsAsyncIterator_Type}, true},
    {&JsAsyncDisposable_Type, {NULL}, false},
    {&JsSized_Type, {NULL}, false},
    {&JsContainer_Type, {NULL}, false},
    {&JsLookup_Type, {NULL}, false},
    {&JsMutableLookup_Type, {NULL}, false},
    {&JsMap_Type, {&JsIterable_Type}, true},
    {&JsMutableMap_Type, {&JsMap_Type}, true},
    {&JsArray_Type, {&JsIterable_Type}, true},
    {&JsMutableArray_Type, {&JsArray_Type}, false},
    {&JsBuffer_Type, {NULL}, true},
    {&JsTypedArray_Type, {&JsBuffer_Type, &JsArray_Type}, true},
    {&JsObjectMap_Type, {&JsMutableMap_Type}, false},
    {&JsModule_Type, {NULL}, false},
    {&JsFetchResponse_Type, {NULL}, true},
    {&JsDomElement_Type, {NULL}, true},
    {&JsWeakRef_Type, {NULL}, true},
};

/* --- from flags to types --- */

#define FLAG(name) BRIDGE_JS_FLAG_##name

/* What the arrays and maps of Python have without being asked. */
#define AS_CONTAINER \
    (FLAG(LENGTH) | FLAG(GET) | FLAG(SET) | FLAG(HAS) | FLAG(ITERABLE) | FLAG(SEQUENCE))

typedef struct {
    uint32_t wanted;  /* all of these flags */
    uint32_t covered; /* flags that later rules need not look at */
    PyTypeObject *type;
} rule;

/* The first rule that applies to a flag is the one for it; earlier bases come first in the order of
   methods. */
static const rule rules[] = {
    {FLAG(MODULE), 0, &JsModule_Type},
    {
        FLAG(DOUBLE_PROXY) | FLAG(CALLABLE),
        FLAG(DOUBLE_PROXY) | FLAG(CALLABLE),
        &JsCallableDoubleProxy_Type,
    },
    {FLAG(DOUBLE_PROXY), 0, &JsDoubleProxy_Type},
    {FLAG(ONCE), FLAG(CALLABLE), &JsOnceCallable_Type},
    {FLAG(CALLABLE), 0, &JsCallable_Type},
    {FLAG(THENABLE), 0, &JsPromise_Type},
    {FLAG(OBJECT_MAP), AS_CONTAINER | FLAG(MAP) | FLAG(MUTABLE_MAP), &JsObjectMap_Type},
    {FLAG(ARRAY), AS_CONTAINER, &JsMutableArray_Type},
    {FLAG(TYPED_ARRAY), AS_CONTAINER | FLAG(BUFFER), &JsTypedArray_Type},
    {FLAG(BUFFER), 0, &JsBuffer_Type},
    {FLAG(MUTABLE_MAP), AS_CONTAINER | FLAG(MAP), &JsMutableMap_Type},
    {FLAG(MAP), AS_CONTAINER, &JsMap_Type},
    {FLAG(SEQUENCE), FLAG(LENGTH) | FLAG(ITERABLE) | FLAG(GET) | FLAG(HAS), &JsArray_Type},
    {FLAG(GENERATOR) | FLAG(ITERATOR), FLAG(ITERATOR), &JsGenerator_Type},
    {FLAG(ASYNC_GENERATOR) | FLAG(ASYNC_ITERATOR), FLAG(ASYNC_ITERATOR), &JsAsyncGenerator_Type},
    {FLAG(ITERATOR), 0, &JsIterator_Type},
    {FLAG(ASYNC_ITERATOR), 0, &JsAsyncIterator_Type},
    {FLAG(ITERABLE), 0, &JsIterable_Type},
    {FLAG(ASYNC_ITERABLE), 0, &JsAsyncIterable_Type},
    {FLAG(SET), 0, &JsMutableLookup_Type},
    {FLAG(GET), 0, &JsLookup_Type},
    {FLAG(LENGTH), 0, &JsSized_Type},
    {FLAG(HAS), 0, &JsContainer_Type},
    {FLAG(DISPOSE), 0, &JsDisposable_Type},
    {FLAG(ASYNC_DISPOSE), 0, &JsAsyncDisposable_Type},
};

#define RULES (sizeof(rules) / sizeof(*rules))

/* Returns how many bases there are for the flags. */
static Py_ssize_t
choose_bases(uint32_t flags, PyTypeObject **bases)
{
    Py_ssize_t count = 0;
    for (size_t i = 0; i < RULES; i++) {
        if ((flags & rules[i].wanted) == rules[i].wanted) {
            bases[count++] = rules[i].type;
            flags &= ~rules[i].covered;
        }
    }
    return count;
}

static PyObject *
pack_bases(PyTypeObject *const *bases, Py_ssize_t count)
{
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple && i < count; i++) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(bases[i]));
    }
    return tuple;
}

/* Returns a new type, or NULL with an exception set. */
static PyTypeObject *
combine(PyTypeObject *const *bases, Py_ssize_t count)
{
    PyType_Slot slots[] = {
        {Py_tp_dealloc, js_proxy_dealloc},
        {Py_tp_traverse, js_proxy_traverse},
        {Py_tp_clear, js_proxy_clear},
        {0},
    };
    PyType_Spec spec = {
        .name = "pyodide.ffi.JsProxy",
        .basicsize = sizeof(JsProxy),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE
                 | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    PyObject *tuple = pack_bases(bases, count);
    PyObject *type = tuple ? PyType_FromMetaclass(&JsProxyMeta_Type, NULL, &spec, tuple) : NULL;
    Py_XDECREF(tuple);
    return (PyTypeObject *)type;
}

/* Most values are of one kind or of none, and need no type of their own. */
static PyTypeObject *
make_type(uint32_t flags)
{
    PyTypeObject *bases[RULES];
    Py_ssize_t count = choose_bases(flags, bases);
    if (count < 2) {
        return (PyTypeObject *)Py_NewRef(count ? bases[0] : &JsProxy_Type);
    }
    return combine(bases, count);
}

/* Flags -> type, for good; and the most recent ones by a hash of theirs. */
static PyObject *known;

#define RECENT_BITS 6
static struct {
    uint32_t flags;
    PyTypeObject *type;
} recent[1 << RECENT_BITS];

static PyTypeObject *
find_type(uint32_t flags)
{
    PyObject *number = PyLong_FromUnsignedLong(flags);
    PyObject *type = number ? PyDict_GetItemWithError(known, number) : NULL;
    if (number && !type && !PyErr_Occurred()) {
        type = (PyObject *)make_type(flags);
        if (type) {
            int failed = PyDict_SetItem(known, number, type);
            Py_DECREF(type); /* `known` keeps it */
            type = failed ? NULL : type;
        }
    }
    Py_XDECREF(number);
    return (PyTypeObject *)type;
}

PyTypeObject *
js_proxy_type_for(uint32_t flags)
{
    uint32_t at = (flags * 2654435769U) >> (32 - RECENT_BITS);
    if (recent[at].type && recent[at].flags == flags) {
        return recent[at].type;
    }
    PyTypeObject *type = find_type(flags);
    if (type) {
        recent[at].flags = flags;
        recent[at].type = type;
    }
    return type;
}

/* --- the module's part --- */

/* Returns 0, or -1 with an exception set. */
static int
make_ready(const kind *kind)
{
    PyTypeObject *type = kind->type;
    Py_SET_TYPE(type, &JsProxyMeta_Type);
    type->tp_base = kind->bases[0] ? kind->bases[0] : &JsProxy_Type;
    if (kind->bases[0] && kind->bases[1]) {
        type->tp_bases = PyTuple_Pack(2, kind->bases[0], kind->bases[1]);
        if (!type->tp_bases) {
            return -1;
        }
    }
    return PyType_Ready(type);
}

int
js_proxy_borrow(PyTypeObject *type, const char *abstract, const char *const *names)
{
    PyObject *abc = PyImport_ImportModule("_collections_abc");
    PyObject *class = abc ? PyObject_GetAttrString(abc, abstract) : NULL;
    int failed = !class;
    for (; !failed && *names; names++) {
        PyObject *function = PyObject_GetAttrString(class, *names);
        failed = !function || PyDict_SetItemString(type->tp_dict, *names, function) < 0;
        Py_XDECREF(function);
    }
    PyType_Modified(type);
    Py_XDECREF(class);
    Py_XDECREF(abc);
    return failed ? -1 : 0;
}

int
js_proxy_register(PyTypeObject *type, const char *abstract)
{
    PyObject *abc = PyImport_ImportModule("_collections_abc");
    PyObject *class = abc ? PyObject_GetAttrString(abc, abstract) : NULL;
    PyObject *result = class ? PyObject_CallMethod(class, "register", "O", type) : NULL;
    Py_XDECREF(result);
    Py_XDECREF(class);
    Py_XDECREF(abc);
    return result ? 0 : -1;
}

int
js_proxy_types_init(PyObject *module)
{
    known = PyDict_New();
    if (!known) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        const kind *kind = &kinds[i];
        if (make_ready(kind) < 0 || (kind->is_public && PyModule_AddType(module, kind->type) < 0)) {
            return -1;
        }
    }
    return js_map_init() < 0 || js_array_init() < 0 || js_object_init(module) < 0 ? -1 : 0;
}
