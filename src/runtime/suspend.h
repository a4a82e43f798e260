#ifndef COIL_SUSPEND_H
#define COIL_SUSPEND_H

/* Waiting without blocking JavaScript: the calling wasm stack is suspended and other JavaScript
   runs until something wakes it. Where the engine cannot suspend, or a JS frame or a plain entry
   lies below, a caller is refused and goes on synchronously. */

#include <stdbool.h>

typedef enum {
    COIL_WAIT_REFUSED = -1, /* this stack cannot be suspended now */
    COIL_WAIT_TIMEOUT = 0,
    COIL_WAIT_WOKEN = 1,
    COIL_WAIT_INTERRUPTED = 2, /* a signal handler ran */
} coil_wait_result;

/* What can end a wait before its time; suspend.js knows these numbers. */
typedef enum {
    COIL_FOR_FIBER =
        0, /* another fiber; with nothing else to come, a wait without end is a deadlock */
    COIL_FOR_TIME = 1,    /* signals alone */
    COIL_FOR_HOST = 2,    /* anything of the host: the waiter looks whether it was meant */
    COIL_FOR_PROMISE = 3, /* JavaScript, which may end without ever doing so */
    COIL_FOR_TURN = 4,    /* nothing: the fiber gives way */
} coil_wait_reason;

/* Returns milliseconds of a clock that never goes back. */
double coil_now(void);

/* Returns the time, in coil_now() milliseconds, since which the running fiber has not given way. */
double coil_turn_started(void);

/* Returns whether the current stack was entered so that it may suspend. */
bool coil_suspend_allowed(void);

/* Returns whether the engine can suspend: whether JavaScript gets turns at all while programs
   run. */
bool coil_suspend_supported(void);

/* Sets whether the current stack may suspend; returns the former setting, which the caller
   restores when its activation ends. */
bool coil_suspend_allow(bool allowed);

/* Forbids suspension for a plain call that is over soon: unlike coil_suspend_allow() it does not
   look at the clock, which costs more than such a call. Returns the former setting. */
bool coil_suspend_forbid(void);

/* Ends what coil_suspend_forbid() began, whose result is `before`. Returns nothing. */
void coil_suspend_restore(bool before);

/* Suspends until JavaScript or another fiber wakes this one or `milliseconds` (INFINITY: no limit)
   have passed; may return early by less than a millisecond. The interpreter's lock is given up
   meanwhile if this stack holds it. Returns COIL_WAIT_REFUSED, _TIMEOUT or _WOKEN. */
coil_wait_result coil_suspend_wait(double milliseconds, coil_wait_reason reason);

/* Suspends for one turn of JavaScript's event loop. Returns COIL_WAIT_TIMEOUT or
   COIL_WAIT_REFUSED. */
coil_wait_result coil_suspend_turn(void);

/* Ends the wait of the fiber with that number, if it waits. Returns nothing. */
void coil_suspend_wake(int fiber);

/* Blocks the whole thread, JavaScript included, for at most `milliseconds`. Returns nothing; may
   return early. */
void coil_block(double milliseconds);

#endif
