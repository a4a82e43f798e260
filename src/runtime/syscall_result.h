#ifndef COIL_SYSCALL_RESULT_H
#define COIL_SYSCALL_RESULT_H

/* What Emscripten's system calls and our JavaScript return becomes what libc's functions return. */

#include <errno.h>

/* Returns a result that is not negative, or -1 with errno set to the negated value. */
static inline int
coil_syscall_result(int result)
{
    if (result < 0) {
        errno = -result;
        return -1;
    }
    return result;
}

#endif
