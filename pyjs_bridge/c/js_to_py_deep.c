/* Deep conversion: JavaScript writes a value and all that is in it on one tape, which is read here
   from front to back. No Python code runs meanwhile, but for a default converter. */
#define Py_BUILD_CORE
#include "js_to_py_deep.h"

#include "convert.h"
#include "errors.h"
#include "js_bigint.h"
#include "js_proxy.h"

#include <internal/pycore_dict.h>

#include <stdbool.h>
#include <stdlib.h>

/* --- one conversion --- */

/* What is shared by a conversion and those that its default converter begins: an object, since the
   functions convert() and cache() hold it. */
typedef struct {
    PyObject_HEAD
    int depth;
    PyObject *converter; /* None: objects without a counterpart stay what they are */
    PyObject *results;   /* by the numbers that JavaScript gave the objects it met */
    PyObject *session;   /* JsProxy of what JavaScript knows, or NULL without a converter */
    PyObject *convert;   /* the two functions, or NULL */
    PyObject *cache;
} conversion;

static int
conversion_traverse(PyObject *op, visitproc visit, void *arg)
{
    conversion *self = (conversion *)op;
    Py_VISIT(self->converter);
    Py_VISIT(self->results);
    Py_VISIT(self->session);
    Py_VISIT(self->convert);
    Py_VISIT(self->cache);
    return 0;
}

static int
conversion_clear(PyObject *op)
{
    conversion *self = (conversion *)op;
    Py_CLEAR(self->converter);
    Py_CLEAR(self->results);
    Py_CLEAR(self->session);
    Py_CLEAR(self->convert);
    Py_CLEAR(self->cache);
    return 0;
}

static void
conversion_dealloc(PyObject *op)
{
    PyObject_GC_UnTrack(op);
    conversion_clear(op);
    PyObject_GC_Del(op);
}

static PyTypeObject conversion_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._Conversion",
    .tp_basicsize = sizeof(conversion),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "A conversion of JavaScript values to Python.",
    .tp_dealloc = conversion_dealloc,
    .tp_traverse = conversion_traverse,
    .tp_clear = conversion_clear,
};

/* In the place of a result that is not there. */
#define NO_RESULT Py_NotImplemented

/* Notes the result for the object with a number; -1: it has none. Returns 0, or -1 with an
   exception set. */
static int
note(conversion *self, int32_t number, PyObject *result)
{
    if (number < 0) {
        return 0;
    }
    while (PyList_GET_SIZE(self->results) <= number) {
        if (PyList_Append(self->results, NO_RESULT) < 0) {
            return -1;
        }
    }
    return PyList_SetItem(self->results, number, Py_NewRef(result));
}

/* --- reading the tape --- */

/* A container that is being filled. */
typedef struct {
    PyObject *container; /* borrowed: another container or the result holds it */
    PyObject *key;       /* of a dict, owned, when its value comes next */
    uint32_t kind;
    uint32_t left; /* items or pairs to come */
} level;

typedef struct {
    conversion *conversion;
    bridge_slot *slots;
    int count;
    int next;
    level *levels;
    int depth; /* how many levels there are */
    int room;
    PyObject *result;
} reader;

static PyObject *
call_converter(conversion *self, PyObject *value, int32_t number)
{
    /* Until the converter caches something else, it is itself where it is referred to. */
    if (note(self, number, value) < 0) {
        return NULL;
    }
    PyObject *result = PyObject_CallFunctionObjArgs(
        self->converter, value, self->convert, self->cache, NULL);
    if (result && note(self, number, result) < 0) {
        Py_CLEAR(result);
    }
    return result;
}

/* Makes what stays a JavaScript object. Returns a new reference, or NULL with an exception set. */
static PyObject *
take_object(reader *self, bridge_slot *slot)
{
    int32_t number = (int32_t)slot->text.encoding;
    PyObject *value = bridge_from_slot(slot);
    slot->kind = BRIDGE_KIND_NONE; /* taken: code of the converter may fail later */
    if (!value) {
        return NULL;
    }
    PyObject *result;
    if (self->conversion->converter == Py_None) {
        result = note(self->conversion, number, value) < 0 ? NULL : Py_NewRef(value);
    }
    else {
        result = call_converter(self->conversion, value, number);
    }
    Py_DECREF(value);
    return result;
}

