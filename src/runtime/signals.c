#define _GNU_SOURCE
#include "signals.h"

#include "process.h"
#include "suspend.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* How a signal is disposed of, as signals.js understands it. */
enum disposition { DEFAULTED, IGNORED, HANDLED };

/* Defined in signals.js: makes the host treat `signum` that way. */
void coil_signal_dispose_js(int signum, int disposition);

/* libc's name, since its signal(), sigset() and siginterrupt() end in __sigaction. */
int __sigaction(int signum, const struct sigaction *action, struct sigaction *former);

static struct sigaction actions[_NSIG];
static enum disposition told[_NSIG];
static bool host_is_bound = true;
static uint64_t posted;
_Static_assert(_NSIG <= 65, "one bit for each signal");

static bool
is_signal(int signum)
{
    return signum > 0 && signum < _NSIG;
}

static enum disposition
disposition_of(int signum)
{
    void (*handler)(int) = actions[signum].sa_handler;
    if (handler == SIG_DFL) {
        return DEFAULTED;
    }
    return handler == SIG_IGN ? IGNORED : HANDLED;
}

/* What the host is told. A listener of a program that never suspends would never be called: the
   host's default, the end of the process, is then the better answer to Ctrl-C. */
static enum disposition
host_disposition_of(int signum)
{
    enum disposition disposition = disposition_of(signum);
    if (coil_signal_is_blocked(signum)) {
        disposition = HANDLED;
    }
    return disposition == HANDLED && !coil_suspend_supported() ? DEFAULTED : disposition;
}

void
coil_signal_bind_host(bool bound)
{
    host_is_bound = bound;
}

void
coil_signal_tell_host(int signum)
{
    if (!host_is_bound) {
        return;
    }
    enum disposition now = host_disposition_of(signum);
    if (now != told[signum]) {
        told[signum] = now;
        coil_signal_dispose_js(signum, now);
    }
}

static void
set_action(int signum, const struct sigaction *action)
{
    actions[signum] = *action;
    coil_signal_tell_host(signum);
}

int
__sigaction(int signum, const struct sigaction *action, struct sigaction *former)
{
    if (!is_signal(signum) || (action && (signum == SIGKILL || signum == SIGSTOP))) {
        errno = EINVAL;
        return -1;
    }
    if (former) {
        *former = actions[signum];
    }
    if (action) {
        set_action(signum, action);
    }
    return 0;
}

int
sigaction(int signum, const struct sigaction *action, struct sigaction *former)
{
    return __sigaction(signum, action, former);
}

int
sigaltstack(const stack_t *restrict wanted, stack_t *restrict former)
{
    /* Remembered and never used: handlers are called where C asks for signals, on the stack it is
       on, and an overflow of that stack is no signal here. */
    static stack_t alternate = {.ss_flags = SS_DISABLE};
    if (wanted && !(wanted->ss_flags & SS_DISABLE) && wanted->ss_size < MINSIGSTKSZ) {
        errno = ENOMEM;
        return -1;
    }
    if (former) {
        *former = alternate;
    }
    if (wanted) {
        alternate = *wanted;
    }
    return 0;
}

static void
run_handler(int signum)
{
    struct sigaction action = actions[signum];
    if (action.sa_flags & SA_RESETHAND) {
        struct sigaction reset = {.sa_handler = SIG_DFL};
        set_action(signum, &reset);
    }
    /* Called from C, never through JS as libc does: a JS frame here would forbid suspension in
       everything the handler calls. */
    if (action.sa_flags & SA_SIGINFO) {
        siginfo_t info = {.si_signo = signum};
        action.sa_sigaction(signum, &info, NULL);
    }
    else {
        action.sa_handler(signum);
    }
}

/* Returns whether a handler ran. */
static bool
deliver(int signum)
{
    if (coil_signal_is_blocked(signum)) {
        coil_signal_keep(signum);
        return false;
    }
    switch (disposition_of(signum)) {
    case HANDLED:
        run_handler(signum);
        return true;
    case DEFAULTED:
        coil_process_default_action(signum);
        return false;
    case IGNORED:
        break;
    }
    return false;
}

int
raise(int signum)
{
    if (signum == 0) {
        return 0;
    }
    if (!is_signal(signum)) {
        errno = EINVAL;
        return -1;
    }
    deliver(signum);
    return 0;
}

void
coil_signal_post(int signum)
{
    if (is_signal(signum)) {
        posted |= UINT64_C(1) << (signum - 1);
    }
}

bool
coil_signals_awaited(void)
{
    for (int signum = 1; signum < _NSIG; signum++) {
        if (signum != SIGINT && disposition_of(signum) == HANDLED) {
            return true;
        }
    }
    return false;
}

bool
coil_signals_pending(void)
{
    return posted != 0;
}

bool
coil_signals_deliver(void)
{
    bool handled = false;
    while (posted) {
        int signum = __builtin_ctzll(posted) + 1;
        posted &= posted - 1;
        handled |= deliver(signum);
    }
    return handled;
}
