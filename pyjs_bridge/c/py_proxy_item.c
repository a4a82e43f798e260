/* Items of containers: get(), set(), delete(), has() and length of a proxy. */
#include "py_operations.h"

PyObject *
py_item_length(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t length = PyObject_Size(object);
    return length < 0 ? NULL : PyLong_FromSsize_t(length);
}

PyObject *
py_item_get(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *item = PyObject_GetItem(object, args[0]);
    if (!item && PyErr_ExceptionMatches(PyExc_LookupError)) {
        PyErr_Clear();
    }
    return item;
}

PyObject *
py_item_set(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_SetItem(object, args[0], args[1]) < 0 ? NULL : Py_NewRef(Py_None);
}

PyObject *
py_item_delete(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_DelItem(object, args[0]) < 0 ? NULL : Py_NewRef(Py_None);
}

PyObject *
py_item_contains(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    int found = PySequence_Contains(object, args[0]);
    return found < 0 ? NULL : PyBool_FromLong(found);
}
