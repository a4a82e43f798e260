/* How deep C code may recurse before Python must say RecursionError. */
#ifndef COIL_STACK_GUARD_H
#define COIL_STACK_GUARD_H

/* Says how large the engine's stack is under the calls that follow, in kilobytes. Called before
   Python starts; without it, the stack is taken to be as large as every engine makes it by
   default. Returns nothing. */
void coil_stack_guard_set_engine_stack(int kilobytes);

#endif
