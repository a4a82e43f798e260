/* The status flags of floating point (<fenv.h>), in software.
 *
 * wasm has none, and Emscripten's functions do nothing. Arithmetic does not set these flags either;
 * what code raises itself, it finds here: numpy tells of a singular matrix so. For such code the
 * names of the flags must be defined too (packages/recipes/numpy), since the C library's headers do
 * not. One set serves all modules, so that one may raise what another asks for.
 */
#include <fenv.h>

static _Thread_local unsigned status;

int
feclearexcept(int flags)
{
    status &= ~(unsigned)flags;
    return 0;
}

int
feraiseexcept(int flags)
{
    status |= (unsigned)flags;
    return 0;
}

/* Returns those of `flags` that are raised. */
int
fetestexcept(int flags)
{
    return (int)(status & (unsigned)flags);
}

int
fegetenv(fenv_t *environment)
{
    environment->__cw = status;
    return 0;
}

int
fesetenv(const fenv_t *environment)
{
    status = environment == FE_DFL_ENV ? 0 : environment->__cw;
    return 0;
}

int
fegetround(void)
{
    return FE_TONEAREST;
}

/* What fesetround() of the C library calls. Returns 0, or -1 for other ways of rounding, which wasm
   does not have. */
int __fesetround(int way);

int
__fesetround(int way)
{
    return way == FE_TONEAREST ? 0 : -1;
}
