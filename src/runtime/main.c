#include "main.h"

#include "bridge.h"
#include "bridge_on_import.h"
#include "link.h"
#include "mmap.h"

#include <Python.h>
#include <stdio.h>

/* Initialises CPython as its own main does: all options and PYTHON* variables are its own. Returns
   its status. */
static PyStatus
initialize(int argc, char **argv)
{
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    PyStatus status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    return status;
}

/* Runs the main program. Returns the exit status; does not return after an error of the start. */
static int
run(int argc, char **argv)
{
    PyStatus status = initialize(argc, argv);
    if (PyStatus_IsExit(status)) {
        return status.exitcode;
    }
    if (PyStatus_Exception(status)) {
        Py_ExitStatusException(status);
    }
    if (coil_bridge_on_import() < 0) {
        PyErr_Print();
    }
    return Py_RunMain();
}

int
coil_main_run(int argc, char **argv)
{
    if (bridge_register() < 0) {
        return 1;
    }
    int status = run(argc, argv);
    coil_link_finish();
    /* libc's own streams: extension modules and ctypes may have printed. */
    fflush(NULL);
    coil_mmap_store_all();
    return status;
}
