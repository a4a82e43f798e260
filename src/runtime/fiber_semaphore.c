/* Semaphores; CPython's locks are such. A waiter that finds its unit taken by a fiber that did not
   wait comes first in the queue, and its unit is kept for it the next time: without that, a thread
   that releases and acquires in a loop would shut out the others; with nothing but that, each
   contended lock would cost a change of fibers for each acquisition. */

#define _GNU_SOURCE
#include "fiber_wait.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <semaphore.h>
#include <string.h>

typedef struct {
    int value;
    coil_fiber_queue waiters;
} semaphore;
_Static_assert(sizeof(semaphore) <= sizeof(sem_t), "it lies in libc's structure");

/* Not declared by libc. As sem_timedwait(), with a clock. */
int sem_clockwait(sem_t *restrict object, clockid_t clock, const struct timespec *restrict moment);

static semaphore *
semaphore_of(sem_t *object)
{
    return (semaphore *)(void *)object;
}

static int
fail(int error)
{
    errno = error;
    return -1;
}

int
sem_init(sem_t *object, int shared, unsigned int value)
{
    if (value > INT_MAX) {
        return fail(EINVAL);
    }
    *semaphore_of(object) = (semaphore){.value = (int)value};
    return 0;
}

int
sem_destroy(sem_t *object)
{
    return 0;
}

int
sem_getvalue(sem_t *restrict object, int *restrict value)
{
    *value = semaphore_of(object)->value;
    return 0;
}

int
sem_post(sem_t *object)
{
    semaphore *semaphore = semaphore_of(object);
    coil_fiber *first = coil_fiber_wake(&semaphore->waiters);
    if (first && first->passed_over) {
        return 0;
    }
    if (semaphore->value == INT_MAX) {
        return fail(EOVERFLOW);
    }
    semaphore->value++;
    return 0;
}

int
sem_trywait(sem_t *object)
{
    semaphore *semaphore = semaphore_of(object);
    if (semaphore->value == 0) {
        return fail(EAGAIN);
    }
    semaphore->value--;
    return 0;
}

/* Returns the error of a wait that was refused. */
static int
refuse(double deadline)
{
    if (!isinf(deadline)) {
        coil_block(deadline - coil_now());
        return ETIMEDOUT;
    }
    return coil_fiber_refuse(EDEADLK);
}

/* Returns 0 or an error. */
static int
wait_until(semaphore *semaphore, double deadline)
{
    while (semaphore->value == 0) {
        bool kept = coil_fiber_current()->passed_over;
        switch (coil_fiber_wait(&semaphore->waiters, deadline)) {
        case COIL_WAIT_REFUSED:
            return refuse(deadline);
        case COIL_WAIT_TIMEOUT:
            return ETIMEDOUT;
        case COIL_WAIT_INTERRUPTED:
            return EINTR;
        case COIL_WAIT_WOKEN:
            if (kept) {
                return 0;
            }
            coil_fiber_current()->passed_over = true;
            break;
        }
    }
    semaphore->value--;
    return 0;
}

static int
acquire(sem_t *object, double deadline)
{
    int error = wait_until(semaphore_of(object), deadline);
    coil_fiber_current()->passed_over = false;
    return error ? fail(error) : 0;
}

int
sem_wait(sem_t *object)
{
    return acquire(object, INFINITY);
}

int
sem_clockwait(sem_t *restrict object, clockid_t clock, const struct timespec *restrict moment)
{
    if (!coil_fiber_valid_time(moment)) {
        return fail(EINVAL);
    }
    return acquire(object, coil_fiber_deadline(clock, moment));
}

int
sem_timedwait(sem_t *restrict object, const struct timespec *restrict moment)
{
    return sem_clockwait(object, CLOCK_REALTIME, moment);
}
