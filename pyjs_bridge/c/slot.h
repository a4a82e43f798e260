/* How one value crosses between C and JavaScript. */
#ifndef COIL_BRIDGE_SLOT_H
#define COIL_BRIDGE_SLOT_H

#include <Python.h>

/* A value in linear memory, written by one side and read at once by the other; js/slots.ts knows
   the offsets. Who owns what a slot refers to depends on the kind and on the direction: bridge.def.
 */
typedef struct bridge_slot {
    uint32_t kind;  /* BRIDGE_KIND_* */
    uint32_t extra; /* STRING, BIGINT: length; JSREF: js_flags; PYREF: py_flags */
    union {
        double number;
        int32_t integer;
        int32_t ref;
        PyObject *object;
        struct {
            const void *data;
            union {
                uint32_t encoding; /* BRIDGE_ENCODING_* */
                PyObject *owner;   /* BIGINT to JavaScript: the ASCII digits, a new reference */
            };
        } text;
    };
} bridge_slot;

/* What bridge_py_flatten writes; see tape.h. */
typedef struct bridge_tape bridge_tape;

/* A locked buffer; see py_proxy_buffer.c. */
typedef struct bridge_buffer bridge_buffer;

/* Returns the number of slots that so many packed integers take. */
static inline int
bridge_packed_slots(uint32_t integers)
{
    return (int)((integers + 3) / 4);
}

#include "bridge_generated.h"

#endif
