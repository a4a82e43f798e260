/* For test_link.py: what link_catcher.cpp binds without naming this library. */

#include <csetjmp>
#include <stdexcept>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

struct Refusal : std::runtime_error {
    explicit Refusal(const std::string &text) : std::runtime_error(text) {}
};

EXPORT int link_answer = 42;

EXPORT void
link_throw(const char *text)
{
    throw Refusal(text);
}

EXPORT void
link_jump(std::jmp_buf *buffer, int value)
{
    std::longjmp(*buffer, value);
}

EXPORT int
link_call(int (*function)(int), int value)
{
    return function(value) + 1;
}
