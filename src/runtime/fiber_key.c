/* What each thread stores under a key. */

#define _GNU_SOURCE
#include "fiber_key.h"

#include "fiber.h"

#include <errno.h>
#include <limits.h>

typedef struct {
    bool used;
    void (*destructor)(void *); /* NULL: none */
} key;

static key keys[PTHREAD_KEYS_MAX];

/* musl's names, which its C11 threads call; as those without underscores. */
int __pthread_key_create(pthread_key_t *made, void (*destructor)(void *));
int __pthread_key_delete(pthread_key_t which);

static bool
is_key(pthread_key_t which)
{
    return which < PTHREAD_KEYS_MAX && keys[which].used;
}

int
__pthread_key_create(pthread_key_t *made, void (*destructor)(void *))
{
    for (pthread_key_t which = 0; which < PTHREAD_KEYS_MAX; which++) {
        if (!keys[which].used) {
            keys[which] = (key){true, destructor};
            *made = which;
            return 0;
        }
    }
    return EAGAIN;
}

int
__pthread_key_delete(pthread_key_t which)
{
    if (!is_key(which)) {
        return EINVAL;
    }
    keys[which].used = false;
    /* The next key of this number begins with NULL in each thread. */
    for (coil_fiber *fiber = coil_fiber_newest(); fiber; fiber = fiber->older) {
        fiber->keys[which] = NULL;
    }
    return 0;
}

void *
pthread_getspecific(pthread_key_t which)
{
    return is_key(which) ? coil_fiber_identity()->keys[which] : NULL;
}

int
pthread_setspecific(pthread_key_t which, const void *value)
{
    if (!is_key(which)) {
        return EINVAL;
    }
    coil_fiber_identity()->keys[which] = (void *)value;
    return 0;
}

/* Returns whether there was something to destroy. */
static bool
destroy_values(coil_fiber *fiber)
{
    bool found = false;
    for (pthread_key_t which = 0; which < PTHREAD_KEYS_MAX; which++) {
        void *value = fiber->keys[which];
        fiber->keys[which] = NULL;
        if (value && keys[which].used && keys[which].destructor) {
            keys[which].destructor(value);
            found = true;
        }
    }
    return found;
}

void
coil_fiber_destroy_keys(void)
{
    /* A destructor may store values; POSIX bounds how often that is answered. */
    coil_fiber *fiber = coil_fiber_current();
    for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
        if (!destroy_values(fiber)) {
            return;
        }
    }
}

int
pthread_key_create(pthread_key_t *made, void (*destructor)(void *))
{
    return __pthread_key_create(made, destructor);
}

int
pthread_key_delete(pthread_key_t which)
{
    return __pthread_key_delete(which);
}
