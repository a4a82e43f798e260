/* Functions of JavaScript. */
#include "js_call.h"
#include "js_proxy_kinds.h"

static PyObject *
callable_new(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    return js_call_constructor(self, args, (size_t)nargs, kwnames);
}

/* As a function in the body of a class: what it is read from is `this`. */
static PyObject *
callable_descr_get(PyObject *self, PyObject *object, PyObject *type)
{
    if (!object || object == Py_None) {
        return Py_NewRef(self);
    }
    JsProxy *proxy = (JsProxy *)self;
    return js_proxy_new_method(bridge_js_copy(proxy->ref), proxy->flags, object);
}

#define FAST(function) (PyCFunction)(void (*)(void))(function), METH_FASTCALL | METH_KEYWORDS

static PyMethodDef callable_methods[] = {
    {
        "new",
        FAST(callable_new),
        "new(*args, **kwargs)\n\nCall it with JavaScript's `new`; keywords are one object at the "
        "end.",
    },
    {0},
};

PyTypeObject JsCallable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsCallable",
    .tp_basicsize = sizeof(JsProxy),
    .tp_vectorcall_offset = offsetof(JsProxy, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL
                | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "A JavaScript function. Keyword arguments are passed as one object at the end.",
    .tp_methods = callable_methods,
    .tp_descr_get = callable_descr_get,
};

static PyObject *
once_destroy(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_DESTROY, &slot, 0);
}

static PyMethodDef once_methods[] = {
    {"destroy", once_destroy, METH_NOARGS, "Give up the Python function, as a call would."},
    {0},
};

PyTypeObject JsOnceCallable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsOnceCallable",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "What create_once_callable() returns: a function that can be called once.",
    .tp_methods = once_methods,
};
