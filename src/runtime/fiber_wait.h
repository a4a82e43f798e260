#ifndef COIL_FIBER_WAIT_H
#define COIL_FIBER_WAIT_H

/* Waiting for other fibers, first come, first served. No wake-up is lost: between looking at a
   condition and waiting no other fiber runs. */

#include "fiber.h"
#include "suspend.h"

#include <time.h>

/* Suspends the running fiber in `queue`, until coil_fiber_wake() takes it out, `deadline` has
   passed (in coil_now() milliseconds; INFINITY: never) or it was interrupted: by
   coil_fiber_interrupt() or, as the main program, by a signal's handler. A fiber that was woken
   before and is `passed_over` comes first in the queue. Returns what ended the wait; a wake-up
   counts even if the others came too. */
coil_wait_result coil_fiber_wait(coil_fiber_queue *queue, double deadline);

/* Takes the first fiber out of `queue` and lets it go on. Returns it, or NULL if none waits. */
coil_fiber *coil_fiber_wake(coil_fiber_queue *queue);

/* Wakes all fibers of `queue`. Returns nothing. */
void coil_fiber_wake_all(coil_fiber_queue *queue);

/* Lets the fiber that has the main program's part look for signals, if it is suspended. Returns
   nothing. */
void coil_fiber_wake_main(void);

/* Ends what `fiber` waits for, or is about to wait for: the operation is told EINTR. Returns
 * nothing. */
void coil_fiber_interrupt(coil_fiber *fiber);

/* Returns whether `fiber` has been interrupted, once. */
bool coil_fiber_take_interrupt(coil_fiber *fiber);

/* Returns the moment of `clock` in coil_now() milliseconds; INFINITY for NULL. */
double coil_fiber_deadline(clockid_t clock, const struct timespec *moment);

/* Returns whether `moment` is NULL or a valid time. */
bool coil_fiber_valid_time(const struct timespec *moment);

/* Returns whether the calling stack cannot be suspended, though the engine can suspend others: what
   it waits for happens after it has returned. */
bool coil_fiber_waits_in_vain(void);

/* Returns the error of a system call that would have to wait where nothing can: EINTR, after which
   CPython asks for signals and gets a RuntimeError. A caller that asks for none, and would call
   again for ever, gets `otherwise` the next time. */
int coil_fiber_refuse(int otherwise);

/* Ends the process and never returns: the running fiber would have to wait, below a plain call of
   JavaScript, during which nothing that it waits for can happen. `what` names what it waits in. */
_Noreturn void coil_fiber_cannot_wait(const char *what);

#endif
