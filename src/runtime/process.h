#ifndef COIL_PROCESS_H
#define COIL_PROCESS_H

/* The host's process as C sees it: its number, its end, signals to it and to others. This file's
   .c replaces libc's kill(), abort(), exit(), getpid() and getppid(). */

/* Does what the system does with `signum` when nobody handles it: nothing, stop, or end the host's
   process by that signal. Returns in the first two cases only. */
void coil_process_default_action(int signum);

#endif
