#include "fiber_call.h"

#include "boot.h"
#include "fiber_wait.h"

/* CPython's (see patch 0021): the C levels that the current stack has room for. */
int _Py_EmscriptenStackLevels(void);

static const coil_fiber_call_hooks *hooks;

/* Whether the main thread was told, too. */
static bool main_has_begun;

void
coil_fiber_call_set_hooks(const coil_fiber_call_hooks *wanted)
{
    hooks = wanted;
    main_has_begun = false;
}

/* Takes the lock if the running fiber has released it. Returns whether it did. */
static bool
take_lock(void)
{
    if (PyThreadState_GetUnchecked()) {
        return false;
    }
    PyEval_RestoreThread(PyGILState_GetThisThreadState());
    return true;
}

static void
exchange_task(coil_fiber *fiber)
{
    if (hooks) {
        PyObject *raised = PyErr_GetRaisedException();
        hooks->exchange_task(&fiber->loop, &fiber->task);
        PyErr_SetRaisedException(raised);
    }
}

void
coil_fiber_call_before_wait(coil_fiber *fiber)
{
    if (!hooks || fiber->origin != FIBER_OF_CALL) {
        return;
    }
    bool took = take_lock();
    exchange_task(fiber);
    if (took) {
        PyEval_SaveThread();
    }
}

void
coil_fiber_call_after_wait(coil_fiber *fiber)
{
    if (fiber->origin != FIBER_OF_CALL || (!hooks && !fiber->keyboard_interrupt)) {
        return;
    }
    bool took = take_lock();
    exchange_task(fiber);
    if (fiber->keyboard_interrupt) {
        fiber->keyboard_interrupt = false;
        PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), PyExc_KeyboardInterrupt);
    }
    if (took) {
        PyEval_SaveThread();
    }
}

static void
run(coil_fiber *fiber)
{
    exchange_task(fiber);
    fiber->run(fiber->argument);
    exchange_task(fiber);
}

static void
run_as_main(coil_fiber *fiber)
{
    PyThreadState *thread = coil_boot_main_thread();
    PyEval_RestoreThread(thread);
    int levels = thread->c_recursion_remaining;
    thread->c_recursion_remaining = _Py_EmscriptenStackLevels();
    if (hooks && !main_has_begun) {
        main_has_begun = true;
        hooks->begin();
    }
    run(fiber);
    thread->c_recursion_remaining = levels;
    PyEval_SaveThread();
    coil_fiber_drop_main();
}

static void
run_as_thread(coil_fiber *fiber)
{
    PyGILState_STATE state = PyGILState_Ensure();
    if (hooks) {
        hooks->begin();
    }
    run(fiber);
    PyGILState_Release(state);
}

static void *
run_call(void *argument)
{
    coil_fiber *fiber = coil_fiber_current();
    if (coil_fiber_take_main(fiber)) {
        run_as_main(fiber);
    }
    else {
        run_as_thread(fiber);
    }
    return NULL;
}

bool
coil_fiber_call_python(void (*run)(void *), void *argument)
{
    coil_fiber *fiber = coil_fiber_new(0);
    if (!fiber) {
        return false;
    }
    fiber->origin = FIBER_OF_CALL;
    fiber->detached = true;
    fiber->start = run_call;
    fiber->run = run;
    fiber->argument = argument;
    coil_fiber_run(fiber);
    return true;
}

bool
coil_fiber_is_callback(const coil_fiber *fiber)
{
    return fiber->origin == FIBER_OF_CALL && !fiber->is_own && !fiber->task;
}

/* Fibers are used again, so the order in which they were made says nothing. */
static coil_fiber *
newest_call(bool callbacks_too)
{
    coil_fiber *found = NULL;
    for (coil_fiber *fiber = coil_fiber_newest(); fiber; fiber = fiber->older) {
        bool runs = fiber->origin == FIBER_OF_CALL && fiber->state == FIBER_RUNNING;
        bool counts = runs && (callbacks_too || !coil_fiber_is_callback(fiber));
        if (counts && (!found || fiber->native_id > found->native_id)) {
            found = fiber;
        }
    }
    return found;
}

/* Not set in its thread's state at once, since that may be lent to the plain call that asks for
   this. A fiber that computes gives way often enough. */
static void
raise_keyboard_interrupt(coil_fiber *fiber)
{
    fiber->keyboard_interrupt = true;
    coil_fiber_interrupt(fiber);
}

bool
coil_fiber_interrupt_number(int number)
{
    for (coil_fiber *fiber = coil_fiber_newest(); fiber; fiber = fiber->older) {
        bool runs = fiber->origin == FIBER_OF_CALL && fiber->state == FIBER_RUNNING;
        if (runs && fiber->number == number) {
            raise_keyboard_interrupt(fiber);
            return true;
        }
    }
    return false;
}

static bool
interrupt_if_any(coil_fiber *fiber)
{
    if (fiber) {
        raise_keyboard_interrupt(fiber);
    }
    return fiber;
}

bool
coil_fiber_interrupt_call(void)
{
    return interrupt_if_any(newest_call(true));
}

bool
coil_fiber_interrupt_program(void)
{
    return interrupt_if_any(newest_call(false));
}
