#ifndef COIL_FIBER_CLEANUP_H
#define COIL_FIBER_CLEANUP_H

#include "fiber.h"

/* Runs the handlers that the fiber, which ends, has not taken back. Returns nothing. */
void coil_fiber_clean_up(coil_fiber *fiber);

#endif
