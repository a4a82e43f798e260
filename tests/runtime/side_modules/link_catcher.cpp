/* For test_link.py: calls between libraries, and what happens when this one comes and goes. */

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" {
extern int link_answer;
void link_throw(const char *text);
void link_jump(std::jmp_buf *buffer, int value);
int link_call(int (*function)(int), int value);
}

namespace {

/* Tells of its end where the caller wants to know. */
struct Witness {
    int *place = nullptr;
    ~Witness()
    {
        if (place) {
            ++*place;
        }
    }
};

Witness witness;

} // namespace

EXPORT void
watch(int *place)
{
    witness.place = place;
}

static int *exit_place;

static void
at_exit()
{
    *exit_place += 100;
}

EXPORT int
watch_exit(int *place)
{
    exit_place = place;
    return std::atexit(at_exit);
}

EXPORT int
speak_at_exit()
{
    return std::atexit([] { std::puts("the end"); });
}

EXPORT int
read_answer()
{
    return link_answer;
}

/* Puts "type: text" of what the other library threw into `buffer`. */
EXPORT void
catch_it(const char *text, char *buffer)
{
    try {
        link_throw(text);
    } catch (const std::exception &error) {
        std::strcpy(buffer, typeid(error).name());
        std::strcat(buffer, ": ");
        std::strcat(buffer, error.what());
    }
}

EXPORT int
jump_back(int value)
{
    std::jmp_buf buffer;
    int result = setjmp(buffer);
    if (result == 0) {
        link_jump(&buffer, value);
    }
    return result * 10;
}

/* Weak: another library could define it too, so this one imports what it defines itself. */
EXPORT __attribute__((weak, noinline)) int
call_weakly(int (*function)(int), int value, double factor)
{
    return int(link_call(function, value) * factor);
}

EXPORT int
call_through(int (*function)(int), int value)
{
    return call_weakly(function, value, 2);
}

EXPORT void *
address_of_throw()
{
    return reinterpret_cast<void *>(link_throw);
}
