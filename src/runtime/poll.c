/* The wait under poll(), select() (see select.c), ppoll() and pselect(): it suspends until a
   descriptor is ready, and honours the time-out. The JS library's own returns at once whatever the
   time-out. */

#include "descriptor_wait.h"
#include "fiber_wait.h"
#include "interrupt.h"

#include <errno.h>
#include <math.h>

/* Descriptors that do not wake the waiting stack when they become ready are asked this often. */
#define ASK_INTERVAL 20.0

/* The JS library's: fills in what is ready and returns how many descriptors are. */
int __syscall_poll_nonblocking(struct pollfd *descriptors, int count);

/* libc's name of the system call. Returns how many descriptors are ready, or a negated errno. */
int __syscall_poll(struct pollfd *descriptors, int count, int timeout);

int
coil_poll_until(struct pollfd *descriptors, int count, double deadline)
{
    for (;;) {
        int ready = __syscall_poll_nonblocking(descriptors, count);
        double left = deadline - coil_now();
        if (ready || left <= 0) {
            return ready;
        }
        if (isinf(deadline) && coil_fiber_waits_in_vain()) {
            return -coil_fiber_refuse(EAGAIN);
        }
        double wait = count ? fmin(left, ASK_INTERVAL) : left;
        if (coil_interrupt_wait_or_block(wait, COIL_FOR_HOST) == COIL_INTERRUPT_HANDLED) {
            return -EINTR;
        }
    }
}

int
__syscall_poll(struct pollfd *descriptors, int count, int timeout)
{
    return coil_poll_until(descriptors, count, timeout < 0 ? INFINITY : coil_now() + timeout);
}
