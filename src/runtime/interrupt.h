#ifndef COIL_INTERRUPT_H
#define COIL_INTERRUPT_H

/* How a busy or waiting program learns of signals and timers: the eval loop's periodic check, and
   the one wait under sleep(), pause() and reading. */

/* Delivers what is due; gives JavaScript a turn when it had none for a while, so that host signals
   can arrive at all. Called by the patched Python/emscripten_signal.c. Returns after how many
   checks to call again. */
int coil_interrupt_tick(void);

/* Has `poll` called at each tick; it may raise signals. NULL: no longer. Returns nothing. */
void coil_interrupt_set_poll(void (*poll)(void));

typedef enum {
    COIL_INTERRUPT_REFUSED = -1, /* this stack cannot be suspended: nothing was waited for */
    COIL_INTERRUPT_NONE = 0,
    COIL_INTERRUPT_HANDLED = 1, /* a signal handler ran, which callers report as EINTR */
} coil_interrupt_result;

/* Suspends until something wakes this stack, a timer fires, a signal arrives or `milliseconds`
   (INFINITY: no limit) have passed. Returns what happened. */
coil_interrupt_result coil_interrupt_wait(double milliseconds);

/* The same, but where it is refused the whole thread blocks: timers still fire, signals of the host
   do not arrive. Returns COIL_INTERRUPT_NONE or COIL_INTERRUPT_HANDLED; may return early. */
coil_interrupt_result coil_interrupt_wait_or_block(double milliseconds);

#endif
