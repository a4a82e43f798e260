/* sigtimedwait() and, through libc, sigwait() and sigwaitinfo(): libc's own does not wait. */

#define _GNU_SOURCE
#include "interrupt.h"
#include "signals.h"
#include "suspend.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <time.h>

int
sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
             const struct timespec *restrict timeout)
{
    double limit = INFINITY;
    if (timeout) {
        limit = (double)timeout->tv_sec * 1e3 + (double)timeout->tv_nsec / 1e6;
    }
    double deadline = coil_now() + limit;
    for (;;) {
        int signum = coil_signal_take(set);
        if (signum) {
            if (info) {
                *info = (siginfo_t){.si_signo = signum};
            }
            return signum;
        }
        double left = deadline - coil_now();
        if (left <= 0) {
            errno = EAGAIN;
            return -1;
        }
        if (coil_interrupt_wait_or_block(left, COIL_FOR_HOST) == COIL_INTERRUPT_HANDLED) {
            errno = EINTR;
            return -1;
        }
    }
}
