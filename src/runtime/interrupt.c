#define _GNU_SOURCE
#define Py_BUILD_CORE 1 /* whether the import lock is held, which no public function tells */
#include "interrupt.h"

#include "fiber.h"
#include "fiber_wait.h"
#include "itimer.h"
#include "signals.h"
#include "suspend.h"

#include <Python.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_lock.h>

#include <limits.h>
#include <math.h>

/* JavaScript gets a turn after this many milliseconds of pure Python. Ctrl-C is promised within 50;
   a turn costs some microseconds. */
#define TURN_INTERVAL 20.0

/* Reading the clock costs as much as a few bytecodes, so it is read about once in TICK_INTERVAL
   milliseconds. The number of checks that take so long is measured from tick to tick; it stays
   small enough that a loop whose body suddenly becomes slow is noticed soon. */
#define TICK_INTERVAL 0.25
#define MAX_CHECKS    1000

/* Atomics.wait() takes no infinite time that could still be interrupted by a debugger's pause. */
#define MAX_BLOCK 1000.0

/* So often somebody who blocks the whole thread looks whether he is interrupted. */
#define POLL_INTERVAL 20.0

/* The build says 0 to show what all of this costs: COIL_INTERRUPT_TICK in src/cmake/Settings.cmake.
 */
#ifndef COIL_INTERRUPT_TICK
#  define COIL_INTERRUPT_TICK 1
#endif

/* CPython's: sys.getswitchinterval(), in microseconds. */
unsigned long _PyEval_GetSwitchInterval(void);

static bool (*poll_function)(void);

static int checks = 50;
static double last_tick;

static int
adapted_checks(double elapsed)
{
    if (elapsed < TICK_INTERVAL) {
        return checks < MAX_CHECKS / 2 ? checks * 2 : MAX_CHECKS;
    }
    double wanted = checks * TICK_INTERVAL / elapsed;
    return wanted < 1 ? 1 : (int)wanted;
}

/* Signals are the main program's. Another fiber only has it look for them. */
static bool
deliver_signals(double now)
{
    if (coil_fiber_identity() == coil_fiber_main()) {
        coil_itimers_expire(now);
        return coil_signals_deliver();
    }
    if (coil_signals_pending() || coil_itimers_next(now) <= 0) {
        coil_fiber_wake_main();
    }
    return false;
}

static coil_interrupt_result
deliver(void)
{
    bool handled = deliver_signals(coil_now());
    bool interrupted = coil_fiber_take_interrupt(coil_fiber_current());
    return handled || interrupted ? COIL_INTERRUPT_HANDLED : COIL_INTERRUPT_NONE;
}

void
coil_interrupt_set_poll(bool (*poll)(void))
{
    poll_function = poll;
}

/* Returns after how many milliseconds of pure Python the running fiber gives way. */
static double
time_slice(void)
{
    if (coil_fiber_count() == 1) {
        return TURN_INTERVAL;
    }
    return fmin((double)_PyEval_GetSwitchInterval() / 1e3, TURN_INTERVAL);
}

/* Whoever gives way with the import lock shuts out plain calls, which cannot wait for it. Python
   holds it for moments only. */
static bool
may_give_way(void)
{
    PyInterpreterState *interpreter = PyInterpreterState_Main();
    return !_PyRecursiveMutex_IsLockedByCurrentThread(&interpreter->imports.lock);
}

int
coil_interrupt_tick(void)
{
    if (!COIL_INTERRUPT_TICK) {
        return INT_MAX;
    }
    double now = coil_now();
    checks = adapted_checks(now - last_tick);
    last_tick = now;
    if (now - coil_turn_started() >= time_slice() && may_give_way()) {
        coil_suspend_turn();
        last_tick = coil_now();
    }
    if (poll_function) {
        poll_function();
    }
    deliver_signals(last_tick);
    return checks;
}

static double
until_timer(double milliseconds)
{
    if (coil_fiber_identity() != coil_fiber_main()) {
        return milliseconds;
    }
    return fmin(milliseconds, coil_itimers_next(coil_now()));
}

coil_interrupt_result
coil_interrupt_wait(double milliseconds, coil_wait_reason reason)
{
    if (coil_suspend_wait(until_timer(milliseconds), reason) == COIL_WAIT_REFUSED) {
        return COIL_INTERRUPT_REFUSED;
    }
    return deliver();
}

coil_interrupt_result
coil_interrupt_wait_or_block(double milliseconds, coil_wait_reason reason)
{
    coil_interrupt_result result = coil_interrupt_wait(milliseconds, reason);
    if (result != COIL_INTERRUPT_REFUSED) {
        return result;
    }
    coil_block(fmin(until_timer(milliseconds), poll_function ? POLL_INTERVAL : MAX_BLOCK));
    bool polled = poll_function && poll_function();
    result = deliver();
    return polled ? COIL_INTERRUPT_HANDLED : result;
}
