#define _GNU_SOURCE
#include "process.h"

#include "mmap.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include <wasi/api.h>

/* Defined in process.js. Each returns 0 or an errno value, the first two a process number. */
int coil_process_pid_js(void);
int coil_process_parent_js(void);
int coil_process_kill_js(int pid, int signum);
/* Defined in process.js: whether the host process is this program's own. */
int coil_process_is_host_js(void);

/* Defined in process.js. Returns what system() does, or a negated errno value. */
int coil_process_system_js(const char *command, char **environment);

/* libc's names of the two system calls. */
pid_t
__syscall_getpid(void)
{
    return coil_process_pid_js();
}

pid_t
__syscall_getppid(void)
{
    return coil_process_parent_js();
}

/* There are no children to wait for. libc's stub returns -1, which its caller takes for E2BIG. */
pid_t
__syscall_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
    return -ECHILD;
}

/* What libc's system() calls. The JS library's own starts a shell even where the program is to
   leave the host alone, and with the environment that Node was given, not the program's. */
int
_emscripten_system(const char *command)
{
    return coil_process_system_js(command, environ);
}

int
coil_process_kill(pid_t pid, int signum)
{
    return coil_process_kill_js(pid, signum);
}

static bool
ignored_by_default(int signum)
{
    return signum == SIGCHLD || signum == SIGCONT || signum == SIGURG || signum == SIGWINCH;
}

static bool
stops_by_default(int signum)
{
    return signum == SIGSTOP || signum == SIGTSTP || signum == SIGTTIN || signum == SIGTTOU;
}

void
coil_process_default_action(int signum)
{
    if (ignored_by_default(signum)) {
        return;
    }
    if (coil_process_is_host_js()) {
        coil_process_kill_js(getpid(), signum);
    }
    if (!stops_by_default(signum)) {
        /* Still here: a host without processes or without this signal, or one that goes on without
           Python. Shells' convention. */
        _Exit(128 + signum);
    }
}

/* In place of libc's, which knows of no mappings. */
_Noreturn void
_Exit(int status)
{
    coil_mmap_store_all();
    __wasi_proc_exit((__wasi_exitcode_t)status);
}

/* In place of the JS library's exit(), which flushes nothing in a module without EXIT_RUNTIME. */
_Noreturn void
exit(int status)
{
    fflush(NULL);
    _Exit(status);
}
