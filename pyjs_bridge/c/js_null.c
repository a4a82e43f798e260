#define Py_BUILD_CORE
#include "js_null.h"

#include <internal/pycore_object.h>

static PyObject *
null_repr(PyObject *self)
{
    return PyUnicode_FromString("jsnull");
}

static PyObject *
null_reduce(PyObject *self, PyObject *unused)
{
    /* A name: unpickling looks it up in the module, so that it stays the one instance. */
    return PyUnicode_FromString("jsnull");
}

static int
null_bool(PyObject *self)
{
    return 0;
}

static PyObject *
null_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) || (kwargs && PyDict_GET_SIZE(kwargs))) {
        PyErr_SetString(PyExc_TypeError, "JsNull takes no arguments");
        return NULL;
    }
    return Py_NewRef(&bridge_js_null);
}

static PyMethodDef null_methods[] = {
    {"__reduce__", null_reduce, METH_NOARGS, NULL},
    {0},
};

static PyNumberMethods null_number = {
    .nb_bool = null_bool,
};

PyDoc_STRVAR(null_doc, "The type of jsnull, which is JavaScript's null. Falsy, and not None.");

PyTypeObject JsNull_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsNull",
    .tp_basicsize = sizeof(PyObject),
    .tp_repr = null_repr,
    .tp_as_number = &null_number,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = null_doc,
    .tp_methods = null_methods,
    .tp_new = null_new,
};

PyObject bridge_js_null = _PyObject_HEAD_INIT(&JsNull_Type);

int
js_null_init(PyObject *module)
{
    if (PyModule_AddType(module, &JsNull_Type) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "jsnull", &bridge_js_null);
}
