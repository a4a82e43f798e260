#ifndef COIL_DESCRIPTOR_WAIT_H
#define COIL_DESCRIPTOR_WAIT_H

/* The one wait under reading and writing: standard input, pipes and connected sockets suspend the
   fiber until they have something to give or to take. */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/* What a descriptor says; JavaScript knows these numbers. */
typedef enum {
    DESCRIPTOR_ORDINARY = 0, /* a file, or anything else that never waits */
    DESCRIPTOR_READY = 1,    /* one that can go on, the end included, or must not wait */
    DESCRIPTOR_WAITS = 2,    /* one that cannot go on yet */
} coil_descriptor_state;

/* Waits until `fd` can give input, of which `wanted` bytes are wanted. Returns how a read can go on
   (DESCRIPTOR_WAITS: by what a read that must not wait would find); *error is set to EINTR if a
   signal handler ran instead, and to 0 otherwise. */
coil_descriptor_state coil_descriptor_await_input(int fd, size_t wanted, uint16_t *error);

/* Waits until `fd` can take output. Returns and sets what coil_descriptor_await_input() does. */
coil_descriptor_state coil_descriptor_await_space(int fd, uint16_t *error);

/* Waits until one of `count` descriptors is ready or `deadline` (coil_now() milliseconds; INFINITY:
   none) has passed, never less. Fills in their `revents`. Returns how many are ready, or -EINTR if
   a signal handler ran instead. */
int coil_poll_until(struct pollfd *descriptors, int count, double deadline);

#endif
