/* The functions of <dlfcn.h>, in place of Emscripten's. */

#define _GNU_SOURCE
#include "link.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Defined by libc: makes the text of dlerror(). */
void __dl_seterr(const char *format, ...);

/* Defined in link.js: the address of a symbol of a library and those it needs, or, with NULL, of
   the program and the global libraries; NULL if there is none. */
void *coil_link_symbol_js(struct coil_library *library, const char *name);
/* Defined in link.js: whether a slot of the table holds a function of this library. */
int coil_link_has_slot_js(struct coil_library *library, uintptr_t slot);
/* Defined in link.js: later libraries see the symbols of this one. Returns nothing. */
void coil_link_publish_js(struct coil_library *library);

/* What dlopen(NULL) returns: the program, with the global libraries. */
static struct coil_library program = {.kept = true, .ready = true};

static struct coil_library *libraries;

struct coil_library *
coil_link_first(void)
{
    return libraries;
}

char *
coil_link_error(const char *format, ...)
{
    static const char fallback[] = "no memory";
    char *text;
    va_list arguments;

    va_start(arguments, format);
    int written = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (written >= 0) {
        return text;
    }
    text = malloc(sizeof(fallback));
    if (!text) {
        abort();
    }
    return memcpy(text, fallback, sizeof(fallback));
}

/* --- the list --- */

/* Returns the place in the list that points to `library`. */
static struct coil_library **
link_to(const struct coil_library *library)
{
    struct coil_library **link = &libraries;
    while (*link && *link != library) {
        link = &(*link)->next;
    }
    return link;
}

static struct coil_library *
find_by_path(const char *path)
{
    struct coil_library *library = libraries;
    while (library && strcmp(library->path, path) != 0) {
        library = library->next;
    }
    return library;
}

/* A library that another one needs is known by its file's name wherever it came from. */
static struct coil_library *
find_by_name(const char *name)
{
    for (struct coil_library *library = libraries; library; library = library->next) {
        const char *slash = strrchr(library->path, '/');
        if (strcmp(slash ? slash + 1 : library->path, name) == 0) {
            return library;
        }
    }
    return NULL;
}

/* Returns the loaded library that is meant, and *path where its file is otherwise. */
static struct coil_library *
find_loaded(const char *name, const struct coil_library *needing, const char *runpath, char **path)
{
    struct coil_library *library = NULL;
    *path = NULL;
    if (needing && !strchr(name, '/')) {
        library = find_by_name(name);
    }
    if (!library) {
        *path = coil_link_find(name, runpath, needing ? needing->path : NULL);
        library = *path ? find_by_path(*path) : NULL;
    }
    return library;
}

/* Returns whether `library` cannot be ready before `needing` is. */
static bool
depends_on(const struct coil_library *library, const struct coil_library *needing)
{
    while (library && library != needing) {
        library = library->waits_for;
    }
    return library != NULL;
}

/* Waits for a library that another fiber is loading, or was until it failed and gave the structure
   back: the caller looks for it again. Returns an error. */
static char *
wait_until_ready(struct coil_library *library, struct coil_library *needing)
{
    if (needing) {
        needing->waits_for = library;
        if (depends_on(library, needing)) {
            return coil_link_error(
                "%s: libraries that need each other cannot be loaded (needed by %s)",
                library->path,
                needing->path);
        }
    }
    if (coil_link_wait()) {
        return NULL;
    }
    return coil_link_error("%s: it is being loaded, and Python cannot wait here; import it where "
                           "it can",
                           library->path);
}

/* As find_loaded(), when no other fiber is loading what is meant any more. Returns an error. */
static char *
find_ready(const char *name, struct coil_library *needing, const char *runpath, char **path,
           struct coil_library **out)
{
    char *error = NULL;
    *out = find_loaded(name, needing, runpath, path);
    while (!error && *out && !(*out)->ready) {
        free(*path);
        *path = NULL;
        error = wait_until_ready(*out, needing);
        *out = error ? NULL : find_loaded(name, needing, runpath, path);
    }
    return error;
}

/* Returns a new library at the end of the list with one user, or NULL without memory. Steals
   `path`. */
static struct coil_library *
add(char *path)
{
    struct coil_library *library = calloc(1, sizeof(*library));
    if (!library) {
        free(path);
        return NULL;
    }
    library->path = path;
    library->references = 1;
    *link_to(NULL) = library;
    return library;
}

static void
remove_library(struct coil_library *library)
{
    *link_to(library) = library->next;
    free(library->path);
    free(library);
}

/* --- opening and closing --- */

/* Loads the library of a file, for one user. Returns an error. Steals `path`. */
static char *
load_file(char *path, struct coil_library *needing, int mode, struct coil_library **out)
{
    *out = add(path);
    if (!*out) {
        return coil_link_error("no memory");
    }
    if (needing) {
        needing->waits_for = *out;
    }
    char *error = coil_link_load(*out, mode);
    if (error) {
        remove_library(*out);
        *out = NULL;
    }
    return error;
}

/* What became visible together stays visible together: a library and those it needs. */
static void
publish(struct coil_library *library)
{
    if (library->global) {
        return;
    }
    library->global = true;
    coil_link_publish_js(library);
    for (unsigned i = 0; i < library->needed_count; i++) {
        publish(library->needed[i]);
    }
}

static void
apply_mode(struct coil_library *library, int mode)
{
    library->kept = library->kept || (mode & RTLD_NODELETE);
    if (mode & RTLD_GLOBAL) {
        publish(library);
    }
}

