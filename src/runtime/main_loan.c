#define Py_BUILD_CORE
#include "main_loan.h"

#include "fiber.h"

#include <internal/pycore_ceval.h>
#include <internal/pycore_runtime.h>
#include <internal/pycore_signal.h>

static struct {
    bool taken;
    PyObject *context;
    _PyErr_StackItem *handled;
    _PyErr_StackItem none;
    uint64_t tripped; /* signals of the main program, one bit for each */
} loan;
_Static_assert(Py_NSIG <= 65, "one bit for each signal");

/* What another thread raised is the main program's to handle when it goes on: a guest that happens
   to run before would be interrupted in its place. Rejected: a check in CPython of who runs, at
   each of the three places where it looks for signals. */
static void
put_signals_aside(PyThreadState *thread)
{
    if (!_PyRuntime.signals.is_tripped) {
        return;
    }
    for (int signum = 1; signum < Py_NSIG; signum++) {
        if (_PyRuntime.signals.handlers[signum].tripped) {
            _PyRuntime.signals.handlers[signum].tripped = 0;
            loan.tripped |= UINT64_C(1) << (signum - 1);
        }
    }
    _PyRuntime.signals.is_tripped = 0;
    _Py_unset_eval_breaker_bit(thread, _PY_SIGNALS_PENDING_BIT);
}

static void
bring_signals_back(PyThreadState *thread)
{
    if (!loan.tripped) {
        return;
    }
    while (loan.tripped) {
        int signum = __builtin_ctzll(loan.tripped) + 1;
        loan.tripped &= loan.tripped - 1;
        _PyRuntime.signals.handlers[signum].tripped = 1;
    }
    _PyRuntime.signals.is_tripped = 1;
    _Py_set_eval_breaker_bit(thread, _PY_SIGNALS_PENDING_BIT);
}

bool
coil_main_loan_take(bool suspended)
{
    bool is_guest = suspended || coil_fiber_main_holder() != coil_fiber_main();
    if (loan.taken || !is_guest) {
        return false;
    }
    PyThreadState *thread = PyThreadState_GetUnchecked();
    if (!thread) {
        return false; /* there is no Python yet */
    }
    loan.taken = true;
    loan.context = thread->context;
    loan.handled = thread->exc_info;
    loan.none = (_PyErr_StackItem){.exc_value = NULL, .previous_item = NULL};
    thread->context = NULL;
    thread->context_ver++;
    thread->exc_info = &loan.none;
    put_signals_aside(thread);
    return true;
}

void
coil_main_loan_give_back(void)
{
    PyThreadState *thread = PyThreadState_Get();
    PyObject *used = thread->context;
    thread->context = loan.context;
    thread->context_ver++;
    thread->exc_info = loan.handled;
    bring_signals_back(thread);
    loan.taken = false;
    Py_XDECREF(used);
    Py_CLEAR(loan.none.exc_value);
}
