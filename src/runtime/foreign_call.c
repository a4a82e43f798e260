/* libffi's calls for this target: ffi_call() and what ffi_prep_cif() asks of a target.
 *
 * libffi's own file for wasm makes each call through JavaScript, under which nothing can suspend,
 * takes addresses above 2 GB for negative numbers and misplaces variable arguments behind wider
 * ones. Here the arguments are laid out in C, and a wasm function that is made once for each
 * signature loads them and calls. This file's definitions come before libffi's, which is never
 * linked.
 */
#include "foreign_abi.h"

#include <Python.h>

#include <alloca.h>
#include <ffi.h>
#include <stdlib.h>
#include <string.h>

/* Defined in foreign_call.js. */
typedef int (*caller)(void (*function)(void), coil_slot *slots, void *result);
caller coil_foreign_caller_js(const char *signature);
int coil_foreign_call_js(void (*function)(void), const char *signature, coil_slot *slots,
                         void *result);

/* More are refused by engines. */
#define MAX_ARGUMENTS 1000

struct known_caller {
    char *signature;
    caller call; /* NULL: the engine makes none */
};

static struct known_caller *callers;
static int caller_count;

/* Where the arguments of a call go while they are laid out. */
struct outgoing {
    coil_slot *slot; /* next parameter */
    char *variable;  /* next variable argument */
    char *copy;      /* next copy of a structure */
};

/* --- preparation --- */

/* Complex numbers are passed in ways of their own that no caller of libffi has needed yet. */
static ffi_status
check_types(const ffi_cif *cif)
{
    if (cif->abi != FFI_WASM32_EMSCRIPTEN) {
        return FFI_BAD_ABI;
    }
    if (cif->nargs > MAX_ARGUMENTS || cif->rtype->type == FFI_TYPE_COMPLEX) {
        return FFI_BAD_TYPEDEF;
    }
    for (unsigned i = 0; i < cif->nargs; i++) {
        if (cif->arg_types[i]->type == FFI_TYPE_COMPLEX) {
            return FFI_BAD_TYPEDEF;
        }
    }
    return FFI_OK;
}

/* libffi asks the target to accept a cif. Returns whether it can be called. */
ffi_status
ffi_prep_cif_machdep(ffi_cif *cif)
{
    cif->flags = 0;
    cif->nfixedargs = cif->nargs;
    return check_types(cif);
}

/* The same for a call with variable arguments. */
ffi_status
ffi_prep_cif_machdep_var(ffi_cif *cif, unsigned fixed, unsigned total)
{
    cif->flags = COIL_CIF_VARIADIC;
    cif->nfixedargs = fixed;
    return check_types(cif);
}

/* --- laying out --- */

static char *
align(const void *address, size_t alignment)
{
    return (char *)(((uintptr_t)address + alignment - 1) & ~(alignment - 1));
}

/* Returns the address of a copy that the callee may change. */
static char *
copy_structure(struct outgoing *out, const ffi_type *type, const void *value)
{
    char *copy = align(out->copy, type->alignment);
    memcpy(copy, value, type->size);
    out->copy = copy + type->size;
    return copy;
}

static void
put_fixed(struct outgoing *out, const ffi_type *type, const void *value)
{
    type = coil_passed_type(type);
    switch (coil_passage_of(type)) {
    case COIL_PASSED_NOT:
        break;
    case COIL_PASSED_I32:
        *out->slot++ = coil_load_i32(type, value);
        break;
    case COIL_PASSED_PAIR:
        memcpy(out->slot, value, 2 * sizeof(*out->slot));
        out->slot += 2;
        break;
    case COIL_PASSED_ADDRESS:
        *out->slot++ = (uintptr_t)copy_structure(out, type, value);
        break;
    default:
        memcpy(out->slot++, value, type->size);
    }
}

static void
append_variable(struct outgoing *out, const void *value, size_t size)
{
    char *place = align(out->variable, size);
    memcpy(place, value, size);
    out->variable = place + size;
}

