/* What every JavaScript object offers beside its properties; and its properties as items. */
#define Py_BUILD_CORE
#include "convert.h"
#include "js_proxy_kinds.h"
#include "js_to_py_deep.h"
#include "names.h"

#include <internal/pycore_typeobject.h>
#include <structmember.h>

#include <stdbool.h>

/* --- methods of all --- */

PyObject *
js_object_id(PyObject *self, void *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_JS_ID, &slot, 0);
}

static PyObject *
object_keys(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_OBJECT_KEYS, &slot, 0);
}

static PyObject *
object_values(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_OBJECT_VALUES, &slot, 0);
}

static PyObject *
object_entries(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_OBJECT_ENTRIES, &slot, 0);
}

static PyObject *
object_weakref(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_WEAK_REF, &slot, 0);
}

/* Returns another proxy of the same value with more flags, or NULL with an exception set. */
static PyObject *
with_flags(PyObject *self, uint32_t flags)
{
    JsProxy *proxy = (JsProxy *)self;
    flags |= proxy->flags & ~(uint32_t)BRIDGE_JS_FLAG_MODULE;
    return js_proxy_new_method(bridge_js_copy(proxy->ref), flags, proxy->receiver);
}

static PyObject *
object_as_py_json(PyObject *self, PyObject *unused)
{
    bool is_array = ((JsProxy *)self)->flags & BRIDGE_JS_FLAG_ARRAY;
    uint32_t flags = is_array ? 0 : BRIDGE_JS_FLAG_OBJECT_MAP;
    return with_flags(self, flags | BRIDGE_JS_FLAG_JSON_VIEW);
}

static PyObject *
object_as_object_map(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"hereditary", NULL};
    int hereditary = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$p:as_object_map", names, &hereditary)
        || PyErr_WarnEx(PyExc_RuntimeWarning, "as_object_map() is deprecated: use as_py_json()", 1)
               < 0) {
        return NULL;
    }
    uint32_t flags = hereditary ? BRIDGE_JS_FLAG_HEREDITARY : 0;
    return with_flags(self, flags | BRIDGE_JS_FLAG_OBJECT_MAP);
}

/* Returns what a function of _pyodide.jsbind makes of the proxy, or NULL with an exception set. */
static PyObject *
call_jsbind(PyObject *self, const char *name, PyObject *value)
{
    PyObject *module = PyImport_ImportModule("_pyodide.jsbind");
    PyObject *result = module ? PyObject_CallMethod(module, name, "OO", self, value) : NULL;
    Py_XDECREF(module);
    return result;
}

static PyObject *
object_bind_sig(PyObject *self, PyObject *signature)
{
    return call_jsbind(self, "bind_sig", signature);
}

static PyObject *
object_bind_class(PyObject *self, PyObject *class)
{
    return call_jsbind(self, "bind_class", class);
}

/* Takes over a list of names of properties, or NULL. Returns a new list of those of the attributes,
   or NULL with an exception set. */
static PyObject *
as_attributes(PyObject *names)
{
    PyObject *attributes = names ? PyList_New(0) : NULL;
    int failed = !attributes;
    for (Py_ssize_t i = 0; !failed && i < PyList_GET_SIZE(names); i++) {
        PyObject *name = bridge_name_attribute(PyList_GET_ITEM(names, i));
        failed = !name || PyList_Append(attributes, name) < 0;
        Py_XDECREF(name);
    }
    if (failed) {
        Py_CLEAR(attributes);
    }
    Py_XDECREF(names);
    return attributes;
}

/* Returns the names of properties as attributes in a new list, or NULL with an exception set. */
static PyObject *
property_names(PyObject *self)
{
    bridge_slot slot;
    PyObject *text = js_proxy_operate(self, BRIDGE_JS_OP_OWN_KEYS, &slot, 0);
    PyObject *separator = text ? PyUnicode_FromOrdinal(0) : NULL;
    PyObject *names = separator ? PyUnicode_Split(text, separator, -1) : NULL;
    Py_XDECREF(separator);
    Py_XDECREF(text);
    return as_attributes(names);
}