/* Makes an empty container with room for its items. Returns a new reference, or NULL with an
   exception set. */
static PyObject *
new_container(reader *self, const bridge_slot *slot)
{
    PyObject *container;
    if (slot->kind == BRIDGE_KIND_LIST) {
        container = PyList_New((Py_ssize_t)slot->extra);
        if (container) {
            Py_SET_SIZE(container, 0); /* so that nobody sees items that are not there yet */
        }
    }
    else {
        container = slot->kind == BRIDGE_KIND_DICT ? _PyDict_NewPresized((Py_ssize_t)slot->extra)
                                                   : PySet_New(NULL);
    }
    if (container && note(self->conversion, slot->ref, container) < 0) {
        Py_CLEAR(container);
    }
    return container;
}

static PyObject *
take_seen(reader *self, int32_t number)
{
    PyObject *results = self->conversion->results;
    PyObject *result = number < PyList_GET_SIZE(results) ? PyList_GET_ITEM(results, number)
                                                         : NO_RESULT;
    if (result == NO_RESULT) {
        PyErr_SetString(bridge_conversion_error,
                        "an object is needed again whose conversion has failed before");
        return NULL;
    }
    return Py_NewRef(result);
}

/* Returns the next value as a new reference, or NULL with an exception set. */
static PyObject *
take_value(reader *self)
{
    bridge_slot *slot = &self->slots[self->next++];
    switch (slot->kind) {
    case BRIDGE_KIND_LIST:
    case BRIDGE_KIND_DICT:
    case BRIDGE_KIND_SET:
        return new_container(self, slot);
    case BRIDGE_KIND_SEEN:
        return take_seen(self, slot->ref);
    case BRIDGE_KIND_JSREF:
        return take_object(self, slot);
    default:
        return bridge_from_slot(slot);
    }
}

/* Returns 0, or -1 with MemoryError set. */
static int
push_level(reader *self, PyObject *container, const bridge_slot *slot)
{
    if (self->depth == self->room) {
        int room = self->room ? self->room * 2 : 16;
        level *levels = PyMem_Realloc(self->levels, (size_t)room * sizeof(level));
        if (!levels) {
            PyErr_NoMemory();
            return -1;
        }
        self->levels = levels;
        self->room = room;
    }
    self->levels[self->depth++] = (level){container, NULL, slot->kind, slot->extra};
    return 0;
}

static int
add_to_list(PyObject *list, PyObject *value)
{
    Py_ssize_t size = PyList_GET_SIZE(list);
    if (size == ((PyListObject *)list)->allocated) {
        return PyList_Append(list, value); /* a default converter has changed it */
    }
    Py_SET_SIZE(list, size + 1);
    PyList_SET_ITEM(list, size, Py_NewRef(value));
    return 0;
}

/* Returns a new str that shows a key, or NULL with an exception set that is no Exception. */
static PyObject *
repr_of(PyObject *key)
{
    PyObject *text = PyObject_Repr(key);
    if (!text && PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_Clear();
        text = PyUnicode_FromString("an object without a repr");
    }
    return text;
}

/* Replaces the TypeError of an unhashable key. */
static int
bad_key(PyObject *key, bool in_set)
{
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError)) {
        return -1;
    }
    PyErr_Clear();
    if (JsProxy_Check(key)) {
        bridge_slot slot = {.kind = in_set ? BRIDGE_KIND_TRUE : BRIDGE_KIND_FALSE};
        js_proxy_do(key, BRIDGE_JS_OP_BAD_KEY, &slot, 1); /* raises it */
        return -1;
    }
    PyObject *text = repr_of(key);
    if (text) {
        PyErr_Format(bridge_conversion_error,
                     "Cannot use key of type %.100s as a key to a Python %s: %.100U",
                     Py_TYPE(key)->tp_name,
                     in_set ? "set" : "dict",
                     text);
        Py_DECREF(text);
    }
    return -1;
}

