#ifndef COIL_CALL_ARITY_H
#define COIL_CALL_ARITY_H

/* The wasm type of a function behind a pointer, as far as C code of CPython and its extension
   modules goes: some i32 parameters, and an i32 result or none. */

#include <stdint.h>

/* A signature is the number of its parameters, plus COIL_ARITY_VOID if it returns nothing. */
enum {
    COIL_ARITY_MAX = 6,      /* parameters, at most */
    COIL_ARITY_VOID = 8,     /* flag: no result */
    COIL_ARITY_OTHER = -1,   /* another number or another type of parameters or results */
    COIL_ARITY_UNKNOWN = -2, /* no function, or the engine cannot tell */
};

/* Returns the signature of `function`, COIL_ARITY_OTHER or COIL_ARITY_UNKNOWN. Never fails: what
   the engine says is remembered in memory, and asked again when there is none. */
int coil_function_arity(void *function);

/* Returns a function of signature `wanted` that calls `function`: parameters that `function` does
   not have are dropped, those that it has in addition are 0, and so is a result that it does not
   return. The caller borrows it; it lives for ever, and there is one for each pair. Returns
   `function` itself where it has that signature already, or when no other can be made. */
void *coil_function_adapted(void *function, int wanted);

/* Forgets what is known of `count` table slots from `first` on, because other functions come to
   live there. Returns nothing. */
void coil_arity_forget(uint32_t first, uint32_t count);

#endif
