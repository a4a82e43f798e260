/* Awaitables: asyncio runs them, and a function of JavaScript hears when they are done. */
#include "py_operations.h"

PyObject *
py_await_schedule(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *asyncio = PyImport_ImportModule("asyncio");
    PyObject *future = asyncio ? PyObject_CallMethod(asyncio, "ensure_future", "O", object) : NULL;
    PyObject *result = future ? PyObject_CallMethod(future, "add_done_callback", "O", args[0])
                              : NULL;
    Py_XDECREF(future);
    Py_XDECREF(asyncio);
    return result;
}

PyObject *
py_await_result(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_CallMethod(object, "result", NULL);
}
