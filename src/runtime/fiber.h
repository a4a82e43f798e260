#ifndef COIL_FIBER_H
#define COIL_FIBER_H

/* Fibers: the threads of one JavaScript thread. Each has a C stack of its own in linear memory and
   an engine's stack of its own, and runs until it waits, returns or has used up its share of time.

   An activation runs from the moment JavaScript enters or resumes a fiber until the fiber suspends
   or returns. What belongs to a thread and lies in one place for all of them (errno, exceptions in
   flight, the current import) is exchanged at both ends of it, and so is the interpreter's lock:
   no fiber is suspended while it holds it. So whoever is entered finds it free. */

#include <Python.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct coil_fiber coil_fiber;

/* Fibers that wait for the same thing, the longest-waiting first. All zero: empty. */
typedef struct {
    coil_fiber *first;
    coil_fiber *last;
} coil_fiber_queue;

/* C++'s exceptions in flight, as the C++ ABI lays them out (__cxa_eh_globals). */
typedef struct {
    void *caught;
    unsigned int uncaught;
} coil_fiber_exceptions;

/* What is exchanged when an activation begins and ends. */
typedef struct {
    int error;
    const char *package; /* the name of the module that is being imported */
    coil_fiber_exceptions exceptions;
} coil_fiber_context;

/* What an activation has interrupted: JavaScript that was called by another fiber, or by nobody. */
typedef struct {
    uintptr_t stack; /* C stack pointer */
    coil_fiber *fiber;
    PyThreadState *thread; /* held the interpreter's lock; NULL if it was free */
    bool may_suspend;
    coil_fiber_context context;
} coil_fiber_outside;

typedef enum { FIBER_RUNNING, FIBER_DONE } coil_fiber_state;

/* How a fiber came to be. */
typedef enum {
    FIBER_OF_THREAD, /* pthread_create() */
    FIBER_OF_CALL,   /* JavaScript has called Python by a promising entry (fiber_call.c) */
} coil_fiber_origin;

struct coil_fiber {
    coil_fiber
        *older;    /* of all that were ever made; their memory is used again, never given back */
    int number;    /* its index in JavaScript's tables */
    int native_id; /* unlike a pthread_t, never used twice */
    coil_fiber_state state;
    coil_fiber_origin origin;
    bool detached;
    bool is_own;      /* a call for which a program has asked */
    bool woken;       /* by another fiber, since its wait began */
    bool interrupted; /* since its wait began: by a signal's handler, or coil_fiber_interrupt() */
    bool keyboard_interrupt; /* is to be raised when it goes on */
    bool passed_over;        /* was woken for something that another fiber then took */
    coil_fiber_queue *queue;
    coil_fiber *next;
    coil_fiber *previous;
    coil_fiber_queue joiners;
    char *stack; /* NULL: the main program's, which the linker lays out */
    size_t stack_size;
    coil_fiber_outside outside;
    coil_fiber_context own; /* while it is suspended */
    void *(*start)(void *);
    void (*run)(void *); /* what a call of JavaScript runs */
    /* Of asyncio, the call's own while it waits, otherwise what it interrupts; NULL without a task.
     */
    PyObject *loop;
    PyObject *task;
    void *argument;
    void *result;
    jmp_buf *exit;
    struct __ptcb *cleanup;
    double processor_time; /* milliseconds; see fiber_clock.h */
    void *keys[PTHREAD_KEYS_MAX];
};

/* Returns the running fiber; outside of all of them the main program's, whose identity plain calls
   of JavaScript borrow. */
coil_fiber *coil_fiber_current(void);

/* Returns the main program's fiber. */
coil_fiber *coil_fiber_main(void);

/* Returns whom the running fiber is taken for: itself, or the main program's fiber if it has that
   one's part. Thread ids and what is stored under keys go by it. */
coil_fiber *coil_fiber_identity(void);

/* Makes `fiber` the one that has the main program's part, if nobody has it: that part is Python's
   main thread, with its state. Returns whether it is `fiber`'s from now on. */
bool coil_fiber_take_main(coil_fiber *fiber);

/* Ends what coil_fiber_take_main() began. Returns nothing. */
void coil_fiber_drop_main(void);

/* Returns the fiber that has the main program's part, or NULL: nobody. */
coil_fiber *coil_fiber_main_holder(void);

/* Returns the fiber that was made last; `older` leads from it to all others. */
coil_fiber *coil_fiber_newest(void);

/* Returns how many fibers there are that have not ended, the main program's included. */
int coil_fiber_count(void);

/* Returns a fiber that has not begun, with a C stack of `stack_size` bytes (0: the default), or
   NULL without memory. coil_fiber_run() makes it run, coil_fiber_discard() gives it back. */
coil_fiber *coil_fiber_new(size_t stack_size);

/* Gives back a fiber that will not run. Returns nothing. */
void coil_fiber_discard(coil_fiber *fiber);

/* Gives back a fiber that has ended. Returns nothing. */
void coil_fiber_release(coil_fiber *fiber);

/* Begins an activation of `fiber`: remembers what it interrupts. The stack pointer is looked after
   by suspend.s and fiber.s. Returns nothing. */
void coil_fiber_enter(coil_fiber *fiber);

/* Ends the activation that coil_fiber_enter() began. Returns nothing. */
void coil_fiber_leave(coil_fiber *fiber);

/* Runs a new fiber up to its end, on its own C stack; below WebAssembly.promising, and below
   nothing that has variables whose address is taken. A detached one is given back then. Returns
   nothing. */
void coil_fiber_run(coil_fiber *fiber);

/* Returns the lowest address of the current C stack. */
uintptr_t coil_fiber_stack_end(void);

/* Returns the size of the current C stack in bytes. */
size_t coil_fiber_stack_size(void);

/* Ends the process if the fiber's C stack has overflowed. Returns nothing. */
void coil_fiber_check_stack(const coil_fiber *fiber);

#endif
