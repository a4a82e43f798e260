/* Values with a length, and with the methods of maps. */
#include "convert.h"
#include "js_proxy_kinds.h"

/* --- length --- */

Py_ssize_t
js_length(PyObject *self)
{
    bridge_slot slot;
    PyObject *length = js_proxy_operate(self, BRIDGE_JS_OP_LENGTH, &slot, 0);
    Py_ssize_t result = -1;
    if (length) {
        result = PyNumber_AsSsize_t(length, PyExc_OverflowError);
        Py_DECREF(length);
    }
    if (result < 0 && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "the length of the JavaScript object is negative");
    }
    return result;
}

/* By the number itself: not every size is a length of Python's. */
static int
is_not_empty(PyObject *self)
{
    bridge_slot slot;
    PyObject *length = js_proxy_operate(self, BRIDGE_JS_OP_LENGTH, &slot, 0);
    int result = length ? PyObject_IsTrue(length) : -1;
    Py_XDECREF(length);
    return result;
}

static PySequenceMethods sized_sequence = {
    .sq_length = js_length,
};

static PyNumberMethods sized_number = {
    .nb_bool = is_not_empty,
};

PyTypeObject JsSized_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsSized",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with a size or length.",
    .tp_as_number = &sized_number,
    .tp_as_sequence = &sized_sequence,
};

/* --- items --- */

static int
has_item(PyObject *self, PyObject *key)
{
    PyObject *result = js_proxy_operate_on(self, BRIDGE_JS_OP_LOOKUP_HAS, &key, 1);
    int found = result ? result == Py_True : -1;
    Py_XDECREF(result);
    return found;
}

static PyObject *
get_item(PyObject *self, PyObject *key)
{
    bridge_slot slot;
    PyObject *result;
    if (bridge_to_slot(key, &slot) < 0) {
        return NULL;
    }
    if (js_proxy_find(self, BRIDGE_JS_OP_LOOKUP_GET, &slot, 1, &result) == 0) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return result;
}

static int
set_item(PyObject *self, PyObject *key, PyObject *value)
{
    PyObject *const values[] = {key, value};
    bridge_slot slots[2];
    int count = value ? 2 : 1;
    if (js_proxy_put_values(values, count, slots) < 0) {
        return -1;
    }
    PyObject *result;
    int op = value ? BRIDGE_JS_OP_LOOKUP_SET : BRIDGE_JS_OP_LOOKUP_DELETE;
    int found = js_proxy_find(self, op, slots, count, &result);
    Py_XDECREF(result);
    if (found == 0) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return found > 0 ? 0 : -1;
}

static PySequenceMethods container_sequence = {
    .sq_contains = has_item,
};

PyTypeObject JsContainer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsContainer",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with has() or includes().",
    .tp_as_sequence = &container_sequence,
};

static PyMappingMethods lookup_mapping = {
    .mp_subscript = get_item,
};

PyTypeObject JsLookup_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsLookup",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with get().",
    .tp_as_mapping = &lookup_mapping,
};

static PyMappingMethods mutable_lookup_mapping = {
    .mp_ass_subscript = set_item,
};

PyTypeObject JsMutableLookup_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsMutableLookup",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with set() and delete().",
    .tp_as_mapping = &mutable_lookup_mapping,
};

/* --- maps --- */

static PyObject *
map_iter(PyObject *self)
{
    bridge_slot slot;
    PyObject *keys = js_proxy_operate(self, BRIDGE_JS_OP_MAP_KEYS, &slot, 0);
    PyObject *iterator = keys ? PyObject_GetIter(keys) : NULL;
    Py_XDECREF(keys);
    return iterator;
}

static PyMappingMethods map_mapping = {
    .mp_length = js_length,
    .mp_subscript = get_item,
};

static PySequenceMethods map_sequence = {
    .sq_length = js_length,
    .sq_contains = has_item,
};

PyTypeObject JsMap_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsMap",
    .tp_basicsize = sizeof(JsProxy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION
                | Py_TPFLAGS_MAPPING,
    .tp_doc = "A JavaScript object with the methods of a Map that reads.",
    .tp_iter = map_iter,
    .tp_as_mapping = &map_mapping,
    .tp_as_sequence = &map_sequence,
};

static PyMappingMethods mutable_map_mapping = {
    .mp_length = js_length,
    .mp_subscript = get_item,
    .mp_ass_subscript = set_item,
};

PyTypeObject JsMutableMap_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsMutableMap",
    .tp_basicsize = sizeof(JsProxy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION
                | Py_TPFLAGS_MAPPING,
    .tp_doc = "A JavaScript object with the methods of a Map.",
    .tp_as_mapping = &mutable_map_mapping,
};

int
js_map_init(void)
{
    static const char *const reading[] = {"keys", "items", "values", "get", NULL};
    static const char *const writing[] = {
        "pop",
        "popitem",
        "setdefault",
        "update",
        "clear",
        "_MutableMapping__marker",
        NULL,
    };
    return js_proxy_borrow(&JsMap_Type, "Mapping", reading) < 0
                   || js_proxy_borrow(&JsMutableMap_Type, "MutableMapping", writing) < 0
                   || js_proxy_register(&JsMap_Type, "Mapping") < 0
                   || js_proxy_register(&JsMutableMap_Type, "MutableMapping") < 0
               ? -1
               : 0;
}
