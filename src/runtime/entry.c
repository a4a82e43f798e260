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
#include "fiber.h"
#include "fiber_call.h"
#include "fiber_deadlock.h"
#include "fiber_wait.h"
#include "main.h"
#include "main_loan.h"
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

/* Says how large the engine's stack will be below coil_main(), in kilobytes, and whether that of a
   thread can be chosen; see stack_guard.h. Returns nothing. */
ENTRY void coil_set_engine_stack(int kilobytes, bool adjustable);

/* Runs the command line. `strings` holds, each ended by a NUL and all owned by the callee from now
   on, `argc` arguments, `envc` settings of the environment and the working directory ("": leave
   it). `promising` says that the call comes through WebAssembly.promising. Returns the exit
   status. */
ENTRY int coil_main(char *strings, int argc, int envc, bool promising);

/* Starts Python for JavaScript to call it; see boot.h. `strings` is as for coil_main(); the
   standard streams are the caller's concern. Plain: the start never suspends. Returns NULL, or the
   address of a text that says why there is no Python. */
ENTRY const char *coil_boot(char *strings, int argc, int envc);

/* Notes a signal of the host, and has the main program look for it. Returns nothing. */
ENTRY void coil_signal(int signum);

/* Runs a new thread up to its end; through WebAssembly.promising. Returns nothing. */
ENTRY void coil_thread_run(coil_fiber *fiber);

/* Reports that nothing is left to happen while threads wait for each other. Returns whether to stay
   nevertheless. */
ENTRY bool coil_deadlock(void);

/* Returns whether what the event loop calls must wait because C is on the stack. If so,
   bridge_js_turns() says when it no longer is. */
ENTRY bool coil_must_wait(void);

/* Returns the address of two ints by which JavaScript tells of overflows: activations.h. */
ENTRY void *coil_activation_state(void);

/* Ends what was unwound by an overflow of the engine's stack; every plain call does it as well.
   Returns nothing. */
ENTRY void coil_recover(void);

/* Raises a signal at once, for JS library code that stands for a system call. Returns nothing. */
ENTRY void coil_raise(int signum);

void *
coil_allocate(size_t size)
{
    return malloc(size);
}

void
coil_set_engine_stack(int kilobytes, bool adjustable)
{
    coil_stack_guard_set_engine_stack(kilobytes, adjustable);
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
    coil_fiber_take_main(coil_fiber_main());
    promising ? coil_fiber_enter(coil_fiber_main()) : coil_activation_begin();
    coil_streams_open();
    int status = coil_main_run(argc, take_process(strings, argc, envc));
    promising ? coil_fiber_leave(coil_fiber_main()) : coil_activation_end();
    coil_fiber_drop_main();
    coil_suspend_allow(before);
    return status;
}

const char *
coil_boot(char *strings, int argc, int envc)
{
    bool before = coil_suspend_allow(false);
    coil_activation_begin();
    coil_fiber_take_main(coil_fiber_main());
    const char *failure = coil_boot_run(argc, take_process(strings, argc, envc));
    coil_fiber_drop_main();
    coil_activation_end();
    coil_suspend_allow(before);
    return failure;
}

void
coil_signal(int signum)
{
    coil_signal_post(signum);
    coil_fiber_wake_main();
}

void
coil_thread_run(coil_fiber *fiber)
{
    coil_fiber_run(fiber);
}

bool
coil_deadlock(void)
{
    bool before = coil_suspend_allow(false);
    bool stays = coil_fiber_report_deadlock();
    coil_suspend_allow(before);
    return stays;
}

bool
coil_must_wait(void)
{
    return coil_activations_await_end();
}

void *
coil_activation_state(void)
{
    return coil_activations_state();
}

void
coil_raise(int signum)
{
    bool before = coil_suspend_allow(false);
    raise(signum);
    coil_suspend_allow(before);
}

/* --- The bridge --- */

/* What a plain call has changed, for its end. In one word, which is returned in a register. */
typedef unsigned activation;
enum {
    MAY_SUSPEND = 1, /* the activation below was entered so */
    TOOK_LOCK = 2,
    TOOK_MAIN = 4, /* the main program's part was free */
    TOOK_LOAN = 8, /* it belongs to a suspended fiber */
};

/* Nobody is below: JavaScript's event loop calls. Returns the flags of what was taken. */
static activation
enter_main(void)
{
    activation taken = 0;
    if (!PyThreadState_GetUnchecked() && Py_IsInitialized()) {
        /* All fibers wait, and none of them holds the lock. */
        PyEval_RestoreThread(coil_boot_main_thread());
        taken |= TOOK_LOCK;
    }
    if (coil_fiber_take_main(coil_fiber_main())) {
        return taken | TOOK_MAIN;
    }
    return taken | (coil_main_loan_take(taken & TOOK_LOCK) ? TOOK_LOAN : 0);
}

/* What a plain call gives back that came from JavaScript with no C below it. JavaScript may be deep
   in recursion then, of which C knows nothing: the engine's stack overflows in C, and the call has
   no end. The next one ends it. What C was in the middle of is lost, as by a longjmp(). */
static struct {
    PyThreadState *thread; /* NULL: there is no such call */
    struct _PyInterpreterFrame *frame;
    _PyErr_StackItem *handled;
    int c_levels;
    int python_levels;
    activation taken;
} outermost;

static void
note_outermost(activation taken)
{
    PyThreadState *thread = PyThreadState_GetUnchecked();
    outermost.thread = thread;
    outermost.taken = taken;
    if (thread) {
        outermost.frame = thread->current_frame;
        outermost.handled = thread->exc_info;
        outermost.c_levels = thread->c_recursion_remaining;
        outermost.python_levels = thread->py_recursion_remaining;
    }
}

static void
give_back(activation taken)
{
    if (taken & TOOK_LOAN) {
        coil_main_loan_give_back();
    }
    if (taken & TOOK_MAIN) {
        coil_fiber_drop_main();
    }
    if (taken & TOOK_LOCK) {
        PyEval_SaveThread();
    }
}

/* Called by an activation that is the only one. */
static void
end_overflowed(void)
{
    PyThreadState *thread = PyThreadState_GetUnchecked();
    bool is_open = thread && thread == outermost.thread;
    outermost.thread = NULL;
    if (!is_open) {
        return; /* it overflowed before it began, or while it had given the lock up */
    }
    PyErr_Clear();
    thread->current_frame = outermost.frame;
    thread->exc_info = outermost.handled;
    thread->c_recursion_remaining = outermost.c_levels;
    thread->py_recursion_remaining = outermost.python_levels;
    give_back(outermost.taken);
}

void
coil_recover(void)
{
    coil_activation_begin();
    if (coil_activation_is_outermost() && coil_activations_take_overflow()) {
        end_overflowed();
    }
    coil_activation_end();
}

static activation
enter_plain(void)
{
    activation taken = coil_suspend_forbid() ? MAY_SUSPEND : 0;
    coil_activation_begin();
    bool is_outermost = coil_activation_is_outermost();
    if (is_outermost && coil_activations_take_overflow()) {
        end_overflowed();
    }
    if (coil_fiber_current() == coil_fiber_main()) {
        taken |= enter_main();
    }
    if (is_outermost) {
        note_outermost(taken);
    }
    return taken;
}

static void
leave_plain(activation taken)
{
    give_back(taken);
    if (coil_activation_is_outermost()) {
        coil_activations_take_overflow(); /* of a call below this one, which went on */
        outermost.thread = NULL;
    }
    coil_activation_end();
    coil_suspend_restore(taken & MAY_SUSPEND);
}

#include "bridge_entries.inc"
