/* The questions whether a thread may wait for another one, and whether there can be any, as CPython
   asks them. */

#include "fiber_wait.h"
#include "suspend.h"

#include <errno.h>

/* Called by CPython (pycore_pythread.h). Each returns 0, or -1 with a RuntimeError raised. */
int _Py_EmscriptenCheckBlocking(void);
int _Py_EmscriptenCheckThreads(void);
int _Py_EmscriptenRaiseRefusal(void);

static void
set_error(void)
{
    PyErr_SetString(
        PyExc_RuntimeError,
        coil_suspend_supported()
            ? "cannot block here: JavaScript called Python synchronously, and no other "
              "thread can run before this call returns; have it call through "
              "callPromising() or runPythonAsync()"
            : "cannot block: this JavaScript engine cannot suspend WebAssembly (JSPI); use "
              "await, or a newer engine (Node 24.21, Chromium 137, Firefox 153)");
}

int
_Py_EmscriptenCheckBlocking(void)
{
    if (coil_suspend_allowed()) {
        return 0;
    }
    set_error();
    return -1;
}

bool
coil_fiber_waits_in_vain(void)
{
    return !coil_suspend_allowed() && coil_suspend_supported();
}

/* A system call was refused its wait, and nobody has asked why. */
static bool refused;

int
coil_fiber_refuse(int otherwise)
{
    refused = !refused;
    return refused ? EINTR : otherwise;
}

int
_Py_EmscriptenRaiseRefusal(void)
{
    if (!refused) {
        return 0;
    }
    refused = false;
    set_error();
    return -1;
}

int
_Py_EmscriptenCheckThreads(void)
{
    if (coil_suspend_supported()) {
        return 0;
    }
    PyErr_SetString(PyExc_RuntimeError,
                    "can't start new thread: this JavaScript engine cannot suspend WebAssembly "
                    "(JSPI), as Node 24.21, Chromium 137 and Firefox 153 can");
    return -1;
}
