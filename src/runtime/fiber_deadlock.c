#define _GNU_SOURCE
#include "fiber_deadlock.h"

#include "fiber.h"
#include "signals.h"

#include <Python.h>

#include <unistd.h>

/* CPython's: writes the tracebacks of all threads to a descriptor, by the state of no thread in
   particular. Returns NULL or an error message. */
const char *_Py_DumpTracebackThreads(int fd, PyInterpreterState *interpreter,
                                     PyThreadState *current);

static void
say(const char *text)
{
    (void)!write(STDERR_FILENO, text, strlen(text));
}

/* Threads alone are none: a pool's wait for work that JavaScript may still bring. */
static bool
is_call_waiting(void)
{
    for (coil_fiber *fiber = coil_fiber_newest(); fiber; fiber = fiber->older) {
        if (fiber->origin == FIBER_OF_CALL && fiber->state == FIBER_RUNNING) {
            return true;
        }
    }
    return false;
}

bool
coil_fiber_report_deadlock(void)
{
    bool is_program = coil_fiber_main_holder() == coil_fiber_main();
    if (coil_signals_awaited()) {
        return is_program; /* a server that waits for the signal to end */
    }
    if (!is_program && !is_call_waiting()) {
        return false;
    }
    say("Deadlock: each thread waits for another one, and nothing is left that could wake them but "
        "a signal (Ctrl-C).\n\n");
    if (Py_IsInitialized()) {
        _Py_DumpTracebackThreads(STDERR_FILENO, PyInterpreterState_Main(), NULL);
    }
    return is_program;
}
