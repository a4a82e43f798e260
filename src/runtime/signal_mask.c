/* Blocked signals: pthread_sigmask(), sigpending(), sigtimedwait() and, through libc,
   sigprocmask(), sigwait() and sigwaitinfo(). In place of libc's, since the host must know which
   signals to keep for us, and since libc's sigtimedwait() does not wait. */

#define _GNU_SOURCE
#include "interrupt.h"
#include "signals.h"
#include "suspend.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

static sigset_t mask;
static sigset_t pending;

bool
coil_signal_is_blocked(int signum)
{
    return sigismember(&mask, signum) == 1;
}

void
coil_signal_keep(int signum)
{
    sigaddset(&pending, signum);
}

/* Delivers what was kept and is no longer blocked, and tells the host about changed signals. */
static void
apply_changes(const sigset_t *before)
{
    for (int signum = 1; signum < _NSIG; signum++) {
        bool blocked = coil_signal_is_blocked(signum);
        if (blocked == (sigismember(before, signum) == 1)) {
            continue;
        }
        coil_signal_tell_host(signum);
        if (!blocked && sigismember(&pending, signum)) {
            sigdelset(&pending, signum);
            raise(signum);
        }
    }
}

static bool
change_mask(int how, const sigset_t *set)
{
    switch (how) {
    case SIG_SETMASK:
        mask = *set;
        break;
    case SIG_BLOCK:
        sigorset(&mask, &mask, set);
        break;
    case SIG_UNBLOCK:
        for (int signum = 1; signum < _NSIG; signum++) {
            if (sigismember(set, signum)) {
                sigdelset(&mask, signum);
            }
        }
        break;
    default:
        return false;
    }
    sigdelset(&mask, SIGKILL);
    sigdelset(&mask, SIGSTOP);
    return true;
}

int
pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict former)
{
    sigset_t before = mask;
    if (set && !change_mask(how, set)) {
        return EINVAL;
    }
    if (former) {
        *former = before;
    }
    apply_changes(&before);
    return 0;
}

int
sigpending(sigset_t *set)
{
    *set = pending;
    return 0;
}

/* Returns a signal of `set` that was kept, and forgets it; 0 if there is none. */
static int
take_pending(const sigset_t *set)
{
    for (int signum = 1; signum < _NSIG; signum++) {
        if (sigismember(set, signum) && sigismember(&pending, signum)) {
            sigdelset(&pending, signum);
            return signum;
        }
    }
    return 0;
}

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
        int signum = take_pending(set);
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
        if (coil_interrupt_wait_or_block(left) == COIL_INTERRUPT_HANDLED) {
            errno = EINTR;
            return -1;
        }
    }
}
