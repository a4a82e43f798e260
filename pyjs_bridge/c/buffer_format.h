/* Formats of buffers as JavaScript's typed arrays see them. */
#ifndef COIL_BRIDGE_BUFFER_FORMAT_H
#define COIL_BRIDGE_BUFFER_FORMAT_H

#include <Python.h>

/* What a buffer's elements are: one letter for each kind of typed array, as the module struct has
   them: b B h H i I q Q e f d, besides c ? s; 0 for what JavaScript has nothing for. */
typedef struct {
    char element;
    int big_endian;
} buffer_format;

/* Returns the format of a borrowed buffer. Raises nothing. */
buffer_format buffer_format_of(const Py_buffer *view);

#endif
