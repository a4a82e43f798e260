/* Semaphores with names, which the program alone can see: multiprocessing's locks are such. libc's
   own are files that processes map into their memory, which there is no way to share. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct named_semaphore {
    sem_t semaphore; /* first: a sem_t of sem_open() is one of these */
    struct named_semaphore *next;
    int opened;
    bool unlinked; /* has no name any more, and goes with the last sem_close() */
    char name[];
} named_semaphore;

static named_semaphore *all;

/* POSIX: a name begins with a slash and has no other; libc does without the first. */
static const char *
plain_name(const char *name)
{
    return name + strspn(name, "/");
}

static named_semaphore *
find(const char *name)
{
    named_semaphore *found = all;
    while (found && (found->unlinked || strcmp(found->name, name) != 0)) {
        found = found->next;
    }
    return found;
}

static named_semaphore *
create(const char *name, unsigned int value)
{
    size_t length = strlen(name) + 1;
    named_semaphore *made = calloc(1, sizeof(*made) + length);
    if (!made) {
        errno = ENOMEM;
        return NULL;
    }
    if (sem_init(&made->semaphore, 0, value) < 0) {
        free(made);
        return NULL;
    }
    memcpy(made->name, name, length);
    made->next = all;
    all = made;
    return made;
}

static named_semaphore *
open_named(const char *name, int flags, unsigned int value)
{
    named_semaphore *found = find(name);
    if (found && (flags & O_CREAT) && (flags & O_EXCL)) {
        errno = EEXIST;
        return NULL;
    }
    if (!found && !(flags & O_CREAT)) {
        errno = ENOENT;
        return NULL;
    }
    return found ? found : create(name, value);
}

sem_t *
sem_open(const char *name, int flags, ...)
{
    unsigned int value = 0;
    if (flags & O_CREAT) {
        va_list rest;
        va_start(rest, flags);
        (void)va_arg(rest, mode_t);
        value = va_arg(rest, unsigned int);
        va_end(rest);
    }
    name = plain_name(name);
    if (!*name || strchr(name, '/') || strlen(name) > NAME_MAX) {
        errno = *name ? ENAMETOOLONG : EINVAL;
        return SEM_FAILED;
    }
    named_semaphore *semaphore = open_named(name, flags, value);
    if (!semaphore) {
        return SEM_FAILED;
    }
    semaphore->opened++;
    return &semaphore->semaphore;
}

static void
drop_if_unused(named_semaphore *semaphore)
{
    if (semaphore->opened || !semaphore->unlinked) {
        return;
    }
    named_semaphore **link = &all;
    while (*link != semaphore) {
        link = &(*link)->next;
    }
    *link = semaphore->next;
    free(semaphore);
}

int
sem_close(sem_t *object)
{
    named_semaphore *semaphore = (named_semaphore *)(void *)object;
    semaphore->opened--;
    drop_if_unused(semaphore);
    return 0;
}

int
sem_unlink(const char *name)
{
    named_semaphore *semaphore = find(plain_name(name));
    if (!semaphore) {
        errno = ENOENT;
        return -1;
    }
    semaphore->unlinked = true;
    drop_if_unused(semaphore);
    return 0;
}
