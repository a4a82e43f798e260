/* A shared library for test_ctypes.py: values of every kind that C passes, both ways. */

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

typedef struct {
    double x;
    double y;
} Point;

typedef struct {
    int8_t tag;
    int16_t small;
    int32_t middle;
    int64_t large;
    float fraction;
    char text[5];
} Mixed;

typedef struct {
    float alone;
} Single;

EXPORT int counter = 41;

EXPORT const char *const greeting = "greetings from a side module";

EXPORT int
increment(void)
{
    return ++counter;
}

EXPORT Point
mirror(Point point)
{
    return (Point){point.y, point.x};
}

EXPORT Mixed
grow(Mixed mixed, int by)
{
    mixed.tag += by;
    mixed.small += by;
    mixed.middle += by;
    mixed.large += by;
    mixed.fraction += by;
    mixed.text[0] += by;
    return mixed;
}

EXPORT Single
twice(Single single)
{
    return (Single){single.alone * 2};
}

EXPORT int64_t
add_64(int64_t left, int64_t right)
{
    return left + right;
}

EXPORT uint8_t
wrap_8(uint8_t value, int8_t by)
{
    return value + by;
}

EXPORT float
half(float value)
{
    return value / 2;
}

EXPORT long double
third(long double value)
{
    return value / 3;
}

EXPORT int
many(int a, double b, int64_t c, float d, int8_t e, void *f, uint16_t g, double h)
{
    return (int)(a + b + c + d + e + (f ? 1 : 0) + g + h);
}

EXPORT double
sum_of(int count, ...)
{
    va_list arguments;
    double sum = 0;

    va_start(arguments, count);
    for (int i = 0; i < count; i++) {
        sum += va_arg(arguments, double);
    }
    va_end(arguments);
    return sum;
}

EXPORT int
fail_with(int error)
{
    errno = error;
    return -1;
}

EXPORT double
fold(double (*function)(double, Point), double start, Point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        start = function(start, points[i]);
    }
    return start;
}

EXPORT int64_t
call_64(int64_t (*function)(int64_t), int64_t value)
{
    return function(value);
}

EXPORT int
call_nothing(void (*function)(void))
{
    function();
    return 1;
}