static void
put_variable(struct outgoing *out, const ffi_type *type, const void *value)
{
    type = coil_passed_type(type);
    switch (coil_passage_of(type)) {
    case COIL_PASSED_NOT:
        break;
    case COIL_PASSED_I32: {
        uint32_t number = coil_load_i32(type, value);
        append_variable(out, &number, sizeof(number));
        break;
    }
    case COIL_PASSED_F32: {
        /* C passes no float here. */
        double number = *(const float *)value;
        append_variable(out, &number, sizeof(number));
        break;
    }
    case COIL_PASSED_ADDRESS: {
        char *copy = copy_structure(out, type, value);
        append_variable(out, &copy, sizeof(copy));
        break;
    }
    default:
        append_variable(out, value, type->size);
    }
}

/* Returns more than the copies of all structures can take. */
static size_t
size_of_copies(const ffi_cif *cif)
{
    size_t size = 0;
    for (unsigned i = 0; i < cif->nargs; i++) {
        if (cif->arg_types[i]->type == FFI_TYPE_STRUCT) {
            size += cif->arg_types[i]->size + cif->arg_types[i]->alignment;
        }
    }
    return size;
}

/* --- calling --- */

/* Returns the function that makes calls of a signature; NULL where the engine makes none. */
static caller
find_caller(const char *signature)
{
    for (int i = 0; i < caller_count; i++) {
        if (strcmp(callers[i].signature, signature) == 0) {
            return callers[i].call;
        }
    }
    caller call = coil_foreign_caller_js(signature);
    struct known_caller *more = realloc(callers, (size_t)(caller_count + 1) * sizeof(*more));
    if (more) {
        callers = more;
        char *copy = strdup(signature);
        if (copy) {
            callers[caller_count++] = (struct known_caller){copy, call};
        }
    }
    return call;
}

static void
report_mismatch(void)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyErr_SetString(PyExc_TypeError,
                    "the C function was not called: it takes a 64-bit integer where another type "
                    "was given, or the other way round; set argtypes and restype");
    PyErr_WriteUnraisable(NULL);
    PyGILState_Release(state);
}

/* The call itself; a function of another type than `signature` is called as JavaScript does it,
   which native code gets away with as well: argtypes are often left out. */
static void
call_function(void (*function)(void), const char *signature, coil_slot *slots, coil_slot *result)
{
    caller call = find_caller(signature);
    if (call && call(function, slots, result) == 0) {
        return;
    }
    if (coil_foreign_call_js(function, signature, slots, result) < 0) {
        report_mismatch();
    }
}

static void
store_result(const ffi_type *type, void *rvalue, const coil_slot *result)
{
    const ffi_type *passed = coil_passed_type(type);
    size_t size = coil_passage_of(passed) == COIL_PASSED_NOT ? 0 : passed->size;
    /* libffi's rule: a number smaller than a word fills the word. */
    if (type->type != FFI_TYPE_STRUCT && size > 0 && size < sizeof(ffi_arg)) {
        size = sizeof(ffi_arg);
    }
    if (rvalue) {
        memcpy(rvalue, result, size);
    }
}

void
ffi_call(ffi_cif *cif, void (*fn)(void), void *rvalue, void **avalue)
{
    unsigned count = coil_signature_size(cif);
    char *signature = alloca(count);
    coil_slot *slots = alloca(count * sizeof(coil_slot));
    char *variable = alloca((count + 1) * sizeof(coil_slot) + 16);
    struct outgoing out = {slots, align(variable, 16), alloca(size_of_copies(cif) + 1)};
    char *variable_start = out.variable;
    coil_slot result = 0;

    coil_write_signature(cif, signature);
    if (coil_returned_by_address(cif->rtype)) {
        *out.slot++ = (uintptr_t)(rvalue ? rvalue : alloca(cif->rtype->size));
    }
    for (unsigned i = 0; i < cif->nfixedargs; i++) {
        put_fixed(&out, cif->arg_types[i], avalue[i]);
    }
    for (unsigned i = cif->nfixedargs; i < cif->nargs; i++) {
        put_variable(&out, cif->arg_types[i], avalue[i]);
    }
    if (cif->flags & COIL_CIF_VARIADIC) {
        *out.slot++ = (uintptr_t)variable_start;
    }
    call_function(fn, signature, slots, &result);
    if (!coil_returned_by_address(cif->rtype)) {
        store_result(cif->rtype, rvalue, &result);
    }
}
