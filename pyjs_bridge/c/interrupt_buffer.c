/* Signals that JavaScript puts into a buffer, which another thread may share. */
#include "convert.h"
#include "fiber_call.h"
#include "fiber_wait.h"
#include "interrupt.h"
#include "signals.h"

#include <signal.h>
#include <stdbool.h>

/* A suspended program is told by a signal as natively, which ends its wait. Only by those that
   Python has a handler for: the default action of others is to end a process. */
static void
wake_main_with(int signum)
{
    PyOS_sighandler_t handler = PyOS_getsig(signum);
    if (handler != SIG_DFL && handler != SIG_IGN) {
        coil_signal_post(signum);
        coil_fiber_wake_main();
    }
}

/* Ctrl-C is for whom a user waits for: the main program, or else the latest call; without any it is
   kept for the next one. Returns whether there is a signal. */
static bool
pass_on(int signum)
{
    if (signum <= 0 || signum >= _NSIG) {
        return false;
    }
    bool is_main = coil_fiber_identity() == coil_fiber_main();
    if (!is_main && coil_fiber_main_holder()) {
        wake_main_with(signum);
    }
    else if (is_main || signum != SIGINT || !coil_fiber_interrupt_call()) {
        PyErr_SetInterruptEx(signum);
    }
    return true;
}

/* Looks at the buffer while Python runs or blocks the whole thread. */
static bool
poll_buffer(void)
{
    return pass_on(bridge_js_take_interrupt());
}

void
bridge_py_poll_interrupts(int on)
{
    coil_interrupt_set_poll(on ? poll_buffer : NULL);
}

void
bridge_py_interrupt_waiting(int signum)
{
    /* This plain call itself has the main program's part if no fiber has it. */
    if (coil_fiber_main_holder() != coil_fiber_main()) {
        wake_main_with(signum);
    }
    else if (signum != SIGINT || !coil_fiber_interrupt_call()) {
        PyErr_SetInterruptEx(signum);
    }
}

int
bridge_py_check_interrupt(bridge_slot *slots, int signum)
{
    pass_on(signum);
    PyObject *result = PyErr_CheckSignals() < 0 ? NULL : Py_NewRef(Py_None);
    return bridge_result_to_slot(result, slots);
}
