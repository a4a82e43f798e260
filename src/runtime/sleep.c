/* clock_nanosleep(), under which libc's nanosleep(), sleep() and usleep() lie, and pause(): they
   suspend, end early when a signal handler ran, and never end early otherwise. libc's own spin. */

#define _GNU_SOURCE
#include "interrupt.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

/* libc's name: its nanosleep() calls it. Returns 0 or an errno value. */
int __clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
                      struct timespec *left);

static bool
is_duration(const struct timespec *time)
{
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000L;
}

static struct timespec
sum(struct timespec a, struct timespec b)
{
    struct timespec result = {a.tv_sec + b.tv_sec, a.tv_nsec + b.tv_nsec};
    if (result.tv_nsec >= 1000000000L) {
        result.tv_sec++;
        result.tv_nsec -= 1000000000L;
    }
    return result;
}

/* Returns the time from now to `deadline`; zero once it has passed. */
static struct timespec
until(clockid_t clock, struct timespec deadline)
{
    struct timespec now;
    clock_gettime(clock, &now);
    struct timespec left = {deadline.tv_sec - now.tv_sec, deadline.tv_nsec - now.tv_nsec};
    if (left.tv_nsec < 0) {
        left.tv_sec--;
        left.tv_nsec += 1000000000L;
    }
    return left.tv_sec < 0 ? (struct timespec){0} : left;
}

static double
milliseconds(struct timespec time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int
sleep_until(clockid_t clock, struct timespec deadline, struct timespec *left)
{
    /* At least one wait: sleep(0) gives way to others. */
    *left = until(clock, deadline);
    do {
        coil_interrupt_result result = coil_interrupt_wait_or_block(milliseconds(*left),
                                                                    COIL_FOR_TIME);
        *left = until(clock, deadline);
        if (result == COIL_INTERRUPT_HANDLED) {
            return EINTR;
        }
    } while (left->tv_sec || left->tv_nsec);
    return 0;
}

int
__clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *left)
{
    struct timespec deadline = *request;
    struct timespec now;
    if (clock == CLOCK_THREAD_CPUTIME_ID || clock_gettime(clock, &now) || !is_duration(request)) {
        return EINVAL;
    }
    bool absolute = flags & TIMER_ABSTIME;
    if (!absolute) {
        /* POSIX: setting the wall clock does not change a relative sleep. And JavaScript's wall
           clock counts whole milliseconds. */
        clock = CLOCK_MONOTONIC;
        clock_gettime(clock, &now);
        deadline = sum(now, *request);
    }
    struct timespec unslept;
    int error = sleep_until(clock, deadline, &unslept);
    if (error && left && !absolute) {
        *left = unslept;
    }
    return error;
}

int
clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *left)
{
    return __clock_nanosleep(clock, flags, request, left);
}

int
pause(void)
{
    while (coil_interrupt_wait_or_block(INFINITY, COIL_FOR_TIME) != COIL_INTERRUPT_HANDLED) {
    }
    errno = EINTR;
    return -1;
}