/* Returns how JavaScript writes a key, as a new str, or NULL with an exception set. */
static PyObject *
key_text(PyObject *key)
{
    if (PyBool_Check(key)) {
        return PyUnicode_FromString(key == Py_True ? "true" : "false");
    }
    return Py_IS_TYPE(key, &JsBigInt_Type) ? PyUnicode_FromFormat("%Rn", key) : PyObject_Repr(key);
}

/* Returns a new reference to the key of a dict or set that equals `key`, or NULL with an exception
   set. */
static PyObject *
equal_key(PyObject *container, PyObject *key)
{
    PyObject *keys = PySequence_List(container);
    PyObject *found = NULL;
    Py_ssize_t at = keys ? PySequence_Index(keys, key) : -1;
    if (at >= 0) {
        found = Py_NewRef(PyList_GET_ITEM(keys, at));
    }
    Py_XDECREF(keys);
    return found;
}

/* Two keys that differ in JavaScript are one in Python: 1 and true, 0 and false, 1 and 1n. */
static int
same_key(PyObject *container, PyObject *key)
{
    PyObject *earlier = equal_key(container, key);
    PyObject *first = earlier ? key_text(earlier) : NULL;
    PyObject *second = first ? key_text(key) : NULL;
    if (second) {
        PyErr_Format(bridge_conversion_error,
                     "Cannot faithfully convert %s into Python since it contains both %U and %U "
                     "as keys.",
                     PySet_Check(container) ? "Set" : "Map",
                     first,
                     second);
    }
    Py_XDECREF(second);
    Py_XDECREF(first);
    Py_XDECREF(earlier);
    return -1;
}

static int
add_to_set(PyObject *set, PyObject *value)
{
    int found = PySet_Contains(set, value);
    if (found) {
        return found < 0 ? bad_key(value, true) : same_key(set, value);
    }
    return PySet_Add(set, value);
}

/* Takes keys and values in turn. */
static int
add_to_dict(level *level, PyObject *value)
{
    PyObject *key = level->key;
    if (!key) {
        if (Py_TYPE(value)->tp_hash == PyObject_HashNotImplemented) {
            return bad_key(value, false);
        }
        level->key = Py_NewRef(value);
        return 0;
    }
    int found = PyDict_SetDefaultRef(level->container, key, value, NULL);
    if (found) {
        return found < 0 ? bad_key(key, false) : same_key(level->container, key);
    }
    level->key = NULL;
    Py_DECREF(key);
    level->left--;
    return 0;
}

/* Puts a value where it belongs. Returns 0, or -1 with an exception set. */
static int
add_value(reader *self, PyObject *value)
{
    if (self->depth == 0) {
        self->result = Py_NewRef(value);
        return 0;
    }
    level *level = &self->levels[self->depth - 1];
    if (level->kind == BRIDGE_KIND_DICT) {
        return add_to_dict(level, value);
    }
    level->left--;
    return level->kind == BRIDGE_KIND_LIST ? add_to_list(level->container, value)
                                           : add_to_set(level->container, value);
}

/* Makes one value and adds it. Returns 0, or -1 with an exception set. */
static int
read_value(reader *self)
{
    bridge_slot *slot = &self->slots[self->next];
    uint32_t kind = slot->kind;
    bool is_container = kind == BRIDGE_KIND_LIST || kind == BRIDGE_KIND_DICT
                        || kind == BRIDGE_KIND_SET;
    PyObject *value = take_value(self);
    if (!value) {
        return -1;
    }
    int result = add_value(self, value);
    if (result == 0 && is_container && slot->extra) {
        result = push_level(self, value, slot);
    }
    Py_DECREF(value);
    return result;
}

/* Puts packed integers into a list from `size` on, which has room for them. Returns how many were
   made: fewer than there are with MemoryError set. */
