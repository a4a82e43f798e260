/* libffi's calls for this target: ffi_call() and what ffi_prep_cif() asks of a target.
 *
 * libffi's own file for wasm makes each call through JavaScript, under which nothing can suspend,
 * takes addresses above 2 GB for negative numbers and misplaces variable arguments behind wider
 * ones. Here the arguments are laid out in C, and a wasm function that is made once for each
 * signature loads them and calls. This file's definitions come before libffi's, which is never
 * linked.
 */
#include "fiber.h"
#include "foreign_abi.h"
#include "foreign_variadic.h"

#include <Python.h>

#include <alloca.h>
#include <emscripten/stack.h>
#include <ffi.h>
#include <stdlib.h>
#include <string.h>

/* Defined in foreign_call.js. A caller returns 0, or another number without calling a function that
   is not of the type it was made for. */
typedef int (*caller)(void (*function)(void), coil_slot *slots, void *result);
caller coil_foreign_caller_js(void (*function)(void), const char *signature, int adapted);
int coil_foreign_call_js(void (*function)(void), const char *signature, coil_slot *slots,
                         void *result);

/* More are refused by engines. */
#define MAX_ARGUMENTS 1000

/* Bytes that a call may lay out on the C stack; arrays in structures can be larger than all of it.
   Not everything goes to the heap, because a C++ exception or a longjmp() then leaves it there. */
#define MAX_ON_STACK (64 * 1024)

/* One for each signature and type of function called with it. */
struct known_caller {
    char *signature;
    caller call;
};

static struct known_caller *callers;
static int caller_count;

/* Where the arguments of a call go while they are laid out. */
struct outgoing {
    coil_slot *slot; /* next parameter */
    char *variable;  /* next variable argument */
    char *copy;      /* next copy of a structure, also of a result that nobody wants */
};

/* --- preparation --- */

/* Whether the C stack is used up: ctypes reserves a result there before it asks libffi. Then the
   frames of these very calls are outside it, which is all that happened yet. */
static int
stack_is_passed(void)
{
    uintptr_t current = emscripten_stack_get_current();
    uintptr_t end = coil_fiber_stack_end();
    return current < end + MAX_ON_STACK || current > end + coil_fiber_stack_size();
}

