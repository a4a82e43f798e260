#ifndef COIL_ITIMER_H
#define COIL_ITIMER_H

/* setitimer(), getitimer() and, through libc, alarm(): timers that live in C as deadlines, so that
   they fire in loops, in waits and in engines that cannot suspend, without any JS timer. All three
   kinds count real time: no clock of this process' own CPU time is cheap enough to ask each tick.
   This file's .c replaces libc's setitimer() and getitimer(). */

/* Posts the signal of each timer that is due at `now` (coil_now() milliseconds) and starts
   repeating ones again. Returns nothing. */
void coil_itimers_expire(double now);

/* Returns the milliseconds from `now` to the next deadline: 0 if it has passed, INFINITY if no
   timer runs. */
double coil_itimers_next(double now);

#endif
