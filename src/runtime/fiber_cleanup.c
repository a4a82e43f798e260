/* Handlers that run when a thread exits before it has taken them back. */

#include "fiber_cleanup.h"

/* The names by which musl's pthread_cleanup_push() and _pop() register a handler. */
void __do_cleanup_push(struct __ptcb *handler);
void __do_cleanup_pop(struct __ptcb *handler);

void
__do_cleanup_push(struct __ptcb *handler)
{
    coil_fiber *fiber = coil_fiber_current();
    handler->__next = fiber->cleanup;
    fiber->cleanup = handler;
}

void
__do_cleanup_pop(struct __ptcb *handler)
{
    coil_fiber_current()->cleanup = handler->__next;
}

void
coil_fiber_clean_up(coil_fiber *fiber)
{
    while (fiber->cleanup) {
        struct __ptcb *handler = fiber->cleanup;
        fiber->cleanup = handler->__next;
        handler->__f(handler->__x);
    }
}
