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

/* Modules that are the bridge's. A file of such a name comes first. */
static const char *const own[] = {"js", "pyodide_js", NULL};

/* Packages that reach servers by the bridge alone, which changes them while they are imported.
   http.client starts it by itself, when it is about to connect. */
static const char *const changed[] = {"httpx", "urllib3", NULL};

static bool
is_one_of(PyObject *name, const char *const *names)
{
    while (*names && !(PyUnicode_Check(name) && PyUnicode_EqualToUTF8(name, *names))) {
        names++;
    }
    return *names != NULL;
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

/* Starts the bridge when the module to be found is one of *names*. Finds nothing itself: the search
   goes on, also in the finder that the bridge adds. Returns a new reference to None, or NULL with
   ImportError. */
static PyObject *
begin_for(const char *const *names, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs > 0 && is_one_of(args[0], names) && begin() < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* find_spec(name, path=None, target=None) of the first finder; see begin_for(). */
static PyObject *
find_changed(PyObject *Py_UNUSED(self), PyObject *const *args, Py_ssize_t nargs)
{
    return begin_for(changed, args, nargs);
}

/* find_spec(name, path=None, target=None) of the last finder; see begin_for(). */
static PyObject *
find_own(PyObject *Py_UNUSED(self), PyObject *const *args, Py_ssize_t nargs)
{
    return begin_for(own, args, nargs);
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

#define FINDER(function, doc) \
    {"find_spec", (PyCFunction)(void (*)(void))(function), METH_FASTCALL, doc}

static PyMethodDef first_finder[] = {
    FINDER(find_changed, "Start the bridge before a package that it changes; find nothing."),
    {NULL, NULL, 0, NULL},
};

static PyMethodDef last_finder[] = {
    FINDER(find_own, "Start the bridge for a module that is no file; find nothing."),
    {"start_bridge", start_bridge, METH_NOARGS, "Start the bridge to JavaScript, once."},
    {NULL, NULL, 0, NULL},
};

/* Adds a finder, a module with these functions, before the others or after them. Returns 0, or -1
   with an exception. */
static int
add_finder(const char *name, PyMethodDef *functions, PyObject *finders, bool before)
{
    PyObject *finder = PyImport_AddModuleRef(name);
    int result = -1;
    /* Whoever looks through the finders expects classes and objects, which know their module. */
    if (finder && PyModule_AddFunctions(finder, functions) == 0
        && PyModule_AddStringConstant(finder, "__module__", name) == 0) {
        result = before ? PyList_Insert(finders, 0, finder) : PyList_Append(finders, finder);
    }
    Py_XDECREF(finder);
    return result;
}

int
coil_bridge_on_import(void)
{
    PyObject *finders = PySys_GetObject("meta_path");
    if (!finders || !PyList_Check(finders)
        || add_finder(NAME "_of_changed", first_finder, finders, true) < 0) {
        return -1;
    }
    return add_finder(NAME, last_finder, finders, false);
}
