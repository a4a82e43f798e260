/* What methods of Array need of a collections.abc.MutableSequence. Only its abstract methods are
   used: many of them, such as deque, know no slices. */
#include "py_operations.h"

static PyObject *
call_method(PyObject *object, const char *name, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *method = PyObject_GetAttrString(object, name);
    PyObject *result = method ? PyObject_Vectorcall(method, args, (size_t)nargs, NULL) : NULL;
    Py_XDECREF(method);
    return result;
}

PyObject *
py_sequence_append(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    if (PyList_CheckExact(object)) {
        return PyList_Append(object, args[0]) < 0 ? NULL : Py_NewRef(Py_None);
    }
    return call_method(object, "append", args, 1);
}

PyObject *
py_sequence_insert(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return call_method(object, "insert", args, 2);
}

PyObject *
py_sequence_delete_range(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t start = PyLong_AsSsize_t(args[0]);
    Py_ssize_t count = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (PyList_CheckExact(object)) {
        return PyList_SetSlice(object, start, start + count, NULL) < 0 ? NULL : Py_NewRef(Py_None);
    }
    for (; count > 0; count--) {
        if (PyObject_DelItem(object, args[0]) < 0) {
            return NULL;
        }
    }
    Py_RETURN_NONE;
}

PyObject *
py_sequence_reverse(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return call_method(object, "reverse", NULL, 0);
}
