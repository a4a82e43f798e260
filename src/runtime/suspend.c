#include "suspend.h"

#include "activations.h"
#include "fiber.h"
#include "fiber_call.h"
#include "main_absent.h"

#include <emscripten.h>
#include <emscripten/stack.h>

/* Defined in suspend.js. */
int coil_suspend_supported_js(void);
void coil_suspend_cancel_js(int fiber);
void coil_suspend_wake_js(int fiber);
void coil_block_js(double milliseconds);

/* Defined in suspend.s: the suspending import behind a guard, with the C stack pointer exchanged
   for *stack. Returns a coil_wait_result. */
int coil_suspend_guarded(int fiber, double milliseconds, int reason, uintptr_t *stack);

/* What suspend.js takes as "one turn of the event loop, however short". */
#define ONE_TURN (-1.0)

static bool allowed;
static double turn_started;

double
coil_now(void)
{
    return emscripten_get_now();
}

double
coil_turn_started(void)
{
    return turn_started;
}

bool
coil_suspend_allowed(void)
{
    return allowed;
}

bool
coil_suspend_supported(void)
{
    return coil_suspend_supported_js();
}

bool
coil_suspend_forbid(void)
{
    bool before = allowed;
    allowed = false;
    return before;
}

void
coil_suspend_restore(bool before)
{
    allowed = before;
}

bool
coil_suspend_allow(bool now_allowed)
{
    bool before = allowed;
    allowed = now_allowed;
    turn_started = coil_now();
    return before;
}

static coil_wait_result
suspend_fiber(coil_fiber *fiber, double milliseconds, coil_wait_reason reason)
{
    if (!fiber->stack) {
        /* The main program's frames lie where plain calls run: these go on below them. */
        fiber->outside.stack = emscripten_stack_get_current();
    }
    /* A call that only gives way has not come to a place where other callbacks may run: it counts
       as being on the stack, and only threads, input and output have their turns. */
    bool stays = reason == COIL_FOR_TURN && fiber->origin == FIBER_OF_CALL;
    if (stays) {
        coil_activation_begin();
    }
    coil_fiber_leave(fiber);
    coil_main_absent_interrupt();
    coil_wait_result result = coil_suspend_guarded(
        fiber->number, milliseconds, reason, &fiber->outside.stack);
    coil_fiber_enter(fiber);
    if (stays) {
        coil_activation_end();
    }
    if (result == COIL_WAIT_REFUSED) {
        /* The engine calls the import first and refuses afterwards. */
        coil_suspend_cancel_js(fiber->number);
    }
    return result;
}

static coil_wait_result
suspend(double milliseconds, coil_wait_reason reason)
{
    if (!allowed) {
        return COIL_WAIT_REFUSED;
    }
    coil_fiber *fiber = coil_fiber_current();
    coil_fiber_call_before_wait(fiber);
    PyThreadState *thread = PyThreadState_GetUnchecked() ? PyEval_SaveThread() : NULL;
    coil_wait_result result = suspend_fiber(fiber, milliseconds, reason);
    if (thread) {
        PyEval_RestoreThread(thread);
    }
    coil_fiber_call_after_wait(fiber);
    return result;
}

coil_wait_result
coil_suspend_wait(double milliseconds, coil_wait_reason reason)
{
    return suspend(milliseconds < 0 ? 0 : milliseconds, reason);
}

coil_wait_result
coil_suspend_turn(void)
{
    return suspend(ONE_TURN, COIL_FOR_TURN);
}

void
coil_suspend_wake(int fiber)
{
    coil_suspend_wake_js(fiber);
}

void
coil_block(double milliseconds)
{
    coil_block_js(milliseconds);
}
