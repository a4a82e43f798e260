/* The base of all kinds of JsProxy: identity, attributes, text. What a value can do besides is in
   the types of js_proxy_types.c, one file for each kind. */
#define Py_BUILD_CORE
#include "js_proxy.h"

#include "convert.h"
#include "errors.h"
#include "js_call.h"
#include "js_exception.h"
#include "js_method.h"
#include "js_proxy_kinds.h"
#include "names.h"

#include <internal/pycore_object.h>
#include <internal/pycore_typeobject.h>
#include <stdbool.h>
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
    PyObject *self = js_proxy_new_method(ref, flags, NULL);
    if (!self || !(flags & BRIDGE_JS_FLAG_ERROR)) {
        return self;
    }
    PyObject *exception = js_exception_from_proxy(self);
    Py_DECREF(self);
    return exception;
}

int
js_proxy_traverse(PyObject *op, visitproc visit, void *arg)
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

int
js_proxy_clear(PyObject *op)
{
    JsProxy *self = (JsProxy *)op;
    Py_CLEAR(self->receiver);
    Py_CLEAR(self->extra);
    Py_CLEAR(self->dict);
    return 0;
}

void
js_proxy_dealloc(PyObject *op)
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
    js_proxy_clear(op);
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
    PyErr_SetObject(PyExc_AttributeError, name);
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
    /* Number 0 is any name that is not kept: another one by the time of the call. */
    int kind = number && js_method_is_wanted(name) ? bridge_js_get_method(self->ref, number, &slot)
                                                   : bridge_js_get(self->ref, number, &slot);
    if (kind < 0) {
        return missing_attribute((PyObject *)self, name);
    }
    if (kind == BRIDGE_KIND_METHOD) {
        return js_method_new((PyObject *)self, number, slot.integer);
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
    PyObject *spelling = bridge_name_spelled(name);
    if (!spelling) {
        return -1;
    }
    bridge_text_to_slot(spelling, &slot);
    int result = js_proxy_do(self, BRIDGE_JS_OP_DELETE, &slot, 1);
    Py_DECREF(spelling);
    return result;
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

int
js_proxy_find(PyObject *self, int op, bridge_slot *slots, int nargs, PyObject **result)
{
    if (bridge_js_operate(op, ((JsProxy *)self)->ref, slots, nargs) == BRIDGE_KIND_MISSING) {
        *result = NULL;
        return 0;
    }
    *result = bridge_from_slot(slots);
    return *result ? 1 : -1;
}

int
js_proxy_do(PyObject *self, int op, bridge_slot *slots, int nargs)
{
    PyObject *result;
    int found = js_proxy_find(self, op, slots, nargs, &result);
    Py_XDECREF(result);
    return found < 0 ? -1 : 0;
}

int
js_proxy_put_values(PyObject *const *values, int count, bridge_slot *slots)
{
    for (int i = 0; i < count; i++) {
        if (bridge_to_slot(values[i], &slots[i]) == 0) {
            continue;
        }
        while (i-- > 0) {
            if (slots[i].kind == BRIDGE_KIND_PYREF) {
                Py_DECREF(slots[i].object);
            }
            else if (slots[i].kind == BRIDGE_KIND_BIGINT) {
                Py_DECREF(slots[i].text.owner);
            }
        }
        return -1;
    }
    return 0;
}

#define FEW 3

PyObject *
js_proxy_operate_on(PyObject *self, int op, PyObject *const *values, int count)
{
    bridge_slot slots[FEW];
    if (js_proxy_put_values(values, count, slots) < 0) {
        return NULL;
    }
    return js_proxy_operate(self, op, slots, count);
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

static PyGetSetDef proxy_getset[] = {
    {
        "js_id",
        js_object_id,
        NULL,
        "A number that is the same for the same JavaScript object.",
        NULL,
    },
    {"typeof", proxy_typeof, NULL, "What JavaScript's typeof says.", NULL},
    {0},
};

PyDoc_STRVAR(proxy_doc, "A JavaScript value. Attributes are its properties.");

PyTypeObject JsProxy_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsProxy",
    .tp_basicsize = sizeof(JsProxy),
    .tp_dealloc = js_proxy_dealloc,
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
    .tp_traverse = js_proxy_traverse,
    .tp_clear = js_proxy_clear,
    .tp_weaklistoffset = offsetof(JsProxy, weakrefs),
    .tp_methods = js_object_methods,
    .tp_getset = proxy_getset,
};

/* --- isinstance --- */

/* An exception cannot have JsProxy's layout, but is a JsProxy of an error all the same. */
static PyObject *
meta_instancecheck(PyObject *class, PyObject *object)
{
    bool is_any = class == (PyObject *)&JsProxy_Type || js_proxy_is_undistinguished(class);
    bool result = PyObject_TypeCheck(object, (PyTypeObject *)class)
                  || (is_any && (JsProxy_Check(object) || js_exception_check(object)));
    return PyBool_FromLong(result);
}

static bool
is_exception_class(PyObject *class)
{
    return PyType_Check(class) && PyType_IsSubtype((PyTypeObject *)class, &JsException_Type);
}

static PyObject *
meta_subclasscheck(PyObject *class, PyObject *other)
{
    if (class == (PyObject *)&JsProxy_Type && is_exception_class(other)) {
        Py_RETURN_TRUE;
    }
    return PyObject_CallMethod((PyObject *)&PyType_Type, "__subclasscheck__", "OO", class, other);
}

static PyMethodDef meta_methods[] = {
    {"__instancecheck__", meta_instancecheck, METH_O, NULL},
    {"__subclasscheck__", meta_subclasscheck, METH_O, NULL},
    {0},
};

PyDoc_STRVAR(meta_doc, "The type of the types of JavaScript values.");

PyTypeObject JsProxyMeta_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsProxyMeta",
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = meta_doc,
    .tp_methods = meta_methods,
};

int
js_proxy_init(PyObject *module)
{
    JsProxyMeta_Type.tp_base = &PyType_Type;
    if (PyType_Ready(&JsProxyMeta_Type) < 0) {
        return -1;
    }
    Py_SET_TYPE(&JsProxy_Type, &JsProxyMeta_Type);
    return PyModule_AddType(module, &JsProxy_Type);
}
