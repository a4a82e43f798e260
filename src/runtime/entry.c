/* The one seam between JavaScript and C: every function that JavaScript may call is here, and
   nowhere else are the may-suspend flag and the stack pointer of an activation looked after.

   An activation runs from a call out of JavaScript until its return. A plain call must not suspend;
   a call through WebAssembly.promising may. Plain calls can come while a promising one is
   suspended: they use the C stack below it and end before it goes on.

   Errors: a function returns its result or a status. What cannot be returned (exit(), a trap)
   leaves as the JavaScript exception ExitStatus or WebAssembly.RuntimeError, after which only
   JavaScript's own state is defined: the loader drops the instance. */

#define _GNU_SOURCE
#include "slot.h"

#include "activations.h"
#include "boot.h"
#include "environ.h"
#include "main.h"
#include "signals.h"
#include "stack_guard.h"
#include "standard_streams.h"
#include "suspend.h"

#include <emscripten.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRY EMSCRIPTEN_KEEPALIVE

/* Returns memory of `size` bytes that the caller owns, or NULL. */
ENTRY void *coil_allocate(size_t size);

/* Says how large the engine's stack will be below coil_main(), in kilobytes; see stack_guard.h.
   Returns nothing. */
ENTRY void coil_set_engine_stack(int kilobytes);

/* Runs the command line. `strings` holds, each ended by a NUL and all owned by the callee from now
   on, `argc` arguments, `envc` settings of the environment and the working directory ("": leave
   it). `promising` says that the call comes through WebAssembly.promising. Returns the exit
   status. */
ENTRY int coil_main(char *strings, int argc, int envc, bool promising);

/* Starts Python for JavaScript to call it; see boot.h. `strings` is as for coil_main(); the
   standard streams are the caller's concern. Plain: the start never suspends. Returns NULL, or the
   address of a text that says why there is no Python. */
ENTRY const char *coil_boot(char *strings, int argc, int envc);

/* Notes a signal of the host; C delivers it when it next looks. Returns nothing. */
ENTRY void coil_signal(int signum);

/* Returns whether what the event loop calls must wait because C is on the stack. If so,
   bridge_js_turns() says when it no longer is. */
ENTRY bool coil_must_wait(void);

/* Raises a signal at once, for JS library code that stands for a system call. Returns nothing. */
ENTRY void coil_raise(int signum);

void *
coil_allocate(size_t size)
{
    return malloc(size);
}

void
coil_set_engine_stack(int kilobytes)
{
    coil_stack_guard_set_engine_stack(kilobytes);
}

/* Makes a NULL-ended array of `count` strings that follow each other from *strings on, and moves
 *strings behind them. Returns it, owned by the caller; aborts without memory. */
static char **
take_strings(char **strings, int count)
{
    char **array = calloc((size_t)count + 1, sizeof(char *));
    if (!array) {
        abort();
    }
    for (int i = 0; i < count; i++) {
        array[i] = *strings;
        *strings += strlen(*strings) + 1;
    }
    return array;
}

/* Gives the process what `strings` holds: environment and working directory. Returns the arguments,
   owned by the caller. */
static char **
take_process(char *strings, int argc, int envc)
{
    char **argv = take_strings(&strings, argc);
    coil_environ_set(take_strings(&strings, envc));
    if (*strings) {
        /* A directory that went away meanwhile is no error in a native program either. */
        (void)chdir(strings);
    }
    return argv;
}

int
coil_main(char *strings, int argc, int envc, bool promising)
{
    bool before = coil_suspend_allow(promising);
    coil_activation_begin();
    coil_streams_open();
    int status = coil_main_run(argc, take_process(strings, argc, envc));
    coil_activation_end();
    coil_suspend_allow(before);
    return status;
}

const char *
coil_boot(char *strings, int argc, int envc)
{
    bool before = coil_suspend_allow(false);
    coil_activation_begin();
    const char *failure = coil_boot_run(argc, take_process(strings, argc, envc));
    coil_activation_end();
    coil_suspend_allow(before);
    return failure;
}

void
coil_signal(int signum)
{
    coil_signal_post(signum);
}

bool
coil_must_wait(void)
{
    return coil_activations_await_end();
}

void
coil_raise(int signum)
{
    bool before = coil_suspend_allow(false);
    raise(signum);
    coil_suspend_allow(before);
}

/* --- The bridge: plain calls, each with the interpreter's lock. --- */

typedef struct {
    bool may_suspend; /* what the activation below was entered with */
    bool took_lock;
} activation;

static activation
enter_plain(void)
{
    activation before = {coil_suspend_forbid(), false};
    coil_activation_begin();
    if (!PyThreadState_GetUnchecked() && Py_IsInitialized()) {
        /* The main program waits without the lock; this call is over before it goes on, so it uses
           the main program's thread state as a signal handler would. */
        PyEval_RestoreThread(PyInterpreterState_ThreadHead(PyInterpreterState_Main()));
        before.took_lock = true;
    }
    return before;
}

static void
leave_plain(activation before)
{
    if (before.took_lock) {
        PyEval_SaveThread();
    }
    coil_activation_end();
    coil_suspend_restore(before.may_suspend);
}

#include "bridge_entries.inc"
