#include "foreign_abi.h"

const ffi_type *
coil_passed_type(const ffi_type *type)
{
    while (type->type == FFI_TYPE_STRUCT && type->elements && type->elements[0]) {
        const ffi_type *only = type->elements[0];
        /* ctypes describes a long array by its first member alone: then the sizes differ. */
        if (type->elements[1] || only->size != type->size) {
            break;
        }
        type = only;
    }
    return type;
}

coil_passage
coil_passage_of(const ffi_type *type)
{
    switch (type->type) {
    case FFI_TYPE_VOID:
        return COIL_PASSED_NOT;
    case FFI_TYPE_SINT64:
    case FFI_TYPE_UINT64:
        return COIL_PASSED_I64;
    case FFI_TYPE_FLOAT:
        return COIL_PASSED_F32;
    case FFI_TYPE_DOUBLE:
        return COIL_PASSED_F64;
    case FFI_TYPE_LONGDOUBLE:
        return COIL_PASSED_PAIR;
    case FFI_TYPE_STRUCT:
        return type->elements && type->elements[0] ? COIL_PASSED_ADDRESS : COIL_PASSED_NOT;
    default:
        return COIL_PASSED_I32;
    }
}

int
coil_returned_by_address(const ffi_type *type)
{
    coil_passage passage = coil_passage_of(coil_passed_type(type));
    return passage == COIL_PASSED_ADDRESS || passage == COIL_PASSED_PAIR;
}

uint32_t
coil_load_i32(const ffi_type *type, const void *value)
{
    switch (type->type) {
    case FFI_TYPE_UINT8:
        return *(const uint8_t *)value;
    case FFI_TYPE_SINT8:
        return (uint32_t)*(const int8_t *)value;
    case FFI_TYPE_UINT16:
        return *(const uint16_t *)value;
    case FFI_TYPE_SINT16:
        return (uint32_t)*(const int16_t *)value;
    default:
        return *(const uint32_t *)value;
    }
}

unsigned
coil_signature_size(const ffi_cif *cif)
{
    /* Result, its address, two for each argument at most, the variable arguments, NUL. */
    return 2 * cif->nargs + 4;
}

/* Returns the end of what it writes: the letters of an argument. */
static char *
write_argument(char *letters, const ffi_type *type)
{
    coil_passage passage = coil_passage_of(coil_passed_type(type));
    switch (passage) {
    case COIL_PASSED_NOT:
        break;
    case COIL_PASSED_PAIR:
        *letters++ = COIL_PASSED_I64;
        *letters++ = COIL_PASSED_I64;
        break;
    case COIL_PASSED_ADDRESS:
        *letters++ = COIL_PASSED_I32;
        break;
    default:
        *letters++ = (char)passage;
    }
    return letters;
}

void
coil_write_signature(const ffi_cif *cif, char *signature)
{
    char *letters = signature;
    if (coil_returned_by_address(cif->rtype)) {
        *letters++ = COIL_PASSED_NOT;
        *letters++ = COIL_PASSED_I32;
    }
    else {
        *letters++ = (char)coil_passage_of(coil_passed_type(cif->rtype));
    }
    for (unsigned i = 0; i < cif->nfixedargs; i++) {
        letters = write_argument(letters, cif->arg_types[i]);
    }
    if (cif->flags & COIL_CIF_VARIADIC) {
        *letters++ = COIL_PASSED_I32;
    }
    *letters = '\0';
}
