#define _GNU_SOURCE
#include "fiber_wait.h"

#include "itimer.h"
#include "signals.h"

#include <math.h>
#include <stdio.h>

static void
link_between(coil_fiber_queue *queue, coil_fiber *previous, coil_fiber *fiber, coil_fiber *next)
{
    fiber->queue = queue;
    fiber->previous = previous;
    fiber->next = next;
    *(previous ? &previous->next : &queue->first) = fiber;
    *(next ? &next->previous : &queue->last) = fiber;
}

static void
insert(coil_fiber_queue *queue, coil_fiber *fiber)
{
    if (fiber->passed_over) {
        link_between(queue, NULL, fiber, queue->first);
    }
    else {
        link_between(queue, queue->last, fiber, NULL);
    }
}

static void
take_out(coil_fiber *fiber)
{
    coil_fiber_queue *queue = fiber->queue;
    if (!queue) {
        return;
    }
    *(fiber->previous ? &fiber->previous->next : &queue->first) = fiber->next;
    *(fiber->next ? &fiber->next->previous : &queue->last) = fiber->previous;
    fiber->queue = NULL;
    fiber->next = fiber->previous = NULL;
}

/* Signals and interval timers are the main program's alone, as Python's handlers are. Returns
   whether the wait was interrupted. */
static bool
deliver_signals(coil_fiber *fiber)
{
    bool interrupted = coil_fiber_take_interrupt(fiber);
    if (coil_fiber_identity() != coil_fiber_main()) {
        return interrupted;
    }
    coil_itimers_expire(coil_now());
    return coil_signals_deliver() || interrupted;
}

static double
time_to_wait(double deadline)
{
    double now = coil_now();
    double left = deadline - now;
    return coil_fiber_identity() == coil_fiber_main() ? fmin(left, coil_itimers_next(now)) : left;
}

/* Waits in the queue. Something else than a wake-up may end a suspension: a timer that fired early,
   a timer of the program. The place in the queue is kept then. */
static coil_wait_result
wait_in_queue(coil_fiber *fiber, double deadline)
{
    for (;;) {
        coil_wait_result result = coil_suspend_wait(time_to_wait(deadline), COIL_FOR_FIBER);
        if (result == COIL_WAIT_REFUSED) {
            return result;
        }
        bool handled = deliver_signals(fiber);
        if (fiber->woken) {
            fiber->interrupted |= handled;
            return COIL_WAIT_WOKEN;
        }
        if (handled) {
            return COIL_WAIT_INTERRUPTED;
        }
        if (coil_now() >= deadline) {
            return COIL_WAIT_TIMEOUT;
        }
    }
}

coil_wait_result
coil_fiber_wait(coil_fiber_queue *queue, double deadline)
{
    if (!coil_suspend_allowed()) {
        /* The identity may be borrowed from a fiber that waits itself: leave its state alone. */
        return COIL_WAIT_REFUSED;
    }
    coil_fiber *fiber = coil_fiber_current();
    if (coil_fiber_take_interrupt(fiber)) {
        return COIL_WAIT_INTERRUPTED;
    }
    fiber->woken = false;
    insert(queue, fiber);
    coil_wait_result result = wait_in_queue(fiber, deadline);
    take_out(fiber);
    return result;
}

coil_fiber *
coil_fiber_wake(coil_fiber_queue *queue)
{
    coil_fiber *fiber = queue->first;
    if (fiber) {
        take_out(fiber);
        fiber->woken = true;
        coil_suspend_wake(fiber->number);
    }
    return fiber;
}

void
coil_fiber_wake_all(coil_fiber_queue *queue)
{
    while (coil_fiber_wake(queue)) {
    }
}

void
coil_fiber_wake_main(void)
{
    coil_fiber *holder = coil_fiber_main_holder();
    if (holder) {
        coil_suspend_wake(holder->number);
    }
}

void
coil_fiber_interrupt(coil_fiber *fiber)
{
    fiber->interrupted = true;
    coil_suspend_wake(fiber->number);
}

bool
coil_fiber_take_interrupt(coil_fiber *fiber)
{
    bool interrupted = fiber->interrupted;
    fiber->interrupted = false;
    return interrupted;
}

bool
coil_fiber_valid_time(const struct timespec *moment)
{
    return !moment || (moment->tv_nsec >= 0 && moment->tv_nsec < 1000000000L);
}

double
coil_fiber_deadline(clockid_t clock, const struct timespec *moment)
{
    if (!moment) {
        return INFINITY;
    }
    struct timespec now;
    clock_gettime(clock, &now);
    double left = (double)(moment->tv_sec - now.tv_sec) * 1e3;
    if (clock == CLOCK_REALTIME) {
        left += 1; /* JavaScript counts its whole milliseconds, and must not be early by one */
    }
    return coil_now() + left + (double)(moment->tv_nsec - now.tv_nsec) / 1e6;
}

void
coil_fiber_cannot_wait(const char *what)
{
    char message[160];
    snprintf(message,
             sizeof(message),
             "%s() would wait for ever: Python was called synchronously from JavaScript, and "
             "nothing else can run before it returns",
             what);
    Py_FatalError(message);
}
