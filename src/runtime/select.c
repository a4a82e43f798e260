/* select(), and under it pselect(). libc's own goes through poll() and cuts its time-out to whole
   milliseconds: it would come back early, and not wait at all for less than one. */

#include "descriptor_wait.h"
#include "suspend.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <sys/select.h>

/* What counts as readable, writable and exceptional: a call would not wait, but may well fail. */
#define READABLE (POLLIN | POLLHUP | POLLERR)
#define WRITABLE (POLLOUT | POLLERR)

static bool
is_in(int fd, const fd_set *set)
{
    return set && FD_ISSET(fd, set);
}

/* Fills `asked` with what the three sets ask for. Returns how many descriptors they name. */
static int
collect(int limit, const fd_set *readers, const fd_set *writers, const fd_set *others,
        struct pollfd *asked)
{
    int count = 0;
    for (int fd = 0; fd < limit; fd++) {
        int events = (is_in(fd, readers) ? POLLIN : 0) | (is_in(fd, writers) ? POLLOUT : 0)
                     | (is_in(fd, others) ? POLLPRI : 0);
        if (events) {
            asked[count++] = (struct pollfd){.fd = fd, .events = (short)events};
        }
    }
    return count;
}

/* Leaves in `set` those descriptors that asked for `wanted` and were given one of `events`. Returns
   how many these are. */
static int
keep(fd_set *set, const struct pollfd *asked, int count, short wanted, short events)
{
    if (!set) {
        return 0;
    }
    int kept = 0;
    FD_ZERO(set);
    for (int i = 0; i < count; i++) {
        if (asked[i].events & wanted && asked[i].revents & events) {
            FD_SET(asked[i].fd, set);
            kept++;
        }
    }
    return kept;
}

static bool
names_a_closed_one(const struct pollfd *asked, int count)
{
    for (int i = 0; i < count; i++) {
        if (asked[i].revents & POLLNVAL) {
            return true;
        }
    }
    return false;
}

static double
deadline_of(const struct timeval *time)
{
    return time ? coil_now() + (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3 : INFINITY;
}

/* Returns -1 with errno set to `error`. */
static int
fail(int error)
{
    errno = error;
    return -1;
}

int
select(int limit, fd_set *readers, fd_set *writers, fd_set *others, struct timeval *time)
{
    if (limit < 0 || limit > FD_SETSIZE || (time && (time->tv_sec < 0 || time->tv_usec < 0))) {
        return fail(EINVAL);
    }
    struct pollfd asked[FD_SETSIZE];
    int count = collect(limit, readers, writers, others, asked);
    int result = coil_poll_until(asked, count, deadline_of(time));
    if (result < 0) {
        return fail(-result);
    }
    if (names_a_closed_one(asked, count)) {
        return fail(EBADF);
    }
    return keep(readers, asked, count, POLLIN, READABLE)
           + keep(writers, asked, count, POLLOUT, WRITABLE)
           + keep(others, asked, count, POLLPRI, POLLPRI);
}
