/* A library that uses functions and data of ctypes_library. */

int increment(void);
extern int counter;

__attribute__((visibility("default"))) int
increment_twice(void)
{
    increment();
    return increment() * 1000 + counter;
}
