#ifndef COIL_PROCESS_H
#define COIL_PROCESS_H

/* The host's process as C sees it: its number, its end, signals to it and to others, commands of
   the host. This file's .c replaces libc's exit(), getpid() and getppid(); kill() and abort() are
   in kill.c. */

#include <sys/types.h>

/* Has the host send `signum` to a process. Returns 0 or an errno value. */
int coil_process_kill(pid_t pid, int signum);

/* Does what the system does with `signum` when nobody handles it: nothing, stop, or end the host's
   process by that signal. Returns in the first two cases only. */
void coil_process_default_action(int signum);

#endif
