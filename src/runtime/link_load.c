/* Loading one shared library, step by step; giving back what it took. */

#include "link.h"

#include "suspend.h"

#include <Python.h>

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Defined in link.js; each returns an error. The library is known there by its address. */

/* Makes the library known; fetches its file, where it is not here yet, in the background. */
char *coil_link_fetch_js(struct coil_library *library, const char *path);
/* Reads and checks the file; fills `image` up to `runpath`. */
char *coil_link_read_js(struct coil_library *library, struct coil_image *image);
/* Says that a library needs another one. */
void coil_link_need_js(struct coil_library *library, struct coil_library *needed);
/* Compiles the module, at once or, where the engine refuses that, in the background. */
char *coil_link_compile_js(struct coil_library *library);
/* Resolves all symbols and instantiates, at once or in the background. */
char *coil_link_bind_js(struct coil_library *library, void *memory);
/* Fills the table with the functions of the instance, and `image` from `first_slot` on. */
char *coil_link_place_js(struct coil_library *library, struct coil_image *image);
/* Returns whether the background is at work. */
int coil_link_busy_js(struct coil_library *library);
/* Returns the error with which the background ended. */
char *coil_link_failure_js(struct coil_library *library);
/* Has others who wait for a load look again, after this stack has come to its end. Returns nothing.
 */
void coil_link_ended_js(void);
/* Returns one after the other the global libraries whose symbols were bound and that are not needed
   by name, each borrowed; NULL behind the last one. */
struct coil_library *coil_link_bound_js(struct coil_library *library, unsigned index);
/* Forgets the library and empties its part of the table. Returns nothing. */
void coil_link_forget_js(struct coil_library *library);

/* The importing thread keeps its import lock: whoever imports the same module waits for it. */
bool
coil_link_wait(void)
{
    PyThreadState *thread = Py_IsInitialized() && PyGILState_Check() ? PyEval_SaveThread() : NULL;
    bool waited = coil_suspend_wait(INFINITY, COIL_FOR_HOST) != COIL_WAIT_REFUSED;
    if (thread) {
        PyEval_RestoreThread(thread);
    }
    return waited;
}

/* Waits for the background, so that other Python code can run. `why` says why there is one. Returns
   an error. */
static char *
wait_for_background(struct coil_library *library, const char *why)
{
    if (!coil_link_busy_js(library)) {
        return NULL;
    }
    while (coil_link_busy_js(library)) {
        if (!coil_link_wait()) {
            return coil_link_error(
                "%s: %s, and Python cannot wait here; import it where it can", library->path, why);
        }
    }
    return coil_link_failure_js(library);
}

/* Makes room for one more library that this one keeps. Returns an error. */
static char *
reserve_needed(struct coil_library *library)
{
    size_t size = (library->needed_count + 1) * sizeof(*library->needed);
    struct coil_library **more = realloc(library->needed, size);
    if (!more) {
        return coil_link_error("%s: no memory", library->path);
    }
    library->needed = more;
    return NULL;
}

/* Keeps the global libraries that symbols come from. Returns an error. */
static char *
keep_bound(struct coil_library *library)
{
    struct coil_library *bound;
    for (unsigned i = 0; (bound = coil_link_bound_js(library, i)); i++) {
        char *error = reserve_needed(library);
        if (error) {
            return error;
        }
        bound->references++;
        library->needed[library->needed_count++] = bound;
    }
    return NULL;
}

/* Returns an error. */
static char *
add_needed(struct coil_library *library, const char *name, const char *runpath, int mode)
{
    char *error = reserve_needed(library);
    if (error) {
        return error;
    }
    struct coil_library *needed;
    error = coil_link_open(name, library, runpath, mode, &needed);
    if (!error) {
        library->needed[library->needed_count++] = needed;
        coil_link_need_js(library, needed);
    }
    return error;
}

/* Returns an error. */
static char *
open_needed(struct coil_library *library, const struct coil_image *image, int mode)
{
    char *error = NULL;
    for (const char *name = image->needed; *name && !error; name += strlen(name) + 1) {
        error = add_needed(library, name, image->runpath, mode & ~RTLD_NOLOAD);
    }
    return error;
}

/* Returns an error. */
static char *
reserve_memory(struct coil_library *library, const struct coil_image *image)
{
    size_t alignment = image->memory_alignment < 16 ? 16 : image->memory_alignment;
    library->memory_size = image->memory_size;
    if (image->memory_size == 0) {
        return NULL;
    }
    if (image->memory_size <= PTRDIFF_MAX) {
        size_t size = (image->memory_size + alignment - 1) & -alignment;
        library->memory = aligned_alloc(alignment, size);
    }
    if (!library->memory) {
        return coil_link_error(
            "%s: no memory for %zu bytes of data", library->path, library->memory_size);
    }
    memset(library->memory, 0, image->memory_size);
    return NULL;
}

/* Runs what prepares the data, then the constructors. No JavaScript is below them. */
static void
start(struct coil_library *library, const struct coil_image *image)
{
    library->first_slot = image->first_slot;
    library->slot_count = image->slot_count;
    if (image->relocate) {
        image->relocate();
    }
    if (image->construct) {
        image->construct();
    }
}

/* Returns an error. */
static char *
load_image(struct coil_library *library, struct coil_image *image, int mode)
{
    static const char fetched[] = "the file has to be fetched first";
    static const char compiled[] =
        "the engine compiles a module of this size in the background only";

    char *error = coil_link_fetch_js(library, library->path);
    if (!error) {
        error = wait_for_background(library, fetched);
    }
    if (!error) {
        error = coil_link_read_js(library, image);
    }
    if (!error) {
        error = open_needed(library, image, mode);
    }
    if (!error) {
        error = coil_link_compile_js(library);
    }
    if (!error) {
        error = wait_for_background(library, compiled);
    }
    if (!error) {
        error = reserve_memory(library, image);
    }
    if (!error) {
        error = coil_link_bind_js(library, library->memory);
    }
    if (!error) {
        error = wait_for_background(library, compiled);
    }
    if (!error) {
        error = keep_bound(library);
    }
    if (!error) {
        error = coil_link_place_js(library, image);
    }
    return error;
}

char *
coil_link_load(struct coil_library *library, int mode)
{
    struct coil_image image = {0};
    char *error = load_image(library, &image, mode);
    if (error) {
        coil_link_unload(library);
    }
    else {
        library->ready = true; /* already for its constructors, which may open it themselves */
        start(library, &image);
    }
    coil_link_ended_js();
    free(image.needed);
    free(image.runpath);
    return error;
}

static void
run_finalisers(struct coil_library *library)
{
    while (library->finalisers) {
        struct coil_finaliser *last = library->finalisers;
        library->finalisers = last->next;
        last->function(last->argument);
        free(last);
    }
}

void
coil_link_finish(void)
{
    struct coil_library *last;
    do {
        last = NULL;
        for (struct coil_library *each = coil_link_first(); each; each = each->next) {
            last = each->finalisers ? each : last;
        }
        if (last) {
            run_finalisers(last);
        }
    } while (last);
}

void
coil_link_unload(struct coil_library *library)
{
    run_finalisers(library);
    coil_link_forget_js(library);
    free(library->memory);
    while (library->needed_count > 0) {
        coil_link_close(library->needed[--library->needed_count]);
    }
    free(library->needed);
    library->memory = NULL;
    library->needed = NULL;
}
