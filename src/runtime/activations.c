#include "activations.h"

#include "slot.h"

/* How many activations are on the stack. */
static int running;

/* Whether JavaScript wants to be told when there is none. */
static bool awaited;

void
coil_activation_begin(void)
{
    running++;
}

void
coil_activation_end(void)
{
    running--;
    if (awaited && running == 0) {
        awaited = false;
        bridge_js_turns();
    }
}

bool
coil_activations_await_end(void)
{
    awaited = running > 0;
    return awaited;
}
