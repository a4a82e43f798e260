/* Two stacks can overflow. The C stack in linear memory has a position that can be read. The
   engine's own stack, where calls are, has not: its overflow is a RangeError that unwinds C code,
   after which the interpreter cannot go on. So C recursion is counted in levels, and a level is
   taken to be as large as the largest that was measured.

   Rejected: probing the engine's stack by a call with a large frame that JavaScript catches. It
   works from a plain entry. Under WebAssembly.promising, code runs on a stack of its own, and V8
   goes back to the main one for every call of JavaScript, so the probe tells about the wrong stack;
   wasm itself cannot catch an overflow, not even with catch_all. */

#include "stack_guard.h"

#include "fiber.h"

#include <emscripten/stack.h>

/* V8's default (--stack-size, --wasm-stack-switching-stack-size), the smallest in use. */
#define DEFAULT_ENGINE_STACK 984

/* For what runs below the last level that is counted: C libraries, JavaScript of system calls, and
   the making of the RecursionError itself. */
#define ENGINE_RESERVE  144
#define C_STACK_RESERVE ((size_t)256 * 1024)

/* Bytes of the engine's stack that one level needs at most, in baseline code (--liftoff-only), with
   indirect calls routed: tests/runtime/recursion_probes.py are the levels that were measured. */
#define BYTES_PER_LEVEL 768

/* CPython's own limit on other platforms; and what starting needs, however small the stack. */
#define MAX_LEVELS 10000
#define MIN_LEVELS 400

/* A thread gets so much of the engine's stack for each byte of its C stack: frames that are small
   on one are large on the other, and the C stack is the one whose position can be read. */
#define ENGINE_STACK_SHARE 4

/* The main program's. */
static int main_stack = DEFAULT_ENGINE_STACK;

/* Whether the engine makes the stack of a thread as large as it is asked to; otherwise all stacks
   have the same size. */
static bool is_adjustable;

/* Called by CPython (pycore_ceval.h). Returns the number of C levels a thread may use. */
int _Py_EmscriptenStackLevels(void);

/* Called by CPython (pycore_ceval.h). Returns whether the stack in linear memory is nearly full. */
int _Py_EmscriptenStackIsLow(void);

void
coil_stack_guard_set_engine_stack(int kilobytes, bool adjustable)
{
    main_stack = kilobytes;
    is_adjustable = adjustable;
}

int
coil_stack_guard_engine_stack(const coil_fiber *fiber)
{
    if (fiber == coil_fiber_main() || !is_adjustable) {
        return main_stack;
    }
    int wanted = (int)(fiber->stack_size / 1024) * ENGINE_STACK_SHARE;
    if (fiber->origin == FIBER_OF_CALL || wanted < DEFAULT_ENGINE_STACK) {
        return DEFAULT_ENGINE_STACK;
    }
    return wanted < main_stack ? wanted : main_stack;
}

int
_Py_EmscriptenStackLevels(void)
{
    int kilobytes = coil_stack_guard_engine_stack(coil_fiber_current());
    int levels = (kilobytes - ENGINE_RESERVE) * 1024 / BYTES_PER_LEVEL;
    if (levels < MIN_LEVELS) {
        return MIN_LEVELS;
    }
    return levels < MAX_LEVELS ? levels : MAX_LEVELS;
}

int
_Py_EmscriptenStackIsLow(void)
{
    size_t half = coil_fiber_stack_size() / 2;
    size_t reserve = half < C_STACK_RESERVE ? half : C_STACK_RESERVE;
    return emscripten_stack_get_current() < coil_fiber_stack_end() + reserve;
}
