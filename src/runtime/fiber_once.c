/* Running something once. */

#define _GNU_SOURCE
#include "fiber_wait.h"

#include <math.h>

/* States of a pthread_once_t; the first is its initializer. */
enum { NOT_RUN, RUNNING, HAS_RUN };

/* musl's name, which its C11 threads call; as pthread_once(). */
int __pthread_once(pthread_once_t *control, void (*routine)(void));

static coil_fiber_queue waiters;

int
__pthread_once(pthread_once_t *control, void (*routine)(void))
{
    while (*control == RUNNING) {
        if (coil_fiber_wait(&waiters, INFINITY) == COIL_WAIT_REFUSED) {
            coil_fiber_cannot_wait("pthread_once");
        }
    }
    if (*control == NOT_RUN) {
        *control = RUNNING;
        routine();
        *control = HAS_RUN;
        coil_fiber_wake_all(&waiters);
    }
    return 0;
}

int
pthread_once(pthread_once_t *control, void (*routine)(void))
{
    return __pthread_once(control, routine);
}
