#ifndef COIL_FOREIGN_ABI_H
#define COIL_FOREIGN_ABI_H

/* How values of C travel as parameters and results of wasm functions (the "basic C ABI" of
   WebAssembly's tool conventions), by libffi's description of their types. */

#include <ffi.h>
#include <stdint.h>

/* The letter of a wasm type, or what takes none or two of them. */
typedef enum {
    COIL_PASSED_NOT = 'v', /* void, and structures without members */
    COIL_PASSED_I32 = 'i',
    COIL_PASSED_I64 = 'j',
    COIL_PASSED_F32 = 'f',
    COIL_PASSED_F64 = 'd',
    COIL_PASSED_PAIR = 'q',    /* long double: two i64; as a result by address */
    COIL_PASSED_ADDRESS = 'p', /* a structure: the address of a copy, or of where the result goes */
} coil_passage;

/* An argument as wasm sees it, or two of them for a long double. */
typedef uint64_t coil_slot;

/* Flags of a cif. */
enum { COIL_CIF_VARIADIC = 1 };

/* Returns what a structure of one scalar is passed as, that scalar; else `type` itself, borrowed.
 */
const ffi_type *coil_passed_type(const ffi_type *type);

/* Returns how a value of a type is passed, where `type` comes from coil_passed_type(). */
coil_passage coil_passage_of(const ffi_type *type);

/* Returns whether a result of this type goes to an address that is the first parameter. */
int coil_returned_by_address(const ffi_type *type);

/* Returns an i32 that has the value at `value`, extended as C extends an argument of `type`. */
uint32_t coil_load_i32(const ffi_type *type, const void *value);

/* Writes the letters of the wasm type of a call, the result first, ended by NUL, and returns
   nothing. `signature` has room for coil_signature_size() characters. */
void coil_write_signature(const ffi_cif *cif, char *signature);

/* Returns the bytes that the signature of a call needs, which is also more than it has slots. */
unsigned coil_signature_size(const ffi_cif *cif);

#endif
