/* Read-write locks. As in musl, readers share the lock as long as no writer holds it, whoever
   waits: a reader that reads once more must not wait for a writer that waits for it. */

#define _GNU_SOURCE
#include "fiber_wait.h"

#include <errno.h>
#include <limits.h>
#include <math.h>

typedef struct {
    int readers;
    coil_fiber *writer;
    coil_fiber_queue waiters;
} rwlock;
_Static_assert(sizeof(rwlock) <= sizeof(pthread_rwlock_t), "it lies in libc's structure");

static rwlock *
rwlock_of(pthread_rwlock_t *object)
{
    return (rwlock *)(void *)object;
}

int
pthread_rwlock_init(pthread_rwlock_t *restrict object,
                    const pthread_rwlockattr_t *restrict attributes)
{
    *rwlock_of(object) = (rwlock){0};
    return 0;
}

int
pthread_rwlock_destroy(pthread_rwlock_t *object)
{
    return 0;
}

int
pthread_rwlock_tryrdlock(pthread_rwlock_t *object)
{
    rwlock *lock = rwlock_of(object);
    if (lock->writer) {
        return EBUSY;
    }
    if (lock->readers == INT_MAX) {
        return EAGAIN;
    }
    lock->readers++;
    return 0;
}

int
pthread_rwlock_trywrlock(pthread_rwlock_t *object)
{
    rwlock *lock = rwlock_of(object);
    if (lock->writer || lock->readers) {
        return EBUSY;
    }
    lock->writer = coil_fiber_current();
    return 0;
}

/* Waits until `attempt` does not say EBUSY. Returns what it said, or ETIMEDOUT. */
static int
acquire(pthread_rwlock_t *object, int (*attempt)(pthread_rwlock_t *), double deadline)
{
    for (;;) {
        int error = attempt(object);
        if (error != EBUSY) {
            return error;
        }
        coil_wait_result result = coil_fiber_wait(&rwlock_of(object)->waiters, deadline);
        if (result == COIL_WAIT_REFUSED && isinf(deadline)) {
            coil_fiber_cannot_wait("pthread_rwlock_rdlock or _wrlock");
        }
        if (result == COIL_WAIT_REFUSED || result == COIL_WAIT_TIMEOUT) {
            return ETIMEDOUT;
        }
    }
}

static int
acquire_timed(pthread_rwlock_t *object, int (*attempt)(pthread_rwlock_t *),
              const struct timespec *moment)
{
    if (!coil_fiber_valid_time(moment)) {
        return EINVAL;
    }
    return acquire(object, attempt, coil_fiber_deadline(CLOCK_REALTIME, moment));
}

int
pthread_rwlock_rdlock(pthread_rwlock_t *object)
{
    return acquire(object, pthread_rwlock_tryrdlock, INFINITY);
}

int
pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict object,
                           const struct timespec *restrict moment)
{
    return acquire_timed(object, pthread_rwlock_tryrdlock, moment);
}

int
pthread_rwlock_wrlock(pthread_rwlock_t *object)
{
    if (rwlock_of(object)->writer == coil_fiber_current()) {
        return EDEADLK;
    }
    return acquire(object, pthread_rwlock_trywrlock, INFINITY);
}

int
pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict object,
                           const struct timespec *restrict moment)
{
    return acquire_timed(object, pthread_rwlock_trywrlock, moment);
}

int
pthread_rwlock_unlock(pthread_rwlock_t *object)
{
    rwlock *lock = rwlock_of(object);
    if (lock->writer) {
        lock->writer = NULL;
    }
    else if (lock->readers > 0) {
        lock->readers--;
    }
    else {
        return EPERM;
    }
    if (!lock->readers) {
        coil_fiber_wake_all(&lock->waiters);
    }
    return 0;
}
