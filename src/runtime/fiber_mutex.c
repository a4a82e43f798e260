/* Mutexes of all types; the fairness is the one of semaphores (fiber_semaphore.c). */

#define _GNU_SOURCE
#include "fiber_wait.h"

#include <errno.h>
#include <limits.h>
#include <math.h>

/* The first two fields lie where musl has them: its mtx_lock() and mtx_init() look at the type and
   store EBUSY into the second one as the owner of a plain mutex. */
typedef struct {
    int type;
    coil_fiber *owner; /* NULL: free */
    int count;         /* of a recursive mutex: how often it is held beyond once */
    coil_fiber_queue waiters;
} mutex;
_Static_assert(sizeof(mutex) <= sizeof(pthread_mutex_t), "it lies in libc's structure");

/* musl's names, which its C11 threads call; each as the one without underscores. */
int __pthread_mutex_lock(pthread_mutex_t *object);
int __pthread_mutex_trylock(pthread_mutex_t *object);
int __pthread_mutex_unlock(pthread_mutex_t *object);
int __pthread_mutex_timedlock(pthread_mutex_t *restrict object,
                              const struct timespec *restrict moment);

static mutex *
mutex_of(pthread_mutex_t *object)
{
    return (mutex *)(void *)object;
}

/* The process-shared and robust flags say nothing here. */
static int
type_of(const mutex *mutex)
{
    return mutex->type & 3;
}

int
pthread_mutex_init(pthread_mutex_t *restrict object, const pthread_mutexattr_t *restrict attributes)
{
    int type = PTHREAD_MUTEX_DEFAULT;
    if (attributes) {
        pthread_mutexattr_gettype(attributes, &type);
    }
    *mutex_of(object) = (mutex){.type = type};
    return 0;
}

int
pthread_mutex_destroy(pthread_mutex_t *object)
{
    return mutex_of(object)->owner ? EBUSY : 0;
}

int
pthread_mutex_consistent(pthread_mutex_t *object)
{
    /* An owner that ended is never noticed. */
    return EINVAL;
}

int
__pthread_mutex_trylock(pthread_mutex_t *object)
{
    mutex *mutex = mutex_of(object);
    coil_fiber *fiber = coil_fiber_current();
    if (!mutex->owner) {
        mutex->owner = fiber;
        return 0;
    }
    if (mutex->owner != fiber || type_of(mutex) != PTHREAD_MUTEX_RECURSIVE) {
        return EBUSY;
    }
    if (mutex->count == INT_MAX) {
        return EAGAIN;
    }
    mutex->count++;
    return 0;
}

/* Returns 0 once the mutex is the running fiber's, or an error. */
static int
wait_until(mutex *mutex, double deadline)
{
    coil_fiber *fiber = coil_fiber_current();
    while (mutex->owner) {
        bool kept = fiber->passed_over;
        coil_wait_result result = coil_fiber_wait(&mutex->waiters, deadline);
        if (result == COIL_WAIT_REFUSED && isinf(deadline)) {
            coil_fiber_cannot_wait("pthread_mutex_lock");
        }
        if (result == COIL_WAIT_REFUSED || result == COIL_WAIT_TIMEOUT) {
            return ETIMEDOUT;
        }
        if (result == COIL_WAIT_WOKEN && kept) {
            return 0;
        }
        fiber->passed_over |= result == COIL_WAIT_WOKEN;
    }
    mutex->owner = fiber;
    return 0;
}

static int
acquire(pthread_mutex_t *object, double deadline)
{
    int error = __pthread_mutex_trylock(object);
    if (error != EBUSY) {
        return error;
    }
    mutex *mutex = mutex_of(object);
    coil_fiber *fiber = coil_fiber_current();
    if (mutex->owner == fiber && type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK) {
        return EDEADLK;
    }
    error = wait_until(mutex, deadline);
    fiber->passed_over = false;
    return error;
}

int
__pthread_mutex_lock(pthread_mutex_t *object)
{
    return acquire(object, INFINITY);
}

int
__pthread_mutex_timedlock(pthread_mutex_t *restrict object, const struct timespec *restrict moment)
{
    if (!coil_fiber_valid_time(moment)) {
        return EINVAL;
    }
    return acquire(object, coil_fiber_deadline(CLOCK_REALTIME, moment));
}

static bool
may_unlock(const mutex *mutex)
{
    return type_of(mutex) == PTHREAD_MUTEX_NORMAL || mutex->owner == coil_fiber_current();
}

int
__pthread_mutex_unlock(pthread_mutex_t *object)
{
    mutex *mutex = mutex_of(object);
    if (!may_unlock(mutex)) {
        return EPERM;
    }
    if (mutex->count > 0) {
        mutex->count--;
        return 0;
    }
    coil_fiber *next = coil_fiber_wake(&mutex->waiters);
    mutex->owner = next && next->passed_over ? next : NULL;
    return 0;
}

int
pthread_mutex_lock(pthread_mutex_t *object)
{
    return __pthread_mutex_lock(object);
}

int
pthread_mutex_trylock(pthread_mutex_t *object)
{
    return __pthread_mutex_trylock(object);
}

int
pthread_mutex_timedlock(pthread_mutex_t *restrict object, const struct timespec *restrict moment)
{
    return __pthread_mutex_timedlock(object, moment);
}

int
pthread_mutex_unlock(pthread_mutex_t *object)
{
    return __pthread_mutex_unlock(object);
}
