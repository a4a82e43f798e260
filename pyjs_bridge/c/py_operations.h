/* Operations on Python objects by number; families of them are in files of their own. */
#ifndef COIL_BRIDGE_PY_OPERATIONS_H
#define COIL_BRIDGE_PY_OPERATIONS_H

#include <Python.h>

typedef struct {
    /* Returns a new reference, or NULL with an exception set; the values are borrowed. */
    PyObject *(*run)(PyObject *object, PyObject *const *args, Py_ssize_t nargs);
    int nargs; /* at least */
} py_operation;

#endif