/* Complex numbers are passed in ways of their own that no caller of libffi has needed yet. */
static ffi_status
check_types(const ffi_cif *cif)
{
    if (cif->abi != FFI_WASM32_EMSCRIPTEN) {
        return FFI_BAD_ABI;
    }
    if (cif->nargs > MAX_ARGUMENTS || cif->rtype->type == FFI_TYPE_COMPLEX || stack_is_passed()) {
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
    size_t size = cif->rtype->size + cif->rtype->alignment;
    for (unsigned i = 0; i < cif->nargs; i++) {
        if (cif->arg_types[i]->type == FFI_TYPE_STRUCT) {
            size += cif->arg_types[i]->size + cif->arg_types[i]->alignment;
        }
    }
    return size;
}

/* Returns a cif that describes a call of `function`; `cif` need not know of variable arguments. */
static ffi_cif
describe_call(const ffi_cif *cif, void (*function)(void))
{
    ffi_cif described = *cif;
    int fixed = coil_variadic_fixed(function);
    if (fixed >= 0 && (unsigned)fixed <= cif->nargs) {
        described.nfixedargs = (unsigned)fixed;
        described.flags |= COIL_CIF_VARIADIC;
    }
    return described;
}

/* --- calling --- */

static int
raise_mismatch(void *unused)
{
    PyErr_SetString(PyExc_TypeError,
                    "the C function was not called: the types of its parameters or its result "
                    "cannot be made from those given; set argtypes and restype");
    return -1;
}

static int
raise_no_memory(void *unused)
{
    PyErr_NoMemory();
    return -1;
}

/* Has an exception raised as soon as the interpreter goes on, as those of signal handlers are.
   Rejected: to set it here, which ctypes does not look for, so that it becomes a SystemError. */
static void
raise_after_call(int (*raise)(void *))
{
    Py_AddPendingCall(raise, NULL);
}

/* Returns 1, or 0 when no caller of this signature is for functions of this type. */
static int
call_known(void (*function)(void), const char *signature, coil_slot *slots, coil_slot *result)
{
    for (int i = 0; i < caller_count; i++) {
        if (strcmp(callers[i].signature, signature) == 0
            && callers[i].call(function, slots, result) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Keeps a caller. Without memory it is made again next time. */
static void
remember_caller(const char *signature, caller call)
{
    struct known_caller *more = realloc(callers, (size_t)(caller_count + 1) * sizeof(*more));
    if (!more) {
        return;
    }
    callers = more;
    char *copy = strdup(signature);
    if (copy) {
        callers[caller_count++] = (struct known_caller){copy, call};
    }
}

/* Whether a function of another type must not be called. A long double looks like two integers, the
   address of a result like an argument: neither may be taken for something else. */
static int
must_fit(const ffi_cif *cif)
{
    for (unsigned i = 0; i < cif->nargs; i++) {
        if (coil_passage_of(coil_passed_type(cif->arg_types[i])) == COIL_PASSED_PAIR) {
            return 1;
        }
    }
    return coil_returned_by_address(cif->rtype);
}

/* The call itself. A function of another type than `signature` is called with its own type, which
   native code gets away with as well: argtypes are often left out, and a result of void is not
   told. */
static void
call_function(const ffi_cif *cif, void (*function)(void), const char *signature, coil_slot *slots,
              coil_slot *result)
{
    if (call_known(function, signature, slots, result)) {
        return;
    }
    caller call = coil_foreign_caller_js(function, signature, !must_fit(cif));
    if (call) {
        remember_caller(signature, call);
        call(function, slots, result);
    }
    else if (coil_foreign_call_js(function, signature, slots, result) < 0) {
        raise_after_call(raise_mismatch);
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

static void
put_arguments(struct outgoing *out, const ffi_cif *cif, void **avalue)
{
    char *variable_start = out->variable;
    for (unsigned i = 0; i < cif->nfixedargs; i++) {
        put_fixed(out, cif->arg_types[i], avalue[i]);
    }
    for (unsigned i = cif->nfixedargs; i < cif->nargs; i++) {
        put_variable(out, cif->arg_types[i], avalue[i]);
    }
    if (cif->flags & COIL_CIF_VARIADIC) {
        *out->slot++ = (uintptr_t)variable_start;
    }
}

/* Makes a call; `memory` is of layout_size(). */
static void
call_with(const ffi_cif *cif, void (*function)(void), void *rvalue, void **avalue, char *memory)
{
    unsigned count = coil_signature_size(cif);
    coil_slot *slots = (coil_slot *)align(memory, sizeof(coil_slot));
    char *variable = align(slots + count, 16);
    char *signature = variable + count * sizeof(coil_slot);
    struct outgoing out = {slots, variable, signature + count};
    coil_slot result = 0;

    coil_write_signature(cif, signature);
    if (coil_returned_by_address(cif->rtype)) {
        char *unwanted = align(out.copy, cif->rtype->alignment);
        out.copy = unwanted + cif->rtype->size;
        *out.slot++ = (uintptr_t)(rvalue ? rvalue : unwanted);
    }
    put_arguments(&out, cif, avalue);
    call_function(cif, function, signature, slots, &result);
    if (!coil_returned_by_address(cif->rtype)) {
        store_result(cif->rtype, rvalue, &result);
    }
}

/* Returns the bytes that call_with() needs. */
static size_t
layout_size(const ffi_cif *cif)
{
    size_t count = coil_signature_size(cif);
    return count * (2 * sizeof(coil_slot) + 1) + 32 + size_of_copies(cif);
}

void
ffi_call(ffi_cif *cif, void (*fn)(void), void *rvalue, void **avalue)
{
    ffi_cif described = describe_call(cif, fn);
    size_t size = layout_size(&described);
    if (size <= MAX_ON_STACK) {
        call_with(&described, fn, rvalue, avalue, alloca(size));
        return;
    }
    char *memory = malloc(size);
    if (!memory) {
        raise_after_call(raise_no_memory);
        return;
    }
    call_with(&described, fn, rvalue, avalue, memory);
    free(memory);
}
