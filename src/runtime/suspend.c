#include "suspend.h"

#include "activations.h"

#include <emscripten.h>

/* Defined in suspend.js. */
void coil_suspend_cancel_js(void);
void coil_block_js(double milliseconds);

/* Defined in suspend.s: the suspending import behind a guard. Returns a coil_wait_result. */
int coil_suspend_guarded(double milliseconds);

/* What suspend.js takes as "one turn of the event loop, however short". */
#define ONE_TURN (-1.0)

static bool allowed;
static bool supported;
static double turn_started;

double
coil_now(void)
{
    return emscripten_get_now();
}

double
coil_turn_started(void)
{
    return turn_started;
}

bool
coil_suspend_allowed(void)
{
    return allowed;
}

bool
coil_suspend_supported(void)
{
    return supported;
}

bool
coil_suspend_forbid(void)
{
    bool before = allowed;
    allowed = false;
    return before;
}

void
coil_suspend_restore(bool before)
{
    allowed = before;
}

bool
coil_suspend_allow(bool now_allowed)
{
    bool before = allowed;
    allowed = now_allowed;
    supported |= now_allowed;
    turn_started = coil_now();
    return before;
}

static coil_wait_result
suspend(double milliseconds)
{
    if (!allowed) {
        return COIL_WAIT_REFUSED;
    }
    coil_activation_end();
    coil_wait_result result = coil_suspend_guarded(milliseconds);
    coil_activation_begin();
    if (result == COIL_WAIT_REFUSED) {
        /* The engine calls the import first and refuses afterwards. */
        coil_suspend_cancel_js();
        return result;
    }
    /* While this stack was away, plain entries may have switched the flag off and on again; it
       was on when this activation left, so it is on now. */
    allowed = true;
    turn_started = coil_now();
    return result;
}

coil_wait_result
coil_suspend_wait(double milliseconds)
{
    return suspend(milliseconds < 0 ? 0 : milliseconds);
}

coil_wait_result
coil_suspend_turn(void)
{
    return suspend(ONE_TURN);
}

void
coil_block(double milliseconds)
{
    coil_block_js(milliseconds);
}
