/* Blocked signals: pthread_sigmask(), sigpending() and, through libc, sigprocmask(). In place of
   libc's, since the host must know which signals to keep for us. */

#define _GNU_SOURCE
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>

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

int
coil_signal_take(const sigset_t *set)
{
    for (int signum = 1; signum < _NSIG; signum++) {
        if (sigismember(set, signum) && sigismember(&pending, signum)) {
            sigdelset(&pending, signum);
            return signum;
        }
    }
    return 0;
}
