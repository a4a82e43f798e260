#define _GNU_SOURCE
#include "itimer.h"

#include "fiber_wait.h"
#include "signals.h"
#include "suspend.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/time.h>

typedef struct {
    int signum;
    double deadline; /* INFINITY: not running */
    double interval; /* 0: fires once */
} itimer;

static itimer itimers[] = {
    [ITIMER_REAL] = {.signum = SIGALRM, .deadline = INFINITY},
    [ITIMER_VIRTUAL] = {.signum = SIGVTALRM, .deadline = INFINITY},
    [ITIMER_PROF] = {.signum = SIGPROF, .deadline = INFINITY},
};
#define ITIMER_COUNT (sizeof(itimers) / sizeof(itimers[0]))

static double
milliseconds(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static struct timeval
timeval_of(double milliseconds)
{
    double microseconds = ceil(milliseconds * 1e3);
    return (struct timeval){
        .tv_sec = (time_t)(microseconds / 1e6),
        .tv_usec = (suseconds_t)fmod(microseconds, 1e6),
    };
}

static bool
is_time(struct timeval time)
{
    return time.tv_sec >= 0 && time.tv_usec >= 0 && time.tv_usec < 1000000;
}

static struct itimerval
remaining(const itimer *timer)
{
    if (isinf(timer->deadline)) {
        return (struct itimerval){0};
    }
    /* A running timer never reads as 0, which would mean that it does not run. */
    double left = fmax(timer->deadline - coil_now(), 1e-3);
    return (struct itimerval){
        .it_value = timeval_of(left),
        .it_interval = timeval_of(timer->interval),
    };
}

static itimer *
itimer_of(int which)
{
    if (which < 0 || (unsigned)which >= ITIMER_COUNT) {
        errno = EINVAL;
        return NULL;
    }
    return &itimers[which];
}

int
getitimer(int which, struct itimerval *current)
{
    itimer *timer = itimer_of(which);
    if (!timer) {
        return -1;
    }
    *current = remaining(timer);
    return 0;
}

int
setitimer(int which, const struct itimerval *restrict wanted, struct itimerval *restrict former)
{
    itimer *timer = itimer_of(which);
    if (!timer) {
        return -1;
    }
    if (!is_time(wanted->it_value) || !is_time(wanted->it_interval)) {
        errno = EINVAL;
        return -1;
    }
    if (former) {
        *former = remaining(timer);
    }
    double delay = milliseconds(wanted->it_value);
    timer->deadline = delay > 0 ? coil_now() + delay : INFINITY;
    timer->interval = milliseconds(wanted->it_interval);
    if (coil_fiber_identity() != coil_fiber_main()) {
        coil_fiber_wake_main(); /* which waits until the next timer */
    }
    return 0;
}

static void
expire(itimer *timer, double now)
{
    coil_signal_post(timer->signum);
    if (timer->interval <= 0) {
        timer->deadline = INFINITY;
        return;
    }
    /* A late timer keeps its beat and leaves out the beats it missed. */
    double beats = floor((now - timer->deadline) / timer->interval) + 1;
    timer->deadline += beats * timer->interval;
}

void
coil_itimers_expire(double now)
{
    for (unsigned i = 0; i < ITIMER_COUNT; i++) {
        if (now >= itimers[i].deadline) {
            expire(&itimers[i], now);
        }
    }
}

double
coil_itimers_next(double now)
{
    double next = INFINITY;
    for (unsigned i = 0; i < ITIMER_COUNT; i++) {
        next = fmin(next, itimers[i].deadline);
    }
    return fmax(next - now, 0);
}
