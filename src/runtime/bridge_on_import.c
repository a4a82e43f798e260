#include "bridge_on_import.h"

#include <Python.h>
#include <stdbool.h>

/* Defined in bridge_on_import.js. Starts the bridge, which then finds the modules. Returns whether
   it could be. */
bool coil_bridge_begin_js(void);

#define NAME "bridge_on_import"

static bool begun;

static bool
is_of_bridge(PyObject *name)
{
    return PyUnicode_Check(name)
           && (PyUnicode_EqualToUTF8(name, "js") || PyUnicode_EqualToUTF8(name, "pyodide_js"));
}

/* Starts the bridge. Returns 0, or -1 with ImportError. */
static int
begin(void)
{
    begun = true;
    PyObject *core = PyImport_ImportModule("_pyodide_core");
    Py_XDECREF(core); /* sys.modules keeps it */
    if (core && !coil_bridge_begin_js()) {
        PyErr_SetString(PyExc_ImportError, "the bridge to JavaScript did not start");
        return -1;
    }
    return core ? 0 : -1;
}

/* find_spec(name, path=None, target=None) of a finder. Finds nothing itself: the bridge adds its
   own finder to sys.meta_path, behind this one, where the search goes on. Returns a new reference
   to None, or NULL with ImportError. */
static PyObject *
find_spec(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs > 0 && !begun && is_of_bridge(args[0]) && begin() < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {
        "find_spec",
        (PyCFunction)(void (*)(void))find_spec,
        METH_FASTCALL,
        "Start the bridge when a module of JavaScript's is imported; find nothing.",
    },
    {NULL, NULL, 0, NULL},
};

int
coil_bridge_on_import(void)
{
    PyObject *finders = PySys_GetObject("meta_path");
    PyObject *finder = PyModule_New(NAME);
    int result = -1;
    /* Whoever looks through the finders expects classes and objects, which know their module. */
    if (finder && finders && PyList_Check(finders) && PyModule_AddFunctions(finder, methods) == 0
        && PyModule_AddStringConstant(finder, "__module__", NAME) == 0) {
        result = PyList_Append(finders, finder);
    }
    Py_XDECREF(finder);
    return result;
}