static Py_ssize_t
add_integers(PyObject *list, Py_ssize_t size, const bridge_slot *head)
{
    const int32_t *integers = (const int32_t *)(head + 1);
    Py_ssize_t count = (Py_ssize_t)head->extra;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *value = PyLong_FromLong(integers[i]);
        if (!value) {
            return i;
        }
        PyList_SET_ITEM(list, size + i, value);
    }
    return count;
}

/* Adds one plain value to the list on top. Returns how many were added: 1, or 0 with an exception
   set. */
static Py_ssize_t
add_plain(PyObject *list, Py_ssize_t size, bridge_slot *slot)
{
    PyObject *value = bridge_from_slot(slot);
    if (!value) {
        return 0;
    }
    PyList_SET_ITEM(list, size, value);
    return 1;
}

static bool
is_plain(const bridge_slot *slot)
{
    return slot->kind <= BRIDGE_KIND_STRING || slot->kind == BRIDGE_KIND_INTEGERS;
}

/* Adds plain values to the list on top as long as there are some: most of what long lists hold.
   Returns 0, or -1 with an exception set. */
static int
read_plain_items(reader *self)
{
    level *level = &self->levels[self->depth - 1];
    PyObject *list = level->container;
    Py_ssize_t size = PyList_GET_SIZE(list);
    Py_ssize_t room = ((PyListObject *)list)->allocated;
    bool failed = false;
    while (level->left && size < room && !failed) {
        bridge_slot *slot = &self->slots[self->next];
        bool packed = slot->kind == BRIDGE_KIND_INTEGERS;
        if (!is_plain(slot)) {
            break;
        }
        uint32_t count = packed ? slot->extra : 1;
        self->next += packed ? 1 + bridge_packed_slots(count) : 1;
        level->left -= count;
        Py_ssize_t added = packed ? add_integers(list, size, slot) : add_plain(list, size, slot);
        size += added;
        failed = added != (Py_ssize_t)count;
    }
    Py_SET_SIZE(list, size);
    return failed ? -1 : 0;
}

/* Whether plain items come next for a list that has room for them: a default converter may have
   taken it away. */
static bool
has_plain_items(const reader *self)
{
    if (!self->depth || self->levels[self->depth - 1].kind != BRIDGE_KIND_LIST) {
        return false;
    }
    PyListObject *list = (PyListObject *)self->levels[self->depth - 1].container;
    return Py_SIZE(list) < list->allocated && is_plain(&self->slots[self->next]);
}

static void
pop_full_levels(reader *self)
{
    while (self->depth && self->levels[self->depth - 1].left == 0) {
        self->depth--;
    }
}

/* Reads all. Returns 0, or -1 with an exception set. */
static int
read_all(reader *self)
{
    while (self->next < self->count) {
        int failed = has_plain_items(self) ? read_plain_items(self) : read_value(self);
        if (failed) {
            return -1;
        }
        pop_full_levels(self);
    }
    return 0;
}

/* Reads a tape and frees it. Returns a new reference, or NULL with an exception set. */
static PyObject *
read_tape(conversion *conversion, bridge_slot *slots, int count)
{
    reader self = {.conversion = conversion, .slots = slots, .count = count};
    if (read_all(&self) < 0) {
        bridge_clear_slots(&slots[self.next], count - self.next);
        Py_CLEAR(self.result);
    }
    while (self.depth) {
        Py_XDECREF(self.levels[--self.depth].key);
    }
    PyMem_Free(self.levels);
    free(slots);
    return self.result;
}

static PyObject *
convert_proxy(conversion *self, PyObject *proxy, int depth)
{
    bridge_slot slot;
    int32_t session = self->session ? js_proxy_ref(self->session) : 0;
    int count = bridge_js_flatten(js_proxy_ref(proxy), depth, session, &slot);
    if (count < 0) {
        bridge_raise_slot(&slot);
        return NULL;
    }
    return read_tape(self, (bridge_slot *)(void *)slot.object, count);
}

/* --- the functions that a default converter gets --- */

