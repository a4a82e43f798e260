#define _GNU_SOURCE
#include "interrupt.h"

#include "itimer.h"
#include "signals.h"
#include "suspend.h"

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

static void (*poll_function)(void);

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

static coil_interrupt_result
deliver(void)
{
    coil_itimers_expire(coil_now());
    return coil_signals_deliver() ? COIL_INTERRUPT_HANDLED : COIL_INTERRUPT_NONE;
}

void
coil_interrupt_set_poll(void (*poll)(void))
{
    poll_function = poll;
}

int
coil_interrupt_tick(void)
{
    double now = coil_now();
    checks = adapted_checks(now - last_tick);
    last_tick = now;
    if (now - coil_turn_started() >= TURN_INTERVAL) {
        coil_suspend_turn();
        last_tick = coil_now();
    }
    if (poll_function) {
        poll_function();
    }
    deliver();
    return checks;
}

coil_interrupt_result
coil_interrupt_wait(double milliseconds)
{
    double wait = fmin(milliseconds, coil_itimers_next(coil_now()));
    if (coil_suspend_wait(wait) == COIL_WAIT_REFUSED) {
        return COIL_INTERRUPT_REFUSED;
    }
    return deliver();
}

coil_interrupt_result
coil_interrupt_wait_or_block(double milliseconds)
{
    coil_interrupt_result result = coil_interrupt_wait(milliseconds);
    if (result != COIL_INTERRUPT_REFUSED) {
        return result;
    }
    double wait = fmin(milliseconds, coil_itimers_next(coil_now()));
    coil_block(fmin(wait, MAX_BLOCK));
    return deliver();
}
