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

/* The main program's. All other fibers get the engine's default. */
static int engine_stack = DEFAULT_ENGINE_STACK;

/* Called by CPython (pycore_ceval.h). Returns the number of C levels a thread may use. */
int _Py_EmscriptenStackLevels(void);

/* Called by CPython (pycore_ceval.h). Returns whether the stack in linear memory is nearly full. */
int _Py_EmscriptenStackIsLow(void);

void
coil_stack_guard_set_engine_stack(int kilobytes)
{
    engine_stack = kilobytes;
}

int
_Py_EmscriptenStackLevels(void)
{
    bool is_main = coil_fiber_current() == coil_fiber_main();
    int kilobytes = is_main ? engine_stack : DEFAULT_ENGINE_STACK;
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
