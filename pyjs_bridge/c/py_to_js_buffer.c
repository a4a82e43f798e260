/* Buffers on a tape. Elements that lie one after the other stay where they are, locked by a
   memoryview; others are gathered in a copy. */
#include "buffer_format.h"
#include "tape.h"

#include <string.h>

static void
swap_bytes(char *data, Py_ssize_t length, Py_ssize_t size)
{
    for (char *element = data; element < data + length; element += size) {
        for (Py_ssize_t i = 0; i < size / 2; i++) {
            char byte = element[i];
            element[i] = element[size - 1 - i];
            element[size - 1 - i] = byte;
        }
    }
}

/* Returns where the elements lie in order and in the machine's endianness, kept by the tape, or
   NULL with an exception set. */
static const void *
gather(bridge_tape *tape, Py_buffer *view, int swap)
{
    PyObject *copy = PyBytes_FromStringAndSize(NULL, view->len);
    if (!copy) {
        return NULL;
    }
    char *data = PyBytes_AS_STRING(copy);
    if (PyBuffer_ToContiguous(data, view, view->len, 'C') < 0) {
        Py_DECREF(copy);
        return NULL;
    }
    if (swap) {
        swap_bytes(data, view->len, view->itemsize);
    }
    return tape_keep(tape, copy) < 0 ? NULL : data;
}

/* Returns 0, or -1 with an exception set. */
static int
write_number(bridge_tape *tape, Py_ssize_t number)
{
    bridge_slot *slot = tape_next(tape);
    if (!slot) {
        return -1;
    }
    slot->kind = BRIDGE_KIND_INT;
    slot->integer = (int32_t)number;
    return 0;
}

/* The size of a string counts, of all else the letter tells it. */
static int
write_view(bridge_tape *tape, Py_buffer *view, buffer_format format)
{
    const void *data = view->buf;
    if (format.big_endian || !PyBuffer_IsContiguous(view, 'C')) {
        data = gather(tape, view, format.big_endian);
    }
    bridge_slot *slot = data || !view->len ? tape_next(tape) : NULL;
    if (!slot) {
        return -1;
    }
    slot->kind = BRIDGE_KIND_BUFFER;
    slot->extra = (uint32_t)view->ndim;
    slot->text.data = data;
    slot->text.encoding = (uint32_t)format.element;
    if (write_number(tape, view->len) < 0) {
        return -1;
    }
    for (int i = 0; i < view->ndim; i++) {
        if (write_number(tape, view->shape[i]) < 0) {
            return -1;
        }
    }
    return 1;
}

int
tape_write_buffer(bridge_tape *tape, PyObject *exporter)
{
    PyObject *memory = PyMemoryView_FromObject(exporter);
    if (!memory || tape_keep(tape, memory) < 0) {
        return -1;
    }
    Py_buffer *view = PyMemoryView_GET_BUFFER(memory);
    buffer_format format = buffer_format_of(view);
    return format.element ? write_view(tape, view, format) : 0;
}
