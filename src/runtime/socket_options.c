/* Options of sockets. What a program sets is kept and told again, since nearly all options are
   about a network, which is not there; those that would change what a socket does here (time-outs
   of calls) are refused, and not taken for nothing. Emscripten refuses every option but SO_ERROR.
 */

#define _GNU_SOURCE
#include "syscall_result.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* Defined in socket_options.js. Each returns what it asks for, or a negated errno value. */

/* The family, type or protocol, as SO_DOMAIN, SO_TYPE and SO_PROTOCOL; or the error, once. */
int coil_socket_fact_js(int fd, int name);
/* Keeps a number that is not negative under the option's number in the table, or reads it. */
int coil_socket_keep_js(int fd, int option, int value);
int coil_socket_kept_js(int fd, int option, int otherwise);

enum kind { FACT, NEVER, FLAG, NUMBER, BUFFER };

static const struct option {
    int level;
    int name;
    enum kind kind;
    int value; /* before it was set */
} options[] = {
    {SOL_SOCKET, SO_DOMAIN, FACT, 0},
    {SOL_SOCKET, SO_TYPE, FACT, 0},
    {SOL_SOCKET, SO_PROTOCOL, FACT, 0},
    {SOL_SOCKET, SO_ERROR, FACT, 0},
    {SOL_SOCKET, SO_ACCEPTCONN, NEVER, 0},
    {SOL_SOCKET, SO_REUSEADDR, FLAG, 0},
    {SOL_SOCKET, SO_REUSEPORT, FLAG, 0},
    {SOL_SOCKET, SO_KEEPALIVE, FLAG, 0},
    {SOL_SOCKET, SO_BROADCAST, FLAG, 0},
    {SOL_SOCKET, SO_OOBINLINE, FLAG, 0},
    {SOL_SOCKET, SO_DONTROUTE, FLAG, 0},
    {SOL_SOCKET, SO_SNDBUF, BUFFER, 65536}, /* the capacity of a channel: pipe.js */
    {SOL_SOCKET, SO_RCVBUF, BUFFER, 65536},
    {IPPROTO_IP, IP_TOS, NUMBER, 0},
    {IPPROTO_IP, IP_TTL, NUMBER, 64},
    {IPPROTO_TCP, TCP_NODELAY, FLAG, 0},
    {IPPROTO_TCP, TCP_KEEPIDLE, NUMBER, 7200},
    {IPPROTO_TCP, TCP_KEEPINTVL, NUMBER, 75},
    {IPPROTO_TCP, TCP_KEEPCNT, NUMBER, 9},
};

/* Returns the option, or NULL with errno set: also where the descriptor is no socket. */
static const struct option *
find(int fd, int level, int name)
{
    int type = coil_syscall_result(coil_socket_fact_js(fd, SO_TYPE));
    if (type < 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
        const struct option *each = &options[i];
        if (each->level == level && each->name == name
            && (level != IPPROTO_TCP || type == SOCK_STREAM)) {
            return each;
        }
    }
    errno = ENOPROTOOPT;
    return NULL;
}

static int
get(int fd, const struct option *option)
{
    if (option->kind == FACT) {
        return coil_syscall_result(coil_socket_fact_js(fd, option->name));
    }
    return coil_syscall_result(coil_socket_kept_js(fd, (int)(option - options), option->value));
}

int
getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict size)
{
    const struct option *option = find(fd, level, name);
    int found = option ? get(fd, option) : -1;
    if (found < 0) {
        return -1;
    }
    *size = *size < sizeof(found) ? *size : sizeof(found);
    memcpy(value, &found, *size);
    return 0;
}

/* Returns the number to keep, or -1 with errno set. */
static int
value_of(const struct option *option, const void *value, socklen_t size)
{
    int wanted;
    if (size < sizeof(wanted)) {
        errno = EINVAL;
        return -1;
    }
    memcpy(&wanted, value, sizeof(wanted));
    switch (option->kind) {
    case FLAG:
        return wanted != 0;
    case BUFFER:
        /* Linux doubles it, for its own use, and tells the double. */
        return wanted < 0 || wanted > INT_MAX / 2 ? INT_MAX : 2 * wanted;
    case NUMBER:
        errno = EINVAL;
        return wanted < 0 ? -1 : wanted;
    default:
        errno = ENOPROTOOPT;
        return -1;
    }
}

int
setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    const struct option *option = find(fd, level, name);
    int wanted = option ? value_of(option, value, size) : -1;
    if (wanted < 0) {
        return -1;
    }
    return coil_syscall_result(coil_socket_keep_js(fd, (int)(option - options), wanted));
}
