/* Items of a dict as properties of its proxy. JavaScript's names are strings: "2" is the item of
   "2", or else that of 2. */
#include "py_operations.h"

/* An int of more digits than sys.set_int_max_str_digits() allows has no name, and none spells it.
   Returns 0 if that is what was raised, and clears it, otherwise -1. */
static int
clear_too_long(void)
{
    if (!PyErr_ExceptionMatches(PyExc_ValueError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

/* Returns a new reference to the int that `name` spells as Python would, or NULL without an
   exception when it spells none; NULL with one without memory. */
static PyObject *
int_of(PyObject *name)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    Py_ssize_t first = length > 1 && PyUnicode_READ_CHAR(name, 0) == '-';
    if (length == first) {
        return NULL;
    }
    if (PyUnicode_READ_CHAR(name, first) == '0' && length > 1) {
        return NULL;
    }
    for (Py_ssize_t i = first; i < length; i++) {
        Py_UCS4 digit = PyUnicode_READ_CHAR(name, i);
        if (digit < '0' || digit > '9') {
            return NULL;
        }
    }
    PyObject *number = PyLong_FromUnicodeObject(name, 10);
    if (!number) {
        clear_too_long();
    }
    return number;
}

/* Finds the item for a name. Returns its value and in `key` its key, both new references; NULL,
   with an exception set or not, when there is none. */
static PyObject *
find(PyObject *dict, PyObject *name, PyObject **key)
{
    *key = NULL;
    PyObject *value = PyDict_GetItemWithError(dict, name);
    if (value || PyErr_Occurred()) {
        *key = value ? Py_NewRef(name) : NULL;
        return Py_XNewRef(value);
    }
    PyObject *number = PyUnicode_Check(name) ? int_of(name) : NULL;
    value = number ? Py_XNewRef(PyDict_GetItemWithError(dict, number)) : NULL;
    if (value) {
        *key = number;
    }
    else {
        Py_XDECREF(number);
    }
    return value;
}

PyObject *
py_dict_get(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *key;
    PyObject *value = find(object, args[0], &key);
    Py_XDECREF(key);
    return value;
}

PyObject *
py_dict_has(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *value = py_dict_get(object, args, nargs);
    int found = value != NULL;
    Py_XDECREF(value);
    return PyErr_Occurred() ? NULL : PyBool_FromLong(found);
}

PyObject *
py_dict_set(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *key;
    PyObject *value = find(object, args[0], &key);
    int failed = PyErr_Occurred() || PyDict_SetItem(object, key ? key : args[0], args[1]) < 0;
    Py_XDECREF(key);
    Py_XDECREF(value);
    return failed ? NULL : Py_NewRef(Py_None);
}

PyObject *
py_dict_delete(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *key;
    PyObject *value = find(object, args[0], &key);
    int failed = key ? PyDict_DelItem(object, key) < 0 : PyErr_Occurred() != NULL;
    PyObject *result = failed ? NULL : PyBool_FromLong(key != NULL);
    Py_XDECREF(key);
    Py_XDECREF(value);
    return result;
}

/* Adds the name of a key that has one. Returns 0, or -1 with an exception set. */
static int
append_name(PyObject *names, PyObject *key)
{
    if (!PyUnicode_CheckExact(key) && !PyLong_CheckExact(key)) {
        return 0;
    }
    PyObject *name = PyObject_Str(key);
    if (!name) {
        return clear_too_long();
    }
    int failed = PyList_Append(names, name);
    Py_DECREF(name);
    return failed;
}

PyObject *
py_dict_keys(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *names = PyList_New(0);
    Py_ssize_t position = 0;
    PyObject *key;
    int failed = !names;
    while (!failed && PyDict_Next(object, &position, &key, NULL)) {
        failed = append_name(names, key);
    }
    if (failed) {
        Py_XDECREF(names);
        return NULL;
    }
    return names;
}
