/* How deep C code may recurse before Python must say RecursionError. */
#ifndef COIL_STACK_GUARD_H
#define COIL_STACK_GUARD_H

#include "fiber.h"

/* Says how large the engine's stack is under the main program, in kilobytes, and whether a thread's
   can be chosen. Called before Python starts; without it, stacks are taken to be as large as every
   engine makes them by default. Returns nothing. */
void coil_stack_guard_set_engine_stack(int kilobytes, bool adjustable);

/* Returns how large the engine's stack under `fiber` is or is to be, in kilobytes. */
int coil_stack_guard_engine_stack(const coil_fiber *fiber);

#endif
