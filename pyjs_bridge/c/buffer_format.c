#include "buffer_format.h"

#include <stdbool.h>
#include <string.h>

/* Letters of integers whose size depends on the machine. */
static char
integer_of(bool is_signed, Py_ssize_t size)
{
    switch (size) {
    case 1:
        return is_signed ? 'b' : 'B';
    case 2:
        return is_signed ? 'h' : 'H';
    case 4:
        return is_signed ? 'i' : 'I';
    case 8:
        return is_signed ? 'q' : 'Q';
    default:
        return 0;
    }
}

static char
element_of(char letter, Py_ssize_t size)
{
    if (strchr("bhilqn", letter)) {
        return integer_of(true, size);
    }
    if (strchr("BHILQNP", letter)) {
        return integer_of(false, size);
    }
    return strchr("c?sefd", letter) ? letter : 0;
}

buffer_format
buffer_format_of(const Py_buffer *view)
{
    const char *format = view->format ? view->format : "B";
    buffer_format result = {0, *format == '>' || *format == '!'};
    if (*format && strchr("@=<>!", *format)) {
        format++;
    }
    size_t digits = strspn(format, "0123456789");
    const char *letter = format + digits;
    if (*letter && !letter[1] && (digits == 0 || *letter == 's')) {
        result.element = element_of(*letter, view->itemsize);
    }
    if (view->itemsize == 1) {
        result.big_endian = false;
    }
    return result;
}
