/* Where a shared library is: by path, in LD_LIBRARY_PATH, in the folders of the one that needs it.
 */

#define _GNU_SOURCE
#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Returns whether `path` names a file that is not a folder. */
static bool
is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* Returns how many characters of `folder` are "$ORIGIN" or "${ORIGIN}" at its start. */
static size_t
origin_length(const char *folder, size_t length)
{
    static const char *const spellings[] = {"$ORIGIN", "${ORIGIN}"};
    for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
        size_t size = strlen(spellings[i]);
        if (length >= size && memcmp(folder, spellings[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

/* Returns the length of the folder of `path`; a file without one is in ".". */
static const char *
folder_of(const char *path, size_t *length)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    *length = slash ? (size_t)(slash - path) : 1;
    return slash ? path : ".";
}

/* Returns a new string "folder/name", $ORIGIN replaced, or NULL without memory. */
static char *
join(const char *folder, size_t length, const char *name, const char *origin)
{
    size_t origin_size = 0;
    size_t skipped = origin_length(folder, length);
    const char *base = folder_of(origin, &origin_size);
    char *joined;

    if (skipped == 0) {
        origin_size = 0;
    }
    int written = asprintf(&joined,
                           "%.*s%.*s/%s",
                           (int)origin_size,
                           base,
                           (int)(length - skipped),
                           folder + skipped,
                           name);
    return written < 0 ? NULL : joined;
}

/* Returns the first file `name` in a list of folders as a new string, or NULL. */
static char *
search(const char *folders, const char *name, const char *origin)
{
    while (folders) {
        const char *end = strchrnul(folders, ':');
        char *path = end > folders ? join(folders, (size_t)(end - folders), name, origin) : NULL;
        if (path && is_file(path)) {
            return path;
        }
        free(path);
        folders = *end ? end + 1 : NULL;
    }
    return NULL;
}

char *
coil_link_find(const char *name, const char *runpath, const char *origin)
{
    char *found;
    if (strchr(name, '/')) {
        found = is_file(name) ? strdup(name) : NULL;
    }
    else {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): as everywhere in CPython, the GIL guards it */
        found = search(getenv("LD_LIBRARY_PATH"), name, NULL);
        if (!found) {
            found = search(runpath, name, origin);
        }
    }
    /* One file is one library, by whatever links and relative paths it is opened. */
    char *real = found ? realpath(found, NULL) : NULL;
    if (!real) {
        return found;
    }
    free(found);
    return real;
}
