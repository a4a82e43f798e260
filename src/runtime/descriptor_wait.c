#include "descriptor_wait.h"

#include "interrupt.h"

#include <errno.h>
#include <math.h>

/* Defined in standard_streams.js. The last one takes back what a waiting read has asked for. */
coil_descriptor_state coil_streams_await_js(int fd, size_t wanted);
coil_descriptor_state coil_streams_await_space_js(int fd);
void coil_streams_cancel_js(int fd);

/* Waits for anything of the host. Returns whether to look again; if not, *error says why. */
static int
look_again(uint16_t *error)
{
    coil_interrupt_result result = coil_interrupt_wait(INFINITY, COIL_FOR_HOST);
    *error = result == COIL_INTERRUPT_HANDLED ? EINTR : 0;
    return result == COIL_INTERRUPT_NONE;
}

coil_descriptor_state
coil_descriptor_await_input(int fd, size_t wanted, uint16_t *error)
{
    *error = 0;
    coil_descriptor_state state = coil_streams_await_js(fd, wanted);
    while (state == DESCRIPTOR_WAITS && look_again(error)) {
        state = coil_streams_await_js(fd, wanted);
    }
    if (state == DESCRIPTOR_WAITS && !*error) {
        coil_streams_cancel_js(fd);
    }
    return state;
}

coil_descriptor_state
coil_descriptor_await_space(int fd, uint16_t *error)
{
    *error = 0;
    coil_descriptor_state state = coil_streams_await_space_js(fd);
    while (state == DESCRIPTOR_WAITS && look_again(error)) {
        state = coil_streams_await_space_js(fd);
    }
    return state;
}
