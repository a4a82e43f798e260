/* Which type a JavaScript value has in Python: one for each combination of what it can do. */
#include "js_proxy.h"

/* The kind of value that can be called: it has tp_call, which JsProxy itself has not. */
static PyTypeObject JsCallable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsCallable",
    .tp_basicsize = sizeof(JsProxy),
    .tp_vectorcall_offset = offsetof(JsProxy, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL
                | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

PyTypeObject *
js_proxy_type_for(uint32_t flags)
{
    return flags & BRIDGE_JS_FLAG_CALLABLE ? &JsCallable_Type : &JsProxy_Type;
}

int
js_proxy_types_init(PyObject *module)
{
    JsCallable_Type.tp_base = &JsProxy_Type;
    return PyModule_AddType(module, &JsCallable_Type);
}
