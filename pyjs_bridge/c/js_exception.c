/* An Exception cannot have JsProxy's layout, so it holds one and passes attributes on to it. */
#include "js_exception.h"

#include "js_proxy.h"

#include <structmember.h>

typedef struct {
    PyBaseExceptionObject base;
    PyObject *error; /* JsProxy, or NULL */
} JsException;

PyObject *
js_exception_new(PyObject *error, PyObject *text)
{
    PyObject *exception = PyObject_CallOneArg((PyObject *)&JsException_Type, text);
    if (exception) {
        ((JsException *)exception)->error = Py_NewRef(error);
    }
    return exception;
}

PyObject *
js_exception_error(PyObject *exception)
{
    return ((JsException *)exception)->error;
}

static int
exception_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((JsException *)self)->error);
    return ((PyTypeObject *)PyExc_Exception)->tp_traverse(self, visit, arg);
}

static int
exception_clear(PyObject *self)
{
    Py_CLEAR(((JsException *)self)->error);
    return ((PyTypeObject *)PyExc_Exception)->tp_clear(self);
}

static void
exception_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(((JsException *)self)->error);
    ((PyTypeObject *)PyExc_Exception)->tp_dealloc(self);
}

/* Python's own attributes first: args, __traceback__, add_note; then those of the error. */
static PyObject *
exception_getattro(PyObject *self, PyObject *name)
{
    PyObject *error = ((JsException *)self)->error;
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found || !error || !PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return found;
    }
    PyErr_Clear();
    return PyObject_GetAttr(error, name);
}

static PyObject *
exception_richcompare(PyObject *self, PyObject *other, int op)
{
    PyObject *mine = ((JsException *)self)->error;
    PyObject *theirs = js_exception_check(other) ? ((JsException *)other)->error : other;
    if (!mine || !theirs || (op != Py_EQ && op != Py_NE)) {
        return PyBaseObject_Type.tp_richcompare(self, other, op);
    }
    return PyObject_RichCompare(mine, theirs, op);
}

static PyMemberDef exception_members[] = {
    {"js_error", Py_T_OBJECT_EX, offsetof(JsException, error), Py_READONLY, "The thrown value."},
    {0},
};

PyDoc_STRVAR(exception_doc,
             "A value that JavaScript has thrown. Attributes are those of the error:\n"
             "name, message, stack; js_error is the error itself.");

PyTypeObject JsException_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsException",
    .tp_basicsize = sizeof(JsException),
    .tp_dealloc = exception_dealloc,
    .tp_getattro = exception_getattro,
    .tp_richcompare = exception_richcompare,
    .tp_hash = (hashfunc)_Py_HashPointer,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = exception_doc,
    .tp_traverse = exception_traverse,
    .tp_clear = exception_clear,
    .tp_members = exception_members,
};

int
js_exception_init(PyObject *module)
{
    JsException_Type.tp_base = (PyTypeObject *)PyExc_Exception;
    return PyModule_AddType(module, &JsException_Type);
}
