/* Condition variables. */

#define _GNU_SOURCE
#include "fiber_wait.h"

#include <errno.h>
#include <math.h>

/* The clock lies where musl has it: its cnd_init() clears all, no more. */
typedef struct {
    coil_fiber_queue waiters;
    int unused[2];
    int clock;
} condition;
_Static_assert(sizeof(condition) <= sizeof(pthread_cond_t), "it lies in libc's structure");

/* musl's names, which its C11 threads call. The first one as the one without underscores; the
   second one wakes up to `count` waiters (-1: all) and returns 0. */
int __pthread_cond_timedwait(pthread_cond_t *restrict object, pthread_mutex_t *restrict mutex,
                             const struct timespec *restrict moment);
int __private_cond_signal(pthread_cond_t *object, int count);

static condition *
condition_of(pthread_cond_t *object)
{
    return (condition *)(void *)object;
}

int
pthread_cond_init(pthread_cond_t *restrict object, const pthread_condattr_t *restrict attributes)
{
    clockid_t clock = CLOCK_REALTIME;
    if (attributes) {
        pthread_condattr_getclock(attributes, &clock);
    }
    *condition_of(object) = (condition){.clock = clock};
    return 0;
}

int
pthread_cond_destroy(pthread_cond_t *object)
{
    return 0;
}

int
pthread_cond_signal(pthread_cond_t *object)
{
    coil_fiber_wake(&condition_of(object)->waiters);
    return 0;
}

int
pthread_cond_broadcast(pthread_cond_t *object)
{
    coil_fiber_wake_all(&condition_of(object)->waiters);
    return 0;
}

int
__private_cond_signal(pthread_cond_t *object, int count)
{
    while (count-- && coil_fiber_wake(&condition_of(object)->waiters)) {
    }
    return 0;
}

int
__pthread_cond_timedwait(pthread_cond_t *restrict object, pthread_mutex_t *restrict mutex,
                         const struct timespec *restrict moment)
{
    if (!coil_fiber_valid_time(moment)) {
        return EINVAL;
    }
    condition *condition = condition_of(object);
    double deadline = coil_fiber_deadline(condition->clock, moment);
    if (!coil_suspend_allowed() && isinf(deadline)) {
        coil_fiber_cannot_wait("pthread_cond_wait");
    }
    int error = pthread_mutex_unlock(mutex);
    if (error) {
        return error;
    }
    /* A signal ends the wait without a reason, which POSIX allows. */
    coil_wait_result result = coil_fiber_wait(&condition->waiters, deadline);
    if (result == COIL_WAIT_REFUSED) {
        coil_block(deadline - coil_now());
        result = COIL_WAIT_TIMEOUT;
    }
    pthread_mutex_lock(mutex);
    return result == COIL_WAIT_TIMEOUT ? ETIMEDOUT : 0;
}

int
pthread_cond_timedwait(pthread_cond_t *restrict object, pthread_mutex_t *restrict mutex,
                       const struct timespec *restrict moment)
{
    return __pthread_cond_timedwait(object, mutex, moment);
}

int
pthread_cond_wait(pthread_cond_t *object, pthread_mutex_t *mutex)
{
    return __pthread_cond_timedwait(object, mutex, NULL);
}
