#ifndef COIL_LINK_H
#define COIL_LINK_H

/* The dynamic linker: what its files share. link.c has the functions of <dlfcn.h>, link_load.c
   loads one library, link_search.c finds its file. link*.js is the JavaScript side, which reads the
   modules, resolves their symbols and instantiates them.

   An error is a text in malloc()ed memory that the receiver frees; no error is NULL. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A destructor that a library registered while it was loaded: __cxa_atexit(). */
struct coil_finaliser {
    struct coil_finaliser *next;
    void (*function)(void *);
    void *argument;
};

/* A loaded library. What dlopen() returns is the address of one. */
struct coil_library {
    struct coil_library *next; /* in the order of loading */
    char *path;
    unsigned references;            /* of dlopen(), and one for each library that needs this one, or
                                       has bound symbols that this one made global */
    unsigned opened;                /* times by dlopen(), without those that dlclose() took back */
    bool global;                    /* later libraries see its symbols */
    bool kept;                      /* never unloaded */
    bool ready;                     /* bound: its symbols can be used */
    struct coil_library *waits_for; /* what it needs and what is not ready; NULL: nothing */
    void *memory;                   /* its data */
    size_t memory_size;
    uint32_t first_slot; /* its part of the table */
    uint32_t slot_count;
    struct coil_library **needed;
    unsigned needed_count;
    struct coil_finaliser *finalisers; /* the last one first */
};

/* What link.js says of a module; it writes these words in this order. */
struct coil_image {
    uint32_t memory_size;
    uint32_t memory_alignment; /* in bytes */
    char *needed;              /* names, each ended by a NUL, then an empty one; malloc()ed */
    char *runpath;             /* folders, separated by colons; malloc()ed */
    uint32_t first_slot;       /* from here on known when the module is bound */
    uint32_t slot_count;
    void (*relocate)(void);  /* NULL: nothing to relocate */
    void (*construct)(void); /* NULL: no constructors */
};

/* Returns the first library; the list goes on with `next`. NULL when there is none. */
struct coil_library *coil_link_first(void);

/* Opens the library `name`, by path or by a name to search for, for one more user; waits while
   another fiber loads it. `needing` is the library that needs it, with its folders, or NULL. `mode`
   is that of dlopen(). Returns an error, or NULL and the library in *out, borrowed from the list.
 */
char *coil_link_open(const char *name, struct coil_library *needing, const char *runpath, int mode,
                     struct coil_library **out);

/* Takes one user of a library away; unloads it, and then those it needed, when it was the last.
   Returns nothing. */
void coil_link_close(struct coil_library *library);

/* Suspends, without the GIL, until something has happened that may have ended a load of another
   fiber. Returns whether that was possible. */
bool coil_link_wait(void);

/* Loads `library`, of which the path alone is known. Returns an error, after which everything that
   was taken for it is given back but the structure itself. */
char *coil_link_load(struct coil_library *library, int mode);

/* Gives back all that a library has but the structure itself. Returns nothing. */
void coil_link_unload(struct coil_library *library);

/* Runs what libraries that are still open wanted run at their end, those of the last one first: the
   program ends. Returns nothing. */
void coil_link_finish(void);

/* Finds the file of a library. `runpath` are folders where a name without a slash is looked for
   after LD_LIBRARY_PATH; $ORIGIN in them is the folder of the file `origin`. Either may be NULL.
   Returns a new string, or NULL when there is none or without memory. */
char *coil_link_find(const char *name, const char *runpath, const char *origin);

/* Returns a text as printf() makes it; never NULL. */
char *coil_link_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
