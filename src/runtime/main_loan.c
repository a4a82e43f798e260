#include "main_loan.h"

#include "fiber.h"

static struct {
    bool taken;
    PyObject *context;
    _PyErr_StackItem *handled;
    _PyErr_StackItem none;
} loan;

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
    loan.taken = false;
    Py_XDECREF(used);
    Py_CLEAR(loan.none.exc_value);
}
