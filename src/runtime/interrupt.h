#ifndef COIL_INTERRUPT_H
#define COIL_INTERRUPT_H

#include "suspend.h"

/* How a busy or waiting program learns of signals and timers: the eval loop's periodic check, and
   the one wait under sleep(), pause() and reading. */

/* Delivers what is due; gives way to other fibers and to JavaScript when that did not happen for a
   while, so that threads share the time and host signals can arrive at all. Called by the patched
   Python/emscripten_signal.c. Returns after how many checks to call again. */
int coil_interrupt_tick(void);

/* Has `poll` called at each tick, and while the whole thread blocks; it may raise signals and
   returns whether it has. NULL: no longer. Returns nothing. */
void coil_interrupt_set_poll(bool (*poll)(void));

typedef enum {
    COIL_INTERRUPT_REFUSED = -1, /* this stack cannot be suspended: nothing was waited for */
    COIL_INTERRUPT_NONE = 0,
    COIL_INTERRUPT_HANDLED = 1, /* a signal handler ran, which callers report as EINTR */
} coil_interrupt_result;

/* Suspends until what `reason` allows wakes this fiber, `milliseconds` (INFINITY: no limit) have
   passed or, on the main program's fiber, a timer fires or a signal arrives. Returns what happened.
 */
coil_interrupt_result coil_interrupt_wait(double milliseconds, coil_wait_reason reason);

/* The same, but where it is refused the whole thread blocks: timers still fire, signals of the host
   do not arrive. Returns COIL_INTERRUPT_NONE or COIL_INTERRUPT_HANDLED; may return early. */
coil_interrupt_result coil_interrupt_wait_or_block(double milliseconds, coil_wait_reason reason);

#endif
