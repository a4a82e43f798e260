#ifndef COIL_FIBER_CLOCK_H
#define COIL_FIBER_CLOCK_H

/* The processor time of each fiber, for CLOCK_THREAD_CPUTIME_ID: all of them run on one thread of
   the engine. It is counted from the first time that somebody asks, since reading the clock takes
   longer than a switch does. */

#include "fiber.h"

/* To be called when `fiber` has run until now and another one goes on. Returns nothing. */
void coil_fiber_clock_stop(coil_fiber *fiber);

/* Returns the milliseconds of processor time that the running fiber took, of which `now` are those
   of the engine's thread. Before the first call, all time was the main program's. */
double coil_fiber_clock_read(double now);

#endif
