#ifndef COIL_SIGNALS_H
#define COIL_SIGNALS_H

/* POSIX signals: dispositions, masks and delivery. Signals of the host are noted by
   coil_signal_post() while JavaScript runs, and delivered when C asks. This file's .c replaces
   libc's sigaction() and raise(). */

#include <signal.h>
#include <stdbool.h>

/* Notes that the host sent `signum`; out-of-range numbers are ignored. Returns nothing, raises
   nothing, runs no Python code: it may be called at any time. */
void coil_signal_post(int signum);

/* Returns whether the program handles a signal that CPython does not handle by itself (SIGINT). */
bool coil_signals_awaited(void);

/* Returns whether there are noted signals. */
bool coil_signals_pending(void);

/* Delivers every noted signal. Returns whether a handler ran. */
bool coil_signals_deliver(void);

/* Makes the host treat `signum` as C wants it now. Returns nothing. */
void coil_signal_tell_host(int signum);

/* With false, the host treats signals as it likes, whatever C wants from then on. Returns nothing.
 */
void coil_signal_bind_host(bool bound);

/* In signal_mask.c. Returns whether `signum` is blocked. */
bool coil_signal_is_blocked(int signum);

/* In signal_mask.c: keeps a blocked signal until it is unblocked or waited for. Returns nothing. */
void coil_signal_keep(int signum);

/* In signal_mask.c. Returns a signal of `set` that was kept, and forgets it; 0 if there is none. */
int coil_signal_take(const sigset_t *set);

#endif
