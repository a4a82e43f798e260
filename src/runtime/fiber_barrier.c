/* Barriers. */

#define _GNU_SOURCE
#include "fiber_wait.h"

#include <errno.h>
#include <math.h>

typedef struct {
    unsigned int wanted;
    unsigned int arrived;
    coil_fiber_queue waiters;
} barrier;
_Static_assert(sizeof(barrier) <= sizeof(pthread_barrier_t), "it lies in libc's structure");

static barrier *
barrier_of(pthread_barrier_t *object)
{
    return (barrier *)(void *)object;
}

int
pthread_barrier_init(pthread_barrier_t *restrict object,
                     const pthread_barrierattr_t *restrict attributes, unsigned int wanted)
{
    if (wanted == 0) {
        return EINVAL;
    }
    *barrier_of(object) = (barrier){.wanted = wanted};
    return 0;
}

int
pthread_barrier_destroy(pthread_barrier_t *object)
{
    return 0;
}

int
pthread_barrier_wait(pthread_barrier_t *object)
{
    barrier *barrier = barrier_of(object);
    if (++barrier->arrived == barrier->wanted) {
        barrier->arrived = 0;
        coil_fiber_wake_all(&barrier->waiters);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    coil_wait_result result = COIL_WAIT_INTERRUPTED;
    while (result == COIL_WAIT_INTERRUPTED) {
        result = coil_fiber_wait(&barrier->waiters, INFINITY);
    }
    if (result == COIL_WAIT_REFUSED) {
        coil_fiber_cannot_wait("pthread_barrier_wait");
    }
    return 0;
}
