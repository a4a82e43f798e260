/* The base of all kinds of JsProxy: identity, attributes, text. What a value can do besides is in
   the types of js_proxy_types.c, one file for each kind. */
#define Py_BUILD_CORE
#include "js_proxy.h"

#include "convert.h"
#include "errors.h"
#include "js_call.h"
#include "js_exception.h"
#include "names.h"

#include <internal/pycore_object.h>
#include <internal/pycore_typeobject.h>
#include <structmember.h>

/* --- life --- */

PyObject *
js_proxy_new_method(int32_t ref, uint32_t flags, PyObject *receiver)
{
    PyTypeObject *type = js_proxy_type_for(flags);
    JsProxy *self = type ? (JsProxy *)type->tp_alloc(type, 0) : NULL;
    if (!self) {
        bridge_js_release(ref);
        return NULL;
    }
    self->ref = ref;
    self->flags = flags;
    self->receiver = Py_XNewRef(receiver);
    self->vectorcall = js_call_function;
    return (PyObject *)self;
}

PyObject *
js_proxy_new(int32_t ref, uint32_t flags)
{
    return js_proxy_new_method(ref, flags, NULL);
}

static int
proxy_traverse(PyObject *op, visitproc visit, void *arg)
{
    JsProxy *self = (JsProxy *)op;
    if (PyType_HasFeature(Py_TYPE(op), Py_TPFLAGS_HEAPTYPE)) {
        Py_VISIT(Py_TYPE(op));
    }
    Py_VISIT(self->receiver);
    Py_VISIT(self->extra);
    Py_VISIT(self->dict);
    return 0;
}

static int
proxy_clear(PyObject *op)
{
    JsProxy *self = (JsProxy *)op;
    Py_CLEAR(self->receiver);
    Py_CLEAR(self->extra);
    Py_CLEAR(self->dict);
    return 0;
}

static void
proxy_dealloc(PyObject *op)
{
    JsProxy *self = (JsProxy *)op;
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs(op);
    }
    if (self->ref) {
        bridge_js_release(self->ref);
    }
    proxy_clear(op);
    type->tp_free(op);
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        Py_DECREF(type);
    }
}

int32_t
js_proxy_ref(PyObject *object)
{
    if (JsProxy_Check(object)) {
        return ((JsProxy *)object)->ref;
    }
    if (js_exception_check(object)) {
        PyObject *error = js_exception_error(object);
        return error ? ((JsProxy *)error)->ref : 0;
    }
    return 0;
}

/* --- attributes --- */

static PyObject *
missing_attribute(PyObject *self, PyObject *name)
{
    PyErr_Format(PyExc_AttributeError, "%U", name);
    return NULL;
}

static PyObject *
get_property(JsProxy *self, PyObject *name)
{
    bridge_slot slot;
    int number = bridge_name_number(name);
    if (number < 0) {
        return NULL;
    }
    int kind = bridge_js_get(self->ref, number, &slot);
    if (kind < 0) {
        return missing_attribute((PyObject *)self, name);
    }
    if (kind == BRIDGE_KIND_JSREF && (slot.extra & BRIDGE_JS_FLAG_CALLABLE)) {
        return js_proxy_new_method(slot.ref, slot.extra, (PyObject *)self);
    }
    return bridge_from_slot(&slot);
}

/* The names of the Python side come first: methods such as to_py(), and what the interpreter asks
   for. */
static PyObject *
proxy_getattro(PyObject *self, PyObject *name)
{
    if (_PyType_Lookup(Py_TYPE(self), name)) {
        return PyObject_GenericGetAttr(self, name);
    }
    return get_property((JsProxy *)self, name);
}

