#ifndef COIL_FIBER_CALL_H
#define COIL_FIBER_CALL_H

/* Calls of Python from JavaScript that may block: each runs on a fiber of its own. The first one
   has the main program's part, so that programs find themselves in Python's main thread; one that
   comes while that one is suspended is a thread of its own, with an identity and locals of its own.
 */

#include "fiber.h"

/* What the bridge does when calls come and wait; each with the interpreter's lock and no exception
   set, and each leaves none. */
typedef struct {
    /* A call has begun on a thread that was not told before. */
    void (*begin)(void);
    /* Makes `*task` asyncio's current one and `*loop` the running one, both of which it steals, and
       sets them to those before, new references; without a task both are NULL, and the running loop
       stays. What runs in the middle of a task, or while one waits, is not that task. */
    void (*exchange_task)(PyObject **loop, PyObject **task);
} coil_fiber_call_hooks;

/* Has the hooks called from now on; the struct must stay. Returns nothing. */
void coil_fiber_call_set_hooks(const coil_fiber_call_hooks *wanted);

/* Calls `run(argument)` with the interpreter's lock on a new fiber; below WebAssembly.promising.
   Returns whether it was called: not without memory. Nothing that leads here may have variables
   whose address is taken (see coil_fiber_run). */
bool coil_fiber_call_python(void (*run)(void *), void *argument);

/* Raises KeyboardInterrupt in the call whose fiber has that number: at once if it waits, otherwise
   when it next gives way. Returns whether there is such a call. */
bool coil_fiber_interrupt_number(int number);

/* The same for the call that was begun last and has not ended. Returns whether there is such a
 * call. */
bool coil_fiber_interrupt_call(void);

/* The same for calls that are no callbacks. Returns whether there is such a call. */
bool coil_fiber_interrupt_program(void);

/* Returns whether a suspended fiber is a callback of the event loop or a listener, in no task of
   asyncio: nobody waits for its result. */
bool coil_fiber_is_callback(const coil_fiber *fiber);

/* Called by suspend.c before a wait of the running fiber, with or without the interpreter's lock.
   Returns nothing. */
void coil_fiber_call_before_wait(coil_fiber *fiber);

/* The same after the wait. Returns nothing. */
void coil_fiber_call_after_wait(coil_fiber *fiber);

#endif
