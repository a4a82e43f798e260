/* What can be asked about threads, and signals for one of them. */

#define _GNU_SOURCE
#include "fiber.h"
#include "fiber_wait.h"
#include "signals.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

/* threads.h has them too, which clashes with the macros of others; each as its pthread's. */
pthread_t thrd_current(void);
void thrd_yield(void);

pthread_t
pthread_self(void)
{
    return (pthread_t)(void *)coil_fiber_identity();
}

pthread_t
thrd_current(void)
{
    return pthread_self();
}

/* A macro in C; C++ calls it. */
#undef pthread_equal
int
pthread_equal(pthread_t one, pthread_t other)
{
    return one == other;
}

pid_t
gettid(void)
{
    coil_fiber *fiber = coil_fiber_identity();
    return fiber == coil_fiber_main() ? getpid() : fiber->native_id;
}

int
pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    coil_fiber *fiber = (coil_fiber *)(void *)thread;
    if (fiber == coil_fiber_identity()) {
        fiber = coil_fiber_current(); /* whose stack it is on */
    }
    else if (!fiber->stack) {
        return ENOSYS;
    }
    pthread_attr_init(attributes);
    if (fiber->detached) {
        pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
    }
    if (!fiber->stack) {
        return pthread_attr_setstack(
            attributes, (void *)coil_fiber_stack_end(), coil_fiber_stack_size());
    }
    return pthread_attr_setstack(attributes, fiber->stack, fiber->stack_size);
}

int
pthread_kill(pthread_t thread, int signum)
{
    if (signum < 0 || signum >= _NSIG) {
        return EINVAL;
    }
    if (signum && thread == pthread_self()) {
        raise(signum);
    }
    else if (signum) {
        /* Only the main program listens for signals. */
        coil_signal_post(signum);
        coil_fiber_wake_main();
    }
    return 0;
}

int
sched_yield(void)
{
    coil_suspend_turn();
    return 0;
}

void
thrd_yield(void)
{
    coil_suspend_turn();
}