static PyObject *
object_dir(PyObject *self, PyObject *unused)
{
    PyObject *names = property_names(self);
    PyObject *own = names
                        ? PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__dir__", "O", self)
                        : NULL;
    PyObject *all = own ? PySet_New(names) : NULL;
    PyObject *updated = all ? PyObject_CallMethod(all, "update", "O", own) : NULL;
    PyObject *result = updated ? PySequence_List(all) : NULL;
    Py_XDECREF(updated);
    Py_XDECREF(all);
    Py_XDECREF(own);
    Py_XDECREF(names);
    return result;
}

#define KEYWORDS(function) (PyCFunction)(void (*)(void))(function), METH_VARARGS | METH_KEYWORDS

PyMethodDef js_object_methods[] = {
    {"__dir__", object_dir, METH_NOARGS, NULL},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, NULL},
    {"object_keys", object_keys, METH_NOARGS, "Object.keys() as a JavaScript array."},
    {"object_values", object_values, METH_NOARGS, "Object.values() as a JavaScript array."},
    {"object_entries", object_entries, METH_NOARGS, "Object.entries() as a JavaScript array."},
    {
        "as_py_json",
        object_as_py_json,
        METH_NOARGS,
        "A view whose items are the properties, at every depth, as those of a dict or list.",
    },
    {
        "as_object_map",
        KEYWORDS(object_as_object_map),
        "A mapping of the properties, with hereditary=True of the inherited ones, too. Deprecated.",
    },
    {
        "to_py",
        KEYWORDS(js_to_py_method),
        "to_py(*, depth=-1, default_converter=None)\n\n"
        "Convert the object and what is in it, depth levels or all, to lists, dicts, sets and\n"
        "memoryviews. default_converter(value, convert, cache) returns what other objects become.\n"
        "Raises ConversionError for keys that a dict cannot have.",
    },
    {
        "to_weakref",
        object_weakref,
        METH_NOARGS,
        "A JavaScript WeakRef; its deref() gives the object, or None when it is gone.",
    },
    {
        "bind_sig",
        object_bind_sig,
        METH_O,
        "A proxy whose calls convert as the signature of a Python function says.",
    },
    {
        "bind_class",
        object_bind_class,
        METH_O,
        "A proxy whose attributes convert as the annotations of a Python class say.",
    },
    {0},
};

/* --- properties as items: as_py_json() and as_object_map() --- */

#define VIEW_FLAGS (BRIDGE_JS_FLAG_JSON_VIEW | BRIDGE_JS_FLAG_HEREDITARY)

static bridge_slot
view_flags(PyObject *self)
{
    return js_integer((int32_t)(((JsProxy *)self)->flags & VIEW_FLAGS));
}

/* Returns the keys as a JavaScript array, a new reference, or NULL with an exception set. */
static PyObject *
map_keys(PyObject *self)
{
    bridge_slot slot = view_flags(self);
    return js_proxy_operate(self, BRIDGE_JS_OP_PROPERTY_KEYS, &slot, 1);
}

static Py_ssize_t
map_length(PyObject *self)
{
    PyObject *keys = map_keys(self);
    Py_ssize_t length = keys ? js_length(keys) : -1;
    Py_XDECREF(keys);
    return length;
}

static PyObject *
map_iter(PyObject *self)
{
    PyObject *keys = map_keys(self);
    PyObject *iterator = keys ? PySeqIter_New(keys) : NULL;
    Py_XDECREF(keys);
    return iterator;
}

static PyObject *
map_subscript(PyObject *self, PyObject *key)
{
    bridge_slot slots[2] = {[1] = view_flags(self)};
    PyObject *result;
    if (bridge_to_slot(key, slots) < 0) {
        return NULL;
    }
    if (js_proxy_find(self, BRIDGE_JS_OP_PROPERTY_GET, slots, 2, &result) == 0) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return result;
}

static int
map_assign(PyObject *self, PyObject *key, PyObject *value)
{
    PyObject *const values[] = {key, value};
    bridge_slot slots[2];
    int count = value ? 2 : 1;
    if (js_proxy_put_values(values, count, slots) < 0) {
        return -1;
    }
    if (value) {
        return js_proxy_do(self, BRIDGE_JS_OP_PROPERTY_SET, slots, count);
    }
    PyObject *result;
    int found = js_proxy_find(self, BRIDGE_JS_OP_PROPERTY_DELETE, slots, count, &result);
    Py_XDECREF(result);
    if (found == 0) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return found > 0 ? 0 : -1;
}

