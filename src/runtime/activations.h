#ifndef COIL_ACTIVATIONS_H
#define COIL_ACTIVATIONS_H

/* Whether C is on JavaScript's stack right now. An activation counts from its entry to its return,
   but for the time in which it is suspended: its frames are elsewhere then.

   The event loop of JavaScript asks. It ought to call nothing while C runs; where an engine turns
   it in the middle of a call, or a program does with timers of its own, a step of one task would
   begin inside that of another. */

#include <stdbool.h>

/* Returns where JavaScript finds how many activations there are: an int, behind which it sets
   another one to 1 when the engine's stack has overflowed in one of them. */
void *coil_activations_state(void);

/* Returns whether the running activation is the only one on the stack. */
bool coil_activation_is_outermost(void);

/* Returns whether the engine's stack has overflowed in an activation since the last call. */
bool coil_activations_take_overflow(void);

/* C has been entered, or a suspended activation goes on. Returns nothing. */
void coil_activation_begin(void);

/* C returns to JavaScript, for good or while it is suspended. Returns nothing. */
void coil_activation_end(void);

/* Returns whether C is on the stack. If so, bridge_js_turns() says once when it no longer is. */
bool coil_activations_await_end(void);

#endif
