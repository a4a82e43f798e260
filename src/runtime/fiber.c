#define _GNU_SOURCE
#include "fiber.h"

#include "activations.h"
#include "fiber_cleanup.h"
#include "fiber_clock.h"
#include "fiber_key.h"
#include "fiber_wait.h"
#include "main_absent.h"
#include "suspend.h"

#include <emscripten/stack.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Deep enough for CPython's default recursion limit in every kind of call. */
#define DEFAULT_STACK ((size_t)1024 * 1024)

/* libc's, for attributes that nobody has set: 64 KB there, which is less than one level of
   recursion may take. Stacks are guarded by words of their own: no room is set aside for that. */
unsigned __default_stacksize = DEFAULT_STACK;
unsigned __default_guardsize = 0;

/* Less would not hold the frames of one call of a C library. */
#define MIN_STACK ((size_t)64 * 1024)

/* C stacks of the default size that are kept for the next fibers: calls of JavaScript come and go.
 */
#define MAX_IDLE_STACKS 16

/* At the low end of a C stack; an overflow changes it. */
#define GUARD_WORDS 8
#define GUARD_WORD  0x5afe57acU

/* CPython's: the name of the extension module that is being imported, per thread. */
const char *_PyImport_SwapPackageContext(const char *name);

/* The C++ ABI's. */
coil_fiber_exceptions *__cxa_get_globals(void);

/* Defined in fiber.s: calls coil_fiber_body() with the C stack pointer at `top`; the one from
   before is kept in *outside meanwhile. Returns nothing. */
void coil_fiber_call(coil_fiber *fiber, uintptr_t top, uintptr_t *outside);

/* Called by fiber.s. Returns nothing. */
void coil_fiber_body(coil_fiber *fiber);

static coil_fiber main_fiber;
static coil_fiber *current = &main_fiber;
static coil_fiber *main_holder;
static int count = 1;

/* Fibers that have ended. They keep their numbers, so that JavaScript's tables do not grow. */
static coil_fiber *unused;
static coil_fiber *newest = &main_fiber;
static int native_ids;

static char *idle_stacks[MAX_IDLE_STACKS];
static int idle_count;

coil_fiber *
coil_fiber_current(void)
{
    return current;
}

coil_fiber *
coil_fiber_main(void)
{
    return &main_fiber;
}

coil_fiber *
coil_fiber_identity(void)
{
    return current == main_holder ? &main_fiber : current;
}

bool
coil_fiber_take_main(coil_fiber *fiber)
{
    if (main_holder) {
        return false;
    }
    main_holder = fiber;
    return true;
}

void
coil_fiber_drop_main(void)
{
    main_holder = NULL;
}

coil_fiber *
coil_fiber_main_holder(void)
{
    return main_holder;
}

coil_fiber *
coil_fiber_newest(void)
{
    return newest;
}

int
coil_fiber_count(void)
{
    return count;
}

static coil_fiber *
take_unused(void)
{
    coil_fiber *fiber = unused;
    if (fiber) {
        unused = fiber->next;
        return fiber;
    }
    fiber = calloc(1, sizeof(*fiber));
    if (fiber) {
        fiber->number = newest->number + 1;
        fiber->older = newest;
        newest = fiber;
    }
    return fiber;
}

static char *
take_stack(size_t size)
{
    if (size == DEFAULT_STACK && idle_count) {
        return idle_stacks[--idle_count];
    }
    return aligned_alloc(16, size);
}

static void
give_back_stack(coil_fiber *fiber)
{
    if (fiber->stack && fiber->stack_size == DEFAULT_STACK && idle_count < MAX_IDLE_STACKS) {
        idle_stacks[idle_count++] = fiber->stack;
    }
    else {
        free(fiber->stack);
    }
    fiber->stack = NULL;
}

static void
guard_stack(coil_fiber *fiber)
{
    unsigned int *guard = (unsigned int *)(void *)fiber->stack;
    for (int i = 0; i < GUARD_WORDS; i++) {
        guard[i] = GUARD_WORD;
    }
}

void
coil_fiber_check_stack(const coil_fiber *fiber)
{
    const unsigned int *guard = (const unsigned int *)(const void *)fiber->stack;
    for (int i = 0; guard && i < GUARD_WORDS; i++) {
        if (guard[i] != GUARD_WORD) {
            Py_FatalError("the C stack of a thread has overflowed; give it more with "
                          "threading.stack_size()");
        }
    }
}

