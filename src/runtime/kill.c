/* kill() and abort(): signals that the program sends, to itself or to other processes. */

#define _GNU_SOURCE
#include "fiber_wait.h"
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int
kill(pid_t pid, int signum)
{
    if (pid == -1) {
        /* "Every process there is." A program meant for a machine of its own, or one that takes a
           failed fork()'s -1 for a child, must not end the user's session. */
        errno = EPERM;
        return -1;
    }
    pthread_t main_thread = (pthread_t)(void *)coil_fiber_main();
    int error = pid == getpid() ? pthread_kill(main_thread, signum)
                                : coil_process_kill(pid, signum);
    if (error) {
        errno = error;
        return -1;
    }
    return 0;
}

_Noreturn void
abort(void)
{
    raise(SIGABRT);
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
    _Exit(128 + SIGABRT);
}
