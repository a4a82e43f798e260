/* Signals that JavaScript puts into a buffer, which another thread may share. */
#include "convert.h"
#include "interrupt.h"

#include <signal.h>

/* Those that Python has a handler for: the default action of others is to end a process. */
static void
poll_buffer(void)
{
    int signum = bridge_js_take_interrupt();
    if (signum > 0 && signum < _NSIG) {
        PyErr_SetInterruptEx(signum);
    }
}

void
bridge_py_poll_interrupts(int on)
{
    coil_interrupt_set_poll(on ? poll_buffer : NULL);
}

int
bridge_py_check_interrupt(bridge_slot *slots)
{
    poll_buffer();
    PyObject *result = PyErr_CheckSignals() < 0 ? NULL : Py_NewRef(Py_None);
    return bridge_result_to_slot(result, slots);
}
