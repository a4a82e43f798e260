#include "fiber_clock.h"

#include <emscripten.h>

/* Defined in clocks.js: the milliseconds of processor time of the engine's thread. */
double coil_clock_thread_js(void);

static bool counting;

/* The engine's thread had used so much when the running fiber went on. */
static double started;

void
coil_fiber_clock_stop(coil_fiber *fiber)
{
    if (counting) {
        double now = coil_clock_thread_js();
        fiber->processor_time += now - started;
        started = now;
    }
}

/* Called by clocks.js. */
EMSCRIPTEN_KEEPALIVE double
coil_fiber_clock_read(double now)
{
    if (!counting) {
        counting = true;
        started = now;
        coil_fiber_main()->processor_time = now;
    }
    return coil_fiber_current()->processor_time + now - started;
}
