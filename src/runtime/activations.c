#include "activations.h"

#include "slot.h"

/* JavaScript restores the first and sets the second when the engine's stack overflows in an
   activation, which has no end then; js/exports.ts knows the offsets. */
static struct {
    int running;    /* how many activations are on the stack */
    int overflowed; /* one of them was unwound */
} state;

/* Whether JavaScript wants to be told when there is none. */
static bool awaited;

void *
coil_activations_state(void)
{
    return &state;
}

bool
coil_activation_is_outermost(void)
{
    return state.running == 1;
}

bool
coil_activations_take_overflow(void)
{
    bool before = state.overflowed;
    state.overflowed = 0;
    return before;
}

void
coil_activation_begin(void)
{
    state.running++;
}

void
coil_activation_end(void)
{
    state.running--;
    if (awaited && state.running == 0) {
        awaited = false;
        bridge_js_turns();
    }
}

bool
coil_activations_await_end(void)
{
    awaited = state.running > 0;
    return awaited;
}
