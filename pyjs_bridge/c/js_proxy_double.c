/* Proxies of PyProxies that stay what they are: what create_proxy() returns. */
#include "js_proxy_kinds.h"

static PyObject *
double_destroy(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_DESTROY, &slot, 0);
}

static PyObject *
double_unwrap(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_UNWRAP, &slot, 0);
}

static PyMethodDef double_methods[] = {
    {"destroy", double_destroy, METH_NOARGS, "Destroy the proxy that JavaScript has."},
    {"unwrap", double_unwrap, METH_NOARGS, "The Python object."},
    {0},
};

PyTypeObject JsDoubleProxy_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsDoubleProxy",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "What create_proxy() returns: a Python object as JavaScript has it.",
    .tp_methods = double_methods,
};

PyTypeObject JsCallableDoubleProxy_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsCallableDoubleProxy",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "What create_proxy() returns for a callable.",
};
