/* Threads: their beginning and their end. */

#define _GNU_SOURCE
#include "fiber.h"
#include "fiber_wait.h"
#include "stack_guard.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* What musl's thrd_create() gives instead of attributes. */
#define C11_THREAD ((const pthread_attr_t *)(uintptr_t)-1)

/* Defined in fiber_thread.js: lets coil_thread_run() run the fiber soon. Returns whether it will;
   not where the engine cannot suspend. */
int coil_thread_start_js(coil_fiber *fiber, int kilobytes);

/* libc's names of its threads, as its C11 threads and JavaScript libraries know them; each as the
   one without prefix. */
int __pthread_create(pthread_t *restrict made, const pthread_attr_t *restrict attributes,
                     void *(*start)(void *), void *argument);
int __pthread_join(pthread_t thread, void **result);
int __pthread_detach(pthread_t thread);
_Noreturn void __pthread_exit(void *result);

static coil_fiber *
fiber_of(pthread_t thread)
{
    return (coil_fiber *)(void *)thread;
}

static coil_fiber *
new_thread(const pthread_attr_t *attributes)
{
    size_t stack_size = 0;
    int detached = PTHREAD_CREATE_JOINABLE;
    if (attributes && attributes != C11_THREAD) {
        pthread_attr_getstacksize(attributes, &stack_size);
        pthread_attr_getdetachstate(attributes, &detached);
    }
    coil_fiber *fiber = coil_fiber_new(stack_size);
    if (fiber) {
        fiber->detached = detached == PTHREAD_CREATE_DETACHED;
    }
    return fiber;
}

int
__pthread_create(pthread_t *restrict made, const pthread_attr_t *restrict attributes,
                 void *(*start)(void *), void *argument)
{
    coil_fiber *fiber = new_thread(attributes);
    if (!fiber) {
        return EAGAIN;
    }
    fiber->start = start;
    fiber->argument = argument;
    if (!coil_thread_start_js(fiber, coil_stack_guard_engine_stack(fiber))) {
        coil_fiber_discard(fiber);
        return ENOTSUP;
    }
    *made = (pthread_t)(void *)fiber;
    return 0;
}

/* Returns 0, or EDEADLK below a plain call. */
static int
wait_for_end(coil_fiber *fiber)
{
    while (fiber->state != FIBER_DONE) {
        if (coil_fiber_wait(&fiber->joiners, INFINITY) == COIL_WAIT_REFUSED) {
            return EDEADLK;
        }
    }
    return 0;
}

int
__pthread_join(pthread_t thread, void **result)
{
    coil_fiber *fiber = fiber_of(thread);
    if (fiber->detached) {
        return EINVAL;
    }
    int error = fiber == coil_fiber_current() ? EDEADLK : wait_for_end(fiber);
    if (error) {
        return error;
    }
    if (result) {
        *result = fiber->result;
    }
    coil_fiber_release(fiber);
    return 0;
}

int
__pthread_detach(pthread_t thread)
{
    coil_fiber *fiber = fiber_of(thread);
    if (fiber->detached) {
        return EINVAL;
    }
    fiber->detached = true;
    if (fiber->state == FIBER_DONE) {
        coil_fiber_release(fiber);
    }
    return 0;
}

/* The process lasts as long as the other threads do. */
static _Noreturn void
exit_main(void)
{
    for (coil_fiber *fiber = coil_fiber_newest(); fiber; fiber = fiber->older) {
        if (fiber != coil_fiber_main()) {
            wait_for_end(fiber);
        }
    }
    exit(0); /* NOLINT(concurrency-mt-unsafe): nobody else is left */
}

_Noreturn void
__pthread_exit(void *result)
{
    coil_fiber *fiber = coil_fiber_current();
    if (!fiber->exit) {
        exit_main();
    }
    fiber->result = result;
    longjmp(*fiber->exit, 1);
}

int
pthread_create(pthread_t *restrict made, const pthread_attr_t *restrict attributes,
               void *(*start)(void *), void *argument)
{
    return __pthread_create(made, attributes, start, argument);
}

int
pthread_join(pthread_t thread, void **result)
{
    return __pthread_join(thread, result);
}

int
pthread_detach(pthread_t thread)
{
    return __pthread_detach(thread);
}

int
thrd_detach(pthread_t thread)
{
    return __pthread_detach(thread);
}

_Noreturn void
pthread_exit(void *result)
{
    __pthread_exit(result);
}