/* Returns 0, or -1 with an exception set; steals nothing. */
static int
set_property(JsProxy *self, PyObject *name, PyObject *value)
{
    bridge_slot slot;
    int number = bridge_name_number(name);
    if (number < 0 || bridge_to_slot(value, &slot) < 0) {
        return -1;
    }
    if (bridge_js_set(self->ref, number, &slot) != BRIDGE_KIND_NONE) {
        bridge_raise_slot(&slot);
        return -1;
    }
    return 0;
}

static int
delete_property(PyObject *self, PyObject *name)
{
    bridge_slot slot;
    bridge_text_to_slot(name, &slot);
    PyObject *result = js_proxy_operate(self, BRIDGE_JS_OP_DELETE, &slot, 1);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static int
proxy_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *descriptor = _PyType_Lookup(Py_TYPE(self), name);
    if (descriptor && Py_TYPE(descriptor)->tp_descr_set) {
        return PyObject_GenericSetAttr(self, name, value);
    }
    if (!value) {
        return delete_property(self, name);
    }
    return set_property((JsProxy *)self, name, value);
}

/* --- operations --- */

PyObject *
js_proxy_operate(PyObject *self, int op, bridge_slot *slots, int nargs)
{
    bridge_js_operate(op, ((JsProxy *)self)->ref, slots, nargs);
    return bridge_from_slot(slots);
}

static PyObject *
proxy_str(PyObject *self)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_TO_STRING, &slot, 0);
}

static PyObject *
proxy_richcompare(PyObject *self, PyObject *other, int op)
{
    int32_t theirs = js_proxy_ref(other);
    if (op == Py_EQ || op == Py_NE) {
        int same = theirs && bridge_js_same(((JsProxy *)self)->ref, theirs);
        return PyBool_FromLong((op == Py_EQ) == same);
    }
    bridge_slot slots[2] = {{.kind = BRIDGE_KIND_INT, .integer = op}};
    if (bridge_to_slot(other, &slots[1]) < 0) {
        return NULL;
    }
    return js_proxy_operate(self, BRIDGE_JS_OP_COMPARE, slots, 2);
}

static PyObject *
proxy_typeof(PyObject *self, void *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_TYPEOF, &slot, 0);
}

static PyObject *
proxy_dir(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    PyObject *text = js_proxy_operate(self, BRIDGE_JS_OP_OWN_KEYS, &slot, 0);
    PyObject *separator = text ? PyUnicode_FromOrdinal(0) : NULL;
    PyObject *names = separator ? PyUnicode_Split(text, separator, -1) : NULL;
    PyObject *own = names
                        ? PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__dir__", "O", self)
                        : NULL;
    if (own && PyList_SetSlice(names, PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, own) < 0) {
        Py_CLEAR(names);
    }
    Py_XDECREF(own);
    Py_XDECREF(separator);
    Py_XDECREF(text);
    return names;
}

static PyMethodDef proxy_methods[] = {
    {"__dir__", proxy_dir, METH_NOARGS, NULL},
    {0},
};

static PyGetSetDef proxy_getset[] = {
    {"typeof", proxy_typeof, NULL, "What JavaScript's typeof says.", NULL},
    {0},
};

PyDoc_STRVAR(proxy_doc, "A JavaScript value. Attributes are its properties.");

PyTypeObject JsProxy_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsProxy",
    .tp_basicsize = sizeof(JsProxy),
    .tp_dealloc = proxy_dealloc,
    .tp_vectorcall_offset = offsetof(JsProxy, vectorcall),
    .tp_repr = proxy_str,
    .tp_str = proxy_str,
    .tp_getattro = proxy_getattro,
    .tp_setattro = proxy_setattro,
    .tp_richcompare = proxy_richcompare,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC
                | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = proxy_doc,
    .tp_traverse = proxy_traverse,
    .tp_clear = proxy_clear,
    .tp_weaklistoffset = offsetof(JsProxy, weakrefs),
    .tp_methods = proxy_methods,
    .tp_getset = proxy_getset,
};

int
js_proxy_init(PyObject *module)
{
    return PyModule_AddType(module, &JsProxy_Type);
}