static char *
not_found(const char *name, const struct coil_library *needing)
{
    if (needing) {
        return coil_link_error("%s: cannot open shared object file: No such file or directory "
                               "(needed by %s)",
                               name,
                               needing->path);
    }
    struct stat status;
    bool is_folder = strchr(name, '/') && stat(name, &status) == 0 && S_ISDIR(status.st_mode);
    return coil_link_error("%s: cannot open shared object file: %s",
                           name,
                           is_folder ? "Is a directory" : "No such file or directory");
}

/* Opens what is loaded already, or the file `path`, which it steals. Returns an error. */
static char *
open_found(char *path, struct coil_library *needing, int mode, struct coil_library **out)
{
    if (*out) {
        (*out)->references++;
        free(path);
        return NULL;
    }
    if (mode & RTLD_NOLOAD) {
        char *error = coil_link_error("%s: not loaded", path);
        free(path);
        return error;
    }
    return load_file(path, needing, mode, out);
}

char *
coil_link_open(const char *name, struct coil_library *needing, const char *runpath, int mode,
               struct coil_library **out)
{
    char *path;
    char *error = find_ready(name, needing, runpath, &path, out);
    if (!error) {
        error = *out || path ? open_found(path, needing, mode, out) : not_found(name, needing);
    }
    if (*out) {
        apply_mode(*out, mode);
    }
    if (needing) {
        needing->waits_for = NULL;
    }
    return error;
}

void
coil_link_close(struct coil_library *library)
{
    if (--library->references == 0 && !library->kept) {
        coil_link_unload(library);
        remove_library(library);
    }
}

/* --- <dlfcn.h> --- */

static bool
is_open(const struct coil_library *library)
{
    if (library == &program || (library && *link_to(library))) {
        return true;
    }
    __dl_seterr("Invalid library handle %p", (const void *)library);
    return false;
}

void *
dlopen(const char *name, int mode)
{
    struct coil_library *library;
    if (!name) {
        return &program;
    }
    if (!(mode & (RTLD_LAZY | RTLD_NOW))) {
        __dl_seterr("invalid mode for dlopen(): Either RTLD_LAZY or RTLD_NOW is required");
        return NULL;
    }
    char *error = coil_link_open(name, NULL, NULL, mode, &library);
    if (error) {
        __dl_seterr("%s", error);
        free(error);
        return NULL;
    }
    library->opened++;
    return library;
}

int
dlclose(void *handle)
{
    if (!is_open(handle)) {
        return -1;
    }
    struct coil_library *library = handle;
    if (library == &program) {
        return 0;
    }
    if (library->opened == 0) {
        /* Only those that need it keep it. */
        __dl_seterr("%s: shared object not open", library->path);
        return -1;
    }
    library->opened--;
    coil_link_close(library);
    return 0;
}

void *
dlsym(void *restrict handle, const char *restrict name)
{
    if (handle == RTLD_NEXT) {
        __dl_seterr("RTLD_NEXT is not supported: a function cannot tell who called it");
        return NULL;
    }
    if (handle != RTLD_DEFAULT && !is_open(handle)) {
        return NULL;
    }
    struct coil_library *library = handle == &program ? NULL : handle;
    void *address = coil_link_symbol_js(library, name);
    if (!address) {
        __dl_seterr(
            "%s%sundefined symbol: %s", library ? library->path : "", library ? ": " : "", name);
    }
    return address;
}

/* Function pointers are numbers of table slots, which may be the addresses of data of others. */
static bool
contains(struct coil_library *library, uintptr_t address)
{
    uintptr_t memory = (uintptr_t)library->memory;
    return (memory && address >= memory && address - memory < library->memory_size)
           || coil_link_has_slot_js(library, address);
}

/* The owner of an address: its file and the start of its data. Symbols have no names here:
   `dli_sname` is NULL. Returns 0 for what belongs to the program. */
int
dladdr(const void *address, Dl_info *info)
{
    for (struct coil_library *library = libraries; library; library = library->next) {
        if (contains(library, (uintptr_t)address)) {
            *info = (Dl_info){.dli_fname = library->path, .dli_fbase = library->memory};
            return 1;
        }
    }
    return 0;
}

/* Returns 0, or -1 without memory. */
static int
add_finaliser(struct coil_library *library, void (*function)(void *), void *argument)
{
    struct coil_finaliser *finaliser = malloc(sizeof(*finaliser));
    if (!finaliser) {
        return -1;
    }
    *finaliser = (struct coil_finaliser){library->finalisers, function, argument};
    library->finalisers = finaliser;
    return 0;
}

/* What libraries call __cxa_atexit(). The program's own does nothing, since the program does not
   end before its memory does; a library may. `handle` lies in the data of the library. Returns 0,
   or -1 without memory. */
int
coil_link_at_unload(void (*function)(void *), void *argument, void *handle)
{
    struct coil_library *library = libraries;
    while (library
           && ((uintptr_t)handle < (uintptr_t)library->memory
               || (uintptr_t)handle - (uintptr_t)library->memory >= library->memory_size)) {
        library = library->next;
    }
    return library ? add_finaliser(library, function, argument) : 0;
}

static void
call(void *function)
{
    ((void (*)(void))function)();
}

/* What libraries call atexit(): as glibc does, which links a copy into each library. Returns 0, or
   -1 without memory. */
int
coil_link_atexit(void (*function)(void))
{
    struct coil_library *library = libraries;
    while (library && !coil_link_has_slot_js(library, (uintptr_t)function)) {
        library = library->next;
    }
    return library ? add_finaliser(library, call, (void *)function) : 0;
}
