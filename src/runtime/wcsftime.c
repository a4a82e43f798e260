/* wcsftime(), by which Python formats times. libc's gives nothing at all for a directive that it
   does not know. glibc, which programs are written with, knows three more of them and leaves the
   others as they are. */

#define _GNU_SOURCE /* tm_zone, locale_t */

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>

/* A directive is '%', FLAGS, a width, one of MODIFIERS, and a character: one of those libc knows.
 */
#define FLAGS     L"-_0+"
#define WIDTH     L"0123456789"
#define MODIFIERS L"EO"
#define KNOWN     L"aAbBcCdDeFgGhHIjmMnprRsStTuUVwWxXyYzZ%"

enum { LONGEST = 30 }; /* directive that is looked at; nobody needs a longer one */

/* What is written, of which `used` characters are there; `size` of them are too many. */
typedef struct {
    wchar_t *text;
    size_t size;
    size_t used;
} Output;

static void
append(Output *output, const wchar_t *text, size_t length)
{
    for (size_t i = 0; i < length && output->used < output->size; i++) {
        output->text[output->used++] = text[i];
    }
}

/* Appends what strftime() makes of a directive. `pattern` is one character and the directive: the
   character tells an empty result from one without room. */
static void
append_known(Output *output, const char *pattern, const struct tm *time)
{
    char *text = malloc(output->size + 1);
    size_t length = text ? strftime(text, output->size + 1, pattern, time) : 0;
    for (size_t i = 1; i < length; i++) {
        append(output, &(wchar_t){(unsigned char)text[i]}, 1);
    }
    output->used = length == 0 ? output->size : output->used;
    free(text);
}

/* Appends what the directive of `length` characters at `format` stands for. */
static void
append_directive(Output *output, const wchar_t *format, size_t length, const struct tm *time)
{
    wchar_t last = format[length - 1];
    if (length > 1 && length <= LONGEST && wcschr(KNOWN, last)) {
        char pattern[LONGEST + 2] = "x";
        for (size_t i = 0; i < length; i++) {
            pattern[i + 1] = (char)format[i];
        }
        append_known(output, pattern, time);
    }
    else if (length == 2 && last == L'P') {
        append(output, time->tm_hour < 12 ? L"am" : L"pm", 2);
    }
    else if (length == 2 && (last == L'k' || last == L'l')) {
        append_known(output, last == L'k' ? "x%_H" : "x%_I", time);
    }
    else {
        append(output, format, length);
    }
}

/* Returns the length of the directive at `format`; 1 if the format ends in it. */
static size_t
directive_length(const wchar_t *format)
{
    size_t length = 1;
    length += wcsspn(format + length, FLAGS);
    length += wcsspn(format + length, WIDTH);
    length += format[length] && wcschr(MODIFIERS, format[length]) ? 1 : 0;
    return format[length] ? length + 1 : 1;
}

size_t
wcsftime(wchar_t *restrict result, size_t size, const wchar_t *restrict format,
         const struct tm *restrict time)
{
    struct tm zoned = *time;
    if (!zoned.tm_zone) {
        zoned.tm_zone = tzname[zoned.tm_isdst > 0]; /* of a tuple of Python's */
    }
    Output output = {result, size, 0};
    while (*format && output.used < size) {
        bool is_directive = *format == L'%';
        size_t length = is_directive ? directive_length(format) : wcscspn(format, L"%");
        if (is_directive) {
            append_directive(&output, format, length, &zoned);
        }
        else {
            append(&output, format, length);
        }
        format += length;
    }
    if (output.used >= size) {
        return 0;
    }
    result[output.used] = L'\0';
    return output.used;
}

/* There is one locale. */
size_t
wcsftime_l(wchar_t *restrict result, size_t size, const wchar_t *restrict format,
           const struct tm *restrict time, locale_t locale)
{
    (void)locale;
    return wcsftime(result, size, format, time);
}
