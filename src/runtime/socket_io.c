/* Sending and receiving on sockets that may have to wait, and socketpair(). */

#define _GNU_SOURCE
#include "descriptor_wait.h"
#include "fiber_wait.h"
#include "syscall_result.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

/* Emscripten's system calls, which never wait. Each returns a count or a negated errno value. */
int __syscall_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *address,
                       socklen_t *address_size);
int __syscall_sendto(int fd, const void *buffer, size_t size, int flags,
                     const struct sockaddr *address, socklen_t address_size);
int __syscall_recvmsg(int fd, struct msghdr *message, int flags, int a, int b, int c);
int __syscall_sendmsg(int fd, const struct msghdr *message, int flags, int a, int b, int c);

/* Defined in socket_pair.js. Returns 0 or a negated errno value. */
int coil_socket_pair_js(int family, int type, int protocol, int *descriptors);

/* Returns whether to go on; if not, errno is set. */
static bool
may_go_on(coil_descriptor_state state, int error)
{
    if (state == DESCRIPTOR_WAITS && !error) {
        error = coil_fiber_refuse(EAGAIN);
    }
    errno = error ? error : errno;
    return !error;
}

/* As may_go_on(). */
static bool
await_input(int fd, int flags)
{
    if (flags & MSG_DONTWAIT) {
        return true;
    }
    uint16_t error;
    coil_descriptor_state state = coil_descriptor_await_input(fd, 1, &error);
    return may_go_on(state, error);
}

static bool
await_space(int fd, int flags)
{
    if (flags & MSG_DONTWAIT) {
        return true;
    }
    uint16_t error;
    coil_descriptor_state state = coil_descriptor_await_space(fd, &error);
    return may_go_on(state, error);
}

ssize_t
recvfrom(int fd, void *restrict buffer, size_t size, int flags, struct sockaddr *restrict address,
         socklen_t *restrict address_size)
{
    if (!await_input(fd, flags)) {
        return -1;
    }
    return coil_syscall_result(__syscall_recvfrom(fd, buffer, size, flags, address, address_size));
}

ssize_t
recv(int fd, void *buffer, size_t size, int flags)
{
    return recvfrom(fd, buffer, size, flags, NULL, NULL);
}

ssize_t
recvmsg(int fd, struct msghdr *message, int flags)
{
    if (!await_input(fd, flags)) {
        return -1;
    }
    return coil_syscall_result(__syscall_recvmsg(fd, message, flags, 0, 0, 0));
}

ssize_t
sendto(int fd, const void *buffer, size_t size, int flags, const struct sockaddr *address,
       socklen_t address_size)
{
    if (!await_space(fd, flags)) {
        return -1;
    }
    return coil_syscall_result(__syscall_sendto(fd, buffer, size, flags, address, address_size));
}

ssize_t
send(int fd, const void *buffer, size_t size, int flags)
{
    return sendto(fd, buffer, size, flags, NULL, 0);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (message->msg_controllen) {
        errno = EOPNOTSUPP; /* descriptors, say: the other end would never see them */
        return -1;
    }
    if (!await_space(fd, flags)) {
        return -1;
    }
    return coil_syscall_result(__syscall_sendmsg(fd, message, flags, 0, 0, 0));
}

int
socketpair(int family, int type, int protocol, int descriptors[2])
{
    if (family != AF_INET && family != AF_UNIX) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    return coil_syscall_result(coil_socket_pair_js(family, type, protocol, descriptors));
}
