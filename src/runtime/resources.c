/* What the program uses, and its limits: getrusage(), getrlimit(), setrlimit(). libc's ask a system
   call that invents them. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "fiber.h"

/* What resources.js fills in, in its order. */
typedef struct {
    double user_seconds;
    double system_seconds;
    double max_resident_kilobytes;
    double minor_faults;
    double major_faults;
    double blocks_read;
    double blocks_written;
    double voluntary_switches;
    double involuntary_switches;
} usage;

/* Defined in resources.js: of the process, or of this thread of the engine. Returns nothing. */
void coil_resources_usage_js(usage *found, bool thread);

/* Defined in resources.js. Returns how many files can be open at once. */
int coil_resources_open_files_js(void);

static struct timeval
time_of(double seconds)
{
    time_t whole = (time_t)seconds;
    return (struct timeval){whole, (suseconds_t)((seconds - (double)whole) * 1e6)};
}

int
getrusage(int who, struct rusage *result)
{
    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD) {
        errno = EINVAL;
        return -1;
    }
    memset(result, 0, sizeof(*result));
    if (who == RUSAGE_CHILDREN) {
        return 0; /* there are none */
    }
    usage found = {0};
    coil_resources_usage_js(&found, who == RUSAGE_THREAD);
    result->ru_utime = time_of(found.user_seconds);
    result->ru_stime = time_of(found.system_seconds);
    result->ru_maxrss = (long)found.max_resident_kilobytes;
    result->ru_minflt = (long)found.minor_faults;
    result->ru_majflt = (long)found.major_faults;
    result->ru_inblock = (long)found.blocks_read;
    result->ru_oublock = (long)found.blocks_written;
    result->ru_nvcsw = (long)found.voluntary_switches;
    result->ru_nivcsw = (long)found.involuntary_switches;
    return 0;
}

static rlim_t
limit_of(int which)
{
    switch (which) {
    case RLIMIT_NOFILE:
        return (rlim_t)coil_resources_open_files_js();
    case RLIMIT_STACK:
        return coil_fiber_stack_size();
    case RLIMIT_NPROC:
        return 1;
    case RLIMIT_AS:
    case RLIMIT_DATA:
        return (rlim_t)UINT32_MAX + 1; /* the address space of wasm32 */
    default:
        return RLIM_INFINITY;
    }
}

int
getrlimit(int which, struct rlimit *result)
{
    if (which < 0 || which >= RLIM_NLIMITS) {
        errno = EINVAL;
        return -1;
    }
    rlim_t limit = limit_of(which);
    *result = (struct rlimit){limit, limit};
    return 0;
}

/* Limits cannot be enforced, so they cannot be changed either; programs that raise a soft limit to
   the hard one are right already. */
int
setrlimit(int which, const struct rlimit *wanted)
{
    struct rlimit now;
    if (getrlimit(which, &now) < 0) {
        return -1;
    }
    if (wanted->rlim_cur > wanted->rlim_max) {
        errno = EINVAL;
        return -1;
    }
    if (wanted->rlim_cur != now.rlim_cur || wanted->rlim_max != now.rlim_max) {
        errno = EPERM;
        return -1;
    }
    return 0;
}

/* There are no other processes that would see the memory, and two mappings of one file are two
 * copies. */
int
shm_open(const char *name, int flags, mode_t mode)
{
    errno = ENOTSUP;
    return -1;
}

int
shm_unlink(const char *name)
{
    errno = ENOENT;
    return -1;
}