coil_fiber *
coil_fiber_new(size_t stack_size)
{
    size_t size = stack_size ? stack_size : DEFAULT_STACK;
    size = (size < MIN_STACK ? MIN_STACK : size) & ~(size_t)15;
    coil_fiber *fiber = take_unused();
    if (!fiber) {
        return NULL;
    }
    *fiber = (coil_fiber){
        .older = fiber->older,
        .number = fiber->number,
        .stack_size = size,
    };
    fiber->stack = take_stack(size);
    fiber->state = FIBER_DONE;
    if (!fiber->stack) {
        coil_fiber_release(fiber);
        return NULL;
    }
    guard_stack(fiber);
    fiber->state = FIBER_RUNNING;
    fiber->native_id = getpid() + ++native_ids;
    count++;
    return fiber;
}

void
coil_fiber_release(coil_fiber *fiber)
{
    give_back_stack(fiber);
    fiber->next = unused;
    unused = fiber;
}

void
coil_fiber_discard(coil_fiber *fiber)
{
    count--;
    fiber->state = FIBER_DONE;
    coil_fiber_release(fiber);
}

static coil_fiber_context
exchange(coil_fiber_context wanted)
{
    coil_fiber_exceptions *exceptions = __cxa_get_globals();
    coil_fiber_context former = {
        .error = errno,
        .package = _PyImport_SwapPackageContext(wanted.package),
        .exceptions = *exceptions,
    };
    *exceptions = wanted.exceptions;
    errno = wanted.error;
    return former;
}

void
coil_fiber_enter(coil_fiber *fiber)
{
    coil_fiber_outside *outside = &fiber->outside;
    outside->thread = PyThreadState_GetUnchecked() ? PyEval_SaveThread() : NULL;
    outside->fiber = current;
    outside->may_suspend = coil_suspend_allow(true);
    outside->context = exchange(fiber->own);
    coil_fiber_clock_stop(current);
    current = fiber;
    coil_activation_begin();
}

void
coil_fiber_leave(coil_fiber *fiber)
{
    coil_fiber_check_stack(fiber);
    coil_activation_end();
    coil_fiber_outside *outside = &fiber->outside;
    fiber->own = exchange(outside->context);
    coil_suspend_restore(outside->may_suspend);
    coil_fiber_clock_stop(current);
    current = outside->fiber;
    if (outside->thread) {
        PyEval_RestoreThread(outside->thread);
    }
}

static void
run_to_end(coil_fiber *fiber)
{
    jmp_buf exit;
    fiber->exit = &exit;
    if (!setjmp(exit)) {
        fiber->result = fiber->start(fiber->argument);
    }
    coil_fiber_clean_up(fiber);
    coil_fiber_destroy_keys(); /* not the main program's, whose part the fiber may have had */
}

void
coil_fiber_body(coil_fiber *fiber)
{
    coil_fiber_enter(fiber);
    run_to_end(fiber);
    coil_fiber_leave(fiber);
}

/* Not inlined, for it must not give coil_fiber_run() a frame. */
static void __attribute__((noinline))
end_fiber(coil_fiber *fiber)
{
    count--;
    fiber->state = FIBER_DONE;
    coil_main_absent_interrupt();
    coil_fiber_wake_all(&fiber->joiners);
    if (fiber->detached) {
        coil_fiber_release(fiber);
    }
}

/* What it has in linear memory would be lost: JavaScript goes on with the C stack when the fiber
   suspends for the first time, and it is another place of the stack where the fiber ends. So
   neither this function nor what calls it may have variables whose address is taken. */
void
coil_fiber_run(coil_fiber *fiber)
{
    uintptr_t top = (uintptr_t)fiber->stack + fiber->stack_size;
    coil_fiber_call(fiber, top, &fiber->outside.stack);
    end_fiber(fiber);
}

uintptr_t
coil_fiber_stack_end(void)
{
    return current->stack ? (uintptr_t)current->stack : emscripten_stack_get_end();
}

size_t
coil_fiber_stack_size(void)
{
    return current->stack ? current->stack_size
                          : emscripten_stack_get_base() - emscripten_stack_get_end();
}
