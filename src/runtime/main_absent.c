#define Py_BUILD_CORE
#include "main_absent.h"

#include "fiber.h"
#include "fiber_call.h"
#include "slot.h"

#include <internal/pycore_runtime.h>

#include <signal.h>
#include <string.h>

/* Whether Python's own handler is set, which raises KeyboardInterrupt. */
static bool
raises_keyboard_interrupt(PyObject *handler)
{
    if (!handler || !PyCFunction_CheckExact(handler)) {
        return false;
    }
    const PyMethodDef *method = ((PyCFunctionObject *)handler)->m_ml;
    return strcmp(method->ml_name, "default_int_handler") == 0;
}

static bool
is_absent(void)
{
    const coil_fiber *holder = coil_fiber_main_holder();
    return !holder || coil_fiber_is_callback(holder);
}

void
coil_main_absent_interrupt(void)
{
    if (!_PyRuntime.signals.is_tripped || !is_absent()) {
        return;
    }
    bool raised = _PyRuntime.signals.handlers[SIGINT].tripped;
    if (!raised || !raises_keyboard_interrupt(_PyRuntime.signals.handlers[SIGINT].func)) {
        return;
    }
    _PyRuntime.signals.handlers[SIGINT].tripped = 0;
    if (!coil_fiber_interrupt_program()) {
        bridge_js_interrupt_run();
    }
}
