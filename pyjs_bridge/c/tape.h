/* A tape: a Python object with all that is in it, written by C in one go for JavaScript to build
   its containers from in one loop. */
#ifndef COIL_BRIDGE_TAPE_H
#define COIL_BRIDGE_TAPE_H

#include "slot.h"

/* js/py_to_js_deep.ts reads `slots`, the first field. */
struct bridge_tape {
    bridge_slot *slots;
    Py_ssize_t count;
    Py_ssize_t capacity;
    /* What slots point to, each a reference: objects that are looked into may go otherwise while
       code of Python runs, be it that of a buffer or of a converter. */
    PyObject **kept;
    Py_ssize_t kept_count;
    Py_ssize_t kept_capacity;
};

/* Returns an empty tape that the caller frees, or NULL with MemoryError set. */
bridge_tape *tape_new(void);

/* Frees a tape and gives back what it keeps. Returns nothing. */
void tape_free(bridge_tape *tape);

/* Returns the next slot, valid until one is taken again, or NULL with MemoryError set. */
bridge_slot *tape_next(bridge_tape *tape);

/* Has an object live as long as the tape; steals `object`. Returns 0, or -1 with MemoryError set.
 */
int tape_keep(bridge_tape *tape, PyObject *object);

/* Writes a buffer that exports elements which JavaScript has. Returns 1, or 0 when it is none of
   those, or -1 with an exception set. Defined in py_to_js_buffer.c. */
int tape_write_buffer(bridge_tape *tape, PyObject *exporter);

#endif
