#include "boot.h"

#define Py_BUILD_CORE 1 /* the configuration in effect is read, which no public function gives */
#include <Python.h>
#include <internal/pycore_pystate.h>

#include "bridge.h"
#include "signals.h"

#include <stdio.h>

/* What the last failed start was about. */
static char failure[400];

/* Puts the message of a status that is no success into `failure`. Returns it. */
static const char *
failure_of(PyStatus status)
{
    if (PyStatus_IsExit(status)) {
        snprintf(failure,
                 sizeof(failure),
                 "an option of `args` ended it with the status %d",
                 status.exitcode);
    }
    else {
        snprintf(failure,
                 sizeof(failure),
                 "%s%s%s",
                 status.func ? status.func : "",
                 status.func ? ": " : "",
                 status.err_msg ? status.err_msg : "no reason given");
    }
    return failure;
}

/* Puts the message of the raised exception into `failure` and clears it. Returns `failure`. */
static const char *
failure_of_exception(const char *what)
{
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *text = exception ? PyObject_Str(exception) : NULL;
    const char *utf8 = text ? PyUnicode_AsUTF8(text) : NULL;
    snprintf(failure,
             sizeof(failure),
             "%s: %s: %s",
             what,
             exception ? Py_TYPE(exception)->tp_name : "no exception",
             utf8 ? utf8 : "?");
    Py_XDECREF(text);
    Py_XDECREF(exception);
    PyErr_Clear();
    return failure;
}

/* Initialises CPython. Returns its status. */
static PyStatus
initialize(int argc, char **argv)
{
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.parse_argv = 1;
    /* Each start has a new file system in memory: what is cached there is never read again. */
    config.write_bytecode = 0;
    PyStatus status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) {
        status = PyConfig_SetBytesString(&config, &config.executable, argv[0]);
    }
    if (!PyStatus_Exception(status)) {
        /* The process is another program's: only what Python code asks for later changes how it
           takes signals, not what CPython ignores at its start. */
        coil_signal_bind_host(false);
        status = Py_InitializeFromConfig(&config);
        coil_signal_bind_host(true);
    }
    PyConfig_Clear(&config);
    return status;
}

/* Makes each line of output appear when it is complete: nobody flushes when JavaScript gets control
   back. Returns 0, or -1 with an exception. */
static int
buffer_by_line(const char *name)
{
    PyObject *stream = PySys_GetObject(name);
    if (!stream || stream == Py_None) {
        return 0;
    }
    PyObject *reconfigure = PyObject_GetAttrString(stream, "reconfigure");
    PyObject *arguments = reconfigure ? PyTuple_New(0) : NULL;
    PyObject *keywords = arguments ? Py_BuildValue("{s:O}", "line_buffering", Py_True) : NULL;
    PyObject *result = keywords ? PyObject_Call(reconfigure, arguments, keywords) : NULL;
    Py_XDECREF(keywords);
    Py_XDECREF(arguments);
    Py_XDECREF(reconfigure);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

/* Has modules be found in the working directory, as in an interactive session: that is where a
   program puts its files. Returns 0, or -1 with an exception. */
static int
search_working_directory(void)
{
    if (_Py_GetConfig()->safe_path) {
        return 0;
    }
    PyObject *path = PySys_GetObject("path");
    PyObject *here = PyUnicode_FromString("");
    int result = here && path && PyList_Check(path) ? PyList_Insert(path, 0, here) : -1;
    Py_XDECREF(here);
    return result;
}

/* Makes the bridge ready to be called. Returns 0, or -1 with an exception. */
static int
load_bridge(void)
{
    PyObject *core = PyImport_ImportModule("_pyodide_core");
    Py_XDECREF(core); /* sys.modules keeps it */
    return core ? 0 : -1;
}

PyThreadState *
coil_boot_main_thread(void)
{
    return _PyRuntime.main_tstate;
}

const char *
coil_boot_run(int argc, char **argv)
{
    if (bridge_register() < 0) {
        return "no memory";
    }
    PyStatus status = initialize(argc, argv);
    if (PyStatus_Exception(status)) {
        return failure_of(status);
    }
    if (buffer_by_line("stdout") < 0 || search_working_directory() < 0 || load_bridge() < 0) {
        return failure_of_exception("after the start");
    }
    return NULL;
}
