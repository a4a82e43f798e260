#define Py_BUILD_CORE
#include "depth.h"

#include <Python.h>

#include <internal/pycore_ceval.h>

/* Frames of JavaScript between two of C: the caller, its proxy, the bridge, the callee; see
   src/runtime/stack_guard.c for the size of a level. */
#define LEVELS 5

int
bridge_enter(const char *where)
{
    PyThreadState *tstate = _PyThreadState_GET();
    if (_Py_EnterRecursiveCallTstate(tstate, where)) {
        return -1;
    }
    tstate->c_recursion_remaining -= LEVELS - 1;
    return 0;
}

void
bridge_leave(void)
{
    PyThreadState *tstate = _PyThreadState_GET();
    tstate->c_recursion_remaining += LEVELS - 1;
    _Py_LeaveRecursiveCallTstate(tstate);
}
