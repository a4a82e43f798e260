/* read() and write() on descriptors that may have to wait, under the names by which libc imports
   them. */

#include "descriptor_wait.h"
#include "fiber_wait.h"

#include <errno.h>
#include <sys/uio.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

/* The JS library's own, under the names wasi-libc's headers give to the imports. Each returns 0 or
   an errno value. */
IMPORT("wasi_snapshot_preview1", "fd_read")
uint16_t read_now(int fd, const struct iovec *vectors, size_t count, size_t *bytes_read);
IMPORT("wasi_snapshot_preview1", "fd_write")
uint16_t write_now(int fd, const struct iovec *vectors, size_t count, size_t *written);

/* These define libc's names for the imports, which are then no imports any more. (Under their own
   names they would clash with the declarations in wasi/api.h, which says that they are.) */
uint16_t coil_fd_read(int fd, const struct iovec *vectors, size_t count,
                      size_t *bytes_read) __asm__("__wasi_fd_read");
uint16_t coil_fd_write(int fd, const struct iovec *vectors, size_t count,
                       size_t *written) __asm__("__wasi_fd_write");

/* Returns the first vector that is not empty, or the end. */
static const struct iovec *
skip_empty(const struct iovec *vectors, const struct iovec *end)
{
    while (vectors < end && vectors->iov_len == 0) {
        vectors++;
    }
    return vectors;
}

/* Returns the error of a call that would have had to wait, or `error` of any other. */
static uint16_t
refusal(coil_descriptor_state state, uint16_t error)
{
    bool had_to_wait = state == DESCRIPTOR_WAITS && error == EAGAIN;
    return had_to_wait ? (uint16_t)coil_fiber_refuse(EAGAIN) : error;
}

uint16_t
coil_fd_read(int fd, const struct iovec *vectors, size_t count, size_t *bytes_read)
{
    const struct iovec *first = skip_empty(vectors, vectors + count);
    if (first == vectors + count) {
        return read_now(fd, vectors, count, bytes_read);
    }
    uint16_t error;
    coil_descriptor_state state = coil_descriptor_await_input(fd, first->iov_len, &error);
    if (state == DESCRIPTOR_ORDINARY) {
        return read_now(fd, vectors, count, bytes_read);
    }
    /* One buffer alone: the JS library would go on to the second, and block there. */
    return error ? error : refusal(state, read_now(fd, first, 1, bytes_read));
}

/* Writes all of `rest`, as POSIX wants it of a descriptor that waits, and adds to *written. Returns
   0 or an errno value. */
static uint16_t
write_all(int fd, struct iovec rest, size_t *written)
{
    while (rest.iov_len) {
        uint16_t error;
        size_t count = 0;
        coil_descriptor_state state = coil_descriptor_await_space(fd, &error);
        error = error ? error : refusal(state, write_now(fd, &rest, 1, &count));
        if (error) {
            return error;
        }
        *written += count;
        rest.iov_base = (char *)rest.iov_base + count;
        rest.iov_len -= count;
    }
    return 0;
}

uint16_t
coil_fd_write(int fd, const struct iovec *vectors, size_t count, size_t *written)
{
    const struct iovec *end = vectors + count;
    const struct iovec *first = skip_empty(vectors, end);
    uint16_t error = 0;
    if (first == end || coil_descriptor_await_space(fd, &error) == DESCRIPTOR_ORDINARY) {
        return write_now(fd, vectors, count, written);
    }
    *written = 0;
    while (!error && first < end) {
        error = write_all(fd, *first++, written);
    }
    return *written ? 0 : error;
}