static int
check_running(conversion *self)
{
    if (self->results) {
        return 0;
    }
    PyErr_SetString(PyExc_RuntimeError, "the conversion that this function belongs to is over");
    return -1;
}

static PyObject *
convert_value(PyObject *self, PyObject *value)
{
    if (check_running((conversion *)self) < 0) {
        return NULL;
    }
    if (!js_proxy_ref(value)) {
        return Py_NewRef(value);
    }
    return convert_proxy((conversion *)self, value, ((conversion *)self)->depth);
}

static PyObject *
cache_result(PyObject *op, PyObject *args)
{
    conversion *self = (conversion *)op;
    PyObject *value;
    PyObject *result;
    if (check_running(self) < 0 || !PyArg_ParseTuple(args, "OO:cache", &value, &result)) {
        return NULL;
    }
    if (!JsProxy_Check(value)) {
        Py_RETURN_NONE; /* it is not JavaScript's, so nothing refers to it by number */
    }
    PyObject *number = js_proxy_operate_on(value, BRIDGE_JS_OP_SESSION_NOTE, &self->session, 1);
    if (!number) {
        return NULL;
    }
    int failed = note(self, (int32_t)PyLong_AsLong(number), result) < 0;
    Py_DECREF(number);
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef convert_def = {
    "convert",
    convert_value,
    METH_O,
    "Convert a JavaScript object with the options of the call.",
};

static PyMethodDef cache_def = {
    "cache",
    cache_result,
    METH_VARARGS,
    "cache(value, result): what references to a JavaScript object become from now on.",
};

/* Returns 0, or -1 with an exception set. */
static int
prepare_converter(conversion *self)
{
    bridge_slot slot;
    bridge_js_operate(BRIDGE_JS_OP_NEW_SESSION, 0, &slot, 0);
    self->session = bridge_from_slot(&slot);
    self->convert = PyCFunction_New(&convert_def, (PyObject *)self);
    self->cache = PyCFunction_New(&cache_def, (PyObject *)self);
    return self->session && self->convert && self->cache ? 0 : -1;
}

static conversion *
new_conversion(int depth, PyObject *converter)
{
    conversion *self = PyObject_GC_New(conversion, &conversion_type);
    if (!self) {
        return NULL;
    }
    self->depth = depth;
    self->converter = Py_NewRef(converter);
    self->results = PyList_New(0);
    self->session = self->convert = self->cache = NULL;
    PyObject_GC_Track(self);
    if (!self->results || (converter != Py_None && prepare_converter(self) < 0)) {
        Py_DECREF(self);
        return NULL;
    }
    return self;
}

/* --- entries --- */

PyObject *
js_to_py(PyObject *proxy, int depth, PyObject *converter)
{
    conversion *conversion = new_conversion(depth, converter);
    if (!conversion) {
        return NULL;
    }
    PyObject *result = convert_proxy(conversion, proxy, depth);
    conversion_clear((PyObject *)conversion); /* the functions may be held for long */
    Py_DECREF(conversion);
    return result;
}

PyObject *
js_to_py_items(PyObject *proxy)
{
    PyObject *items = js_to_py(proxy, 1, Py_None);
    if (!items || (!JsProxy_Check(items) && !PyDict_Check(items))) {
        return items;
    }
    PyObject *list = PySequence_List(proxy); /* no container, or one with items by name, too */
    Py_DECREF(items);
    return list;
}

PyObject *
js_to_py_method(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"depth", "default_converter", NULL};
    int depth = -1;
    PyObject *converter = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$iO:to_py", names, &depth, &converter)) {
        return NULL;
    }
    if (converter != Py_None && !PyCallable_Check(converter)) {
        PyErr_Format(PyExc_TypeError,
                     "default_converter must be callable or None, not %.100s",
                     Py_TYPE(converter)->tp_name);
        return NULL;
    }
    return js_to_py(self, depth, converter);
}

int
js_to_py_init(PyObject *module)
{
    return PyType_Ready(&conversion_type);
}
