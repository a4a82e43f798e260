/* Python on the bridge is entered by plain calls, which cannot wait for JavaScript. */
#include "blocking.h"

static PyObject *
can_run_sync(PyObject *module, PyObject *unused)
{
    Py_RETURN_FALSE;
}

static PyObject *
run_sync(PyObject *module, PyObject *awaitable)
{
    PyErr_SetString(PyExc_RuntimeError,
                    "cannot block here: Python was called from JavaScript by a plain call; use "
                    "await in an async function or in runPythonAsync()");
    return NULL;
}

PyDoc_STRVAR(can_run_sync_doc, "can_run_sync()\n--\n\nWhether run_sync() works here and now.");
PyDoc_STRVAR(run_sync_doc, "run_sync(awaitable, /)\n--\n\n"
                           "Block until the awaitable is done; return its value or raise.\n\n"
                           "Raises RuntimeError where Python cannot block.");

static PyMethodDef methods[] = {
    {"can_run_sync", can_run_sync, METH_NOARGS, can_run_sync_doc},
    {"run_sync", run_sync, METH_O, run_sync_doc},
    {0},
};

int
bridge_blocking_init(PyObject *module)
{
    return PyModule_AddFunctions(module, methods);
}
