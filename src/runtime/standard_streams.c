#define _GNU_SOURCE
#include "standard_streams.h"

#include "interrupt.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

/* What a read finds, as standard_streams.js says it. */
enum readiness {
    ORDINARY = 0, /* a file, or anything else that is read without waiting */
    READY = 1,    /* a terminal, pipe or socket with something to give, the end included */
    WAITS = 2,    /* the same with nothing to give; the host was asked for some bytes */
};

/* Defined in standard_streams.js. The last one takes back what a WAITS has asked for. */
void coil_streams_open_js(void);
enum readiness coil_streams_await_js(int fd, size_t wanted);
void coil_streams_cancel_js(int fd);

/* The JS library's own fd_read, under the name wasi-libc's headers give to the import. */
IMPORT("wasi_snapshot_preview1", "fd_read")
uint16_t read_now(int fd, const struct iovec *vectors, size_t count, size_t *bytes_read);

/* Defines libc's name for the import fd_read, which is then no import any more. (Under its own name
   it would clash with the declaration in wasi/api.h, which says that it is one.) */
uint16_t coil_fd_read(int fd, const struct iovec *vectors, size_t count,
                      size_t *bytes_read) __asm__("__wasi_fd_read");

void
coil_streams_open(void)
{
    coil_streams_open_js();
}

/* Returns how a read of `fd` can go on: at once, or (WAITS) only by blocking the thread. When a
   signal handler ran instead, `error` is set to EINTR. */
static enum readiness
await_input(int fd, size_t wanted, uint16_t *error)
{
    enum readiness readiness = coil_streams_await_js(fd, wanted);
    while (readiness == WAITS) {
        coil_interrupt_result result = coil_interrupt_wait(INFINITY);
        if (result == COIL_INTERRUPT_HANDLED) {
            *error = EINTR;
            break;
        }
        if (result == COIL_INTERRUPT_REFUSED) {
            coil_streams_cancel_js(fd);
            break;
        }
        readiness = coil_streams_await_js(fd, wanted);
    }
    return readiness;
}

uint16_t
coil_fd_read(int fd, const struct iovec *vectors, size_t count, size_t *bytes_read)
{
    const struct iovec *first = vectors;
    while (first < vectors + count && first->iov_len == 0) {
        first++;
    }
    if (first == vectors + count) {
        return read_now(fd, vectors, count, bytes_read);
    }
    uint16_t error = 0;
    if (await_input(fd, first->iov_len, &error) == ORDINARY) {
        return read_now(fd, vectors, count, bytes_read);
    }
    /* One buffer alone: the JS library would go on to the second, and block there. */
    return error ? error : read_now(fd, first, 1, bytes_read);
}
