#include "bridge_on_import.h"

#include <Python.h>
#include <stdbool.h>

/* Defined in bridge_on_import.js. Starts the bridge, which then finds the modules. Returns whether
   it could be. */
bool coil_bridge_begin_js(void);

#define NAME "_bridge_on_import"

/* Held by the thread that starts the bridge. What it imports meanwhile may come here again. */
static PyMutex starting;
static unsigned long starter;
static bool begun;

/* Modules that are the bridge's, and a package that reaches servers by it alone. http.client starts
   it by itself, when it is about to connect. */
static const char *const names[] = {"js", "pyodide_js", "httpx"};

static bool
needs_bridge(PyObject *name)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (PyUnicode_Check(name) && PyUnicode_EqualToUTF8(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* Returns 0, or -1 with ImportError. */
static int
start(void)
{
    PyObject *core = PyImport_ImportModule("_pyodide_core");
    Py_XDECREF(core); /* sys.modules keeps it */
    if (core && !coil_bridge_begin_js()) {
        PyErr_SetString(PyExc_ImportError, "the bridge to JavaScript did not start");
        return -1;
    }
    return core ? 0 : -1;
}

/* Starts the bridge, or waits while another thread does, unless it has been. Returns 0, or -1 with
   ImportError. */
static int
begin(void)
{
    if (begun || starter == PyThread_get_thread_ident()) {
        return 0;
    }
    PyMutex_Lock(&starting);
    int result = 0;
    if (!begun) {
        starter = PyThread_get_thread_ident();
        result = start();
        starter = 0;
        begun = true;
    }
    PyMutex_Unlock(&starting);
    return result;
}

/* find_spec(name, path=None, target=None) of the first finder. Finds nothing itself: the search
   goes on, also in the finder that the bridge adds. Returns a new reference to None, or NULL with
   ImportError. */
static PyObject *
find_spec(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs > 0 && needs_bridge(args[0]) && begin() < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* Starts the bridge for modules that use it without an import of JavaScript. Returns a new
   reference to None, or NULL with ImportError. */
static PyObject *
start_bridge(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (begin() < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"start_bridge", start_bridge, METH_NOARGS, "Start the bridge to JavaScript, once."},
    {
        "find_spec",
        (PyCFunction)(void (*)(void))find_spec,
        METH_FASTCALL,
        "Start the bridge when a module that needs it is imported; find nothing.",
    },
    {NULL, NULL, 0, NULL},
};

int
coil_bridge_on_import(void)
{
    PyObject *finders = PySys_GetObject("meta_path");
    PyObject *finder = PyImport_AddModuleRef(NAME);
    int result = -1;
    /* Whoever looks through the finders expects classes and objects, which know their module. */
    if (finder && finders && PyList_Check(finders) && PyModule_AddFunctions(finder, methods) == 0
        && PyModule_AddStringConstant(finder, "__module__", NAME) == 0) {
        result = PyList_Insert(finders, 0, finder);
    }
    Py_XDECREF(finder);
    return result;
}
