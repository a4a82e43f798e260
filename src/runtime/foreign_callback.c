/* libffi's closures for this target: functions in the table that lead to ctypes callbacks.
 *
 * The function of a closure is wasm, made for its signature: it puts its arguments into a frame on
 * the C stack and calls dispatch() below.
 */
#include "call_arity.h"
#include "foreign_abi.h"

#include <alloca.h>
#include <ffi.h>
#include <stdlib.h>
#include <string.h>

/* Defined in foreign_call.js. */
void *coil_foreign_slot_js(void);
int coil_foreign_callback_js(void *slot, const char *signature, ffi_closure *closure,
                             void (*dispatch)(ffi_closure *, void *));
void coil_foreign_drop_js(void *slot);

/* What foreign_call.js reserves for the result at the start of a frame. */
#define RESULT_SIZE 16

/* Table slots of closures that were freed. */
static void **free_slots;
static int free_count;
static int free_capacity;

/* Returns an unused place in the table, or NULL without memory. */
static void *
take_slot(void)
{
    void *slot = free_count > 0 ? free_slots[--free_count] : coil_foreign_slot_js();
    coil_arity_forget((uint32_t)(uintptr_t)slot, 1);
    return slot;
}

static void
give_slot(void *slot)
{
    coil_foreign_drop_js(slot);
    if (free_count == free_capacity) {
        int capacity = 2 * free_capacity + 16;
        void **more = realloc(free_slots, (size_t)capacity * sizeof(*more));
        if (!more) {
            return; /* the slot stays empty */
        }
        free_slots = more;
        free_capacity = capacity;
    }
    free_slots[free_count++] = slot;
}

void *
ffi_closure_alloc(size_t size, void **code)
{
    ffi_closure *closure = malloc(size);
    void *slot = closure ? take_slot() : NULL;
    if (!slot) {
        free(closure);
        return NULL;
    }
    closure->ftramp = slot;
    *code = slot;
    return closure;
}

void
ffi_closure_free(void *memory)
{
    ffi_closure *closure = memory;
    if (closure) {
        give_slot(closure->ftramp);
        free(closure);
    }
}

/* Returns the address of a parameter's value, and moves *slot behind it. */
static void *
take_fixed(coil_slot **slot, const ffi_type *type)
{
    coil_slot *first = *slot;
    switch (coil_passage_of(coil_passed_type(type))) {
    case COIL_PASSED_NOT:
        return first;
    case COIL_PASSED_PAIR:
        *slot += 2;
        return first;
    case COIL_PASSED_ADDRESS:
        *slot += 1;
        return (void *)(uintptr_t)*first;
    default:
        *slot += 1;
        return first;
    }
}

/* Returns the address of a variable argument's value, and moves *next behind it. */
static void *
take_variable(char **next, const ffi_type *type)
{
    const ffi_type *passed = coil_passed_type(type);
    coil_passage passage = coil_passage_of(passed);
    size_t size = passed->size < sizeof(uint32_t) ? sizeof(uint32_t) : passed->size;
    if (passage == COIL_PASSED_NOT) {
        return *next;
    }
    if (passage == COIL_PASSED_ADDRESS) {
        size = sizeof(void *);
    }
    char *place = (char *)(((uintptr_t)*next + size - 1) & ~(size - 1));
    *next = place + size;
    return passage == COIL_PASSED_ADDRESS ? *(void **)place : place;
}

static void
fill_arguments(const ffi_cif *cif, coil_slot *slot, void **values)
{
    for (unsigned i = 0; i < cif->nfixedargs; i++) {
        values[i] = take_fixed(&slot, cif->arg_types[i]);
    }
    if (!(cif->flags & COIL_CIF_VARIADIC)) {
        return;
    }
    char *next = (char *)(uintptr_t)*slot;
    for (unsigned i = cif->nfixedargs; i < cif->nargs; i++) {
        values[i] = take_variable(&next, cif->arg_types[i]);
    }
}

/* Called by every closure's function. The result is left at the start of the frame. */
static void
dispatch(ffi_closure *closure, void *frame)
{
    ffi_cif *cif = closure->cif;
    coil_slot *slot = (coil_slot *)((char *)frame + RESULT_SIZE);
    void **values = alloca((cif->nargs + 1) * sizeof(*values));
    const ffi_type *type = coil_passed_type(cif->rtype);
    void *result = frame;

    memset(frame, 0, RESULT_SIZE);
    if (coil_returned_by_address(cif->rtype)) {
        result = (void *)(uintptr_t)*slot++;
    }
    fill_arguments(cif, slot, values);
    closure->fun(cif, result, values, closure->user_data);
    if (coil_passage_of(type) == COIL_PASSED_I32) {
        *(uint32_t *)frame = coil_load_i32(type, frame);
    }
}

ffi_status
ffi_prep_closure_loc(ffi_closure *closure, ffi_cif *cif,
                     void (*function)(ffi_cif *, void *, void **, void *), void *user_data,
                     void *code)
{
    if (cif->abi != FFI_WASM32_EMSCRIPTEN) {
        return FFI_BAD_ABI;
    }
    char *signature = alloca(coil_signature_size(cif));
    coil_write_signature(cif, signature);
    closure->cif = cif;
    closure->fun = function;
    closure->user_data = user_data;
    return coil_foreign_callback_js(code, signature, closure, dispatch) < 0 ? FFI_BAD_TYPEDEF
                                                                            : FFI_OK;
}