static int
map_contains(PyObject *self, PyObject *key)
{
    bridge_slot slots[2] = {[1] = view_flags(self)};
    if (bridge_to_slot(key, slots) < 0) {
        return -1;
    }
    PyObject *result = js_proxy_operate(self, BRIDGE_JS_OP_PROPERTY_HAS, slots, 2);
    int found = result ? result == Py_True : -1;
    Py_XDECREF(result);
    return found;
}

static PyMappingMethods map_mapping = {
    .mp_length = map_length,
    .mp_subscript = map_subscript,
    .mp_ass_subscript = map_assign,
};

static PySequenceMethods map_sequence = {
    .sq_length = map_length,
    .sq_contains = map_contains,
};

PyTypeObject JsObjectMap_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsObjectMap",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object whose properties are items.",
    .tp_iter = map_iter,
    .tp_as_mapping = &map_mapping,
    .tp_as_sequence = &map_sequence,
};

/* --- modules --- */

/* Returns a new list of the names that `import *` takes, or NULL with an exception set. */
static PyObject *
public_names(PyObject *self)
{
    bridge_slot slot;
    PyObject *keys = js_proxy_operate(self, BRIDGE_JS_OP_PUBLIC_KEYS, &slot, 0);
    PyObject *names = keys ? PySequence_List(keys) : NULL;
    Py_XDECREF(keys);
    return as_attributes(names);
}

static PyObject *
module_getattro(PyObject *self, PyObject *name)
{
    PyObject *value = PyDict_GetItemWithError(((JsProxy *)self)->dict, name);
    if (value || PyErr_Occurred()) {
        return Py_XNewRef(value);
    }
    value = JsProxy_Type.tp_getattro(self, name);
    if (!value && PyErr_ExceptionMatches(PyExc_AttributeError)
        && PyUnicode_EqualToUTF8(name, "__all__")) {
        PyErr_Clear();
        return public_names(self);
    }
    return value;
}

/* Whether import binds a submodule: `value` is a module proxy named as ours with `name` behind it.
 */
static int
is_submodule(PyObject *self, PyObject *name, PyObject *value)
{
    if (!value || !PyObject_TypeCheck(value, &JsModule_Type)) {
        return 0;
    }
    PyObject *own = PyDict_GetItemString(((JsProxy *)self)->dict, "__name__");
    PyObject *theirs = PyDict_GetItemString(((JsProxy *)value)->dict, "__name__");
    if (!own || !theirs || !PyUnicode_Check(own) || !PyUnicode_Check(theirs)) {
        return 0;
    }
    PyObject *wanted = PyUnicode_FromFormat("%U.%U", own, name);
    int same = wanted ? PyUnicode_Compare(wanted, theirs) == 0 : -1;
    Py_XDECREF(wanted);
    return same;
}

static int
module_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *dict = ((JsProxy *)self)->dict;
    int ours = PyDict_Contains(dict, name);
    if (ours < 0) {
        return -1;
    }
    if (ours) {
        return value ? PyDict_SetItem(dict, name, value) : PyDict_DelItem(dict, name);
    }
    int submodule = is_submodule(self, name, value);
    if (submodule) {
        return submodule < 0 ? -1 : 0;
    }
    return JsProxy_Type.tp_setattro(self, name, value);
}

static PyMemberDef module_members[] = {
    {"__dict__", Py_T_OBJECT_EX, offsetof(JsProxy, dict), Py_READONLY, NULL},
    {0},
};

PyTypeObject JsModule_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsModule",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object that was imported as a module.",
    .tp_getattro = module_getattro,
    .tp_setattro = module_setattro,
    .tp_members = module_members,
};

static PyObject *
module_proxy(PyObject *module, PyObject *args)
{
    PyObject *proxy;
    PyObject *attributes;
    if (!PyArg_ParseTuple(
            args, "O!O!:module_proxy", &JsProxy_Type, &proxy, &PyDict_Type, &attributes)) {
        return NULL;
    }
    PyObject *result = with_flags(proxy, BRIDGE_JS_FLAG_MODULE);
    if (result) {
        Py_XSETREF(((JsProxy *)result)->dict, Py_NewRef(attributes));
    }
    return result;
}

static PyMethodDef functions[] = {
    {"module_proxy", module_proxy, METH_VARARGS, "What import shows of a JavaScript object."},
    {0},
};

int
js_object_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
