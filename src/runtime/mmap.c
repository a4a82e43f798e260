/* mmap(), munmap(), msync() and mremap(). WebAssembly's memory cannot show a file: a mapping is a
   copy, which mmap.js keeps in step with its file. Instead of Emscripten's own, which cannot sync a
   part of a mapping, loses what was written once the descriptor is closed, and has no mremap(). */

#define _GNU_SOURCE

#include "mmap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE        ((size_t)65536) /* what sysconf(_SC_PAGESIZE) says: a page of WebAssembly */
#define OFFSET_UNIT ((off_t)4096)   /* of SYS_mmap2's offset */

/* Defined in mmap.js. Each returns 0 or a negative errno. */

/* Copies a file to `address` and keeps the two in step if the mapping is shared. An offset is a
   double, because it is exact there, and JavaScript has numbers for it. */
int coil_map_file_js(int fd, void *address, size_t length, double offset, int protection,
                     int flags);
/* Writes `length` bytes at `at`, which are part of the mapping at `address`, to its file. */
int coil_map_sync_js(void *address, void *at, size_t length);
/* Writes a shared mapping to its file and forgets it. */
int coil_map_forget_js(void *address);
/* The mapping is at `to` now, with another length; what came to it is read from the file. */
int coil_map_move_js(void *address, void *to, size_t length);
void coil_map_store_all_js(void);

typedef struct mapping {
    char *address;
    size_t length;
    int flags;
    struct mapping *next;
} Mapping;

static Mapping *mappings;

static size_t
whole_pages(size_t length)
{
    return (length + PAGE - 1) & ~(PAGE - 1);
}

/* Returns zeroed memory of whole pages, for free(), or NULL. */
static void *
allocate(size_t length)
{
    size_t size = whole_pages(length);
    void *memory = size < length ? NULL : aligned_alloc(PAGE, size);
    return memory ? memset(memory, 0, size) : NULL;
}

/* Returns the link to the mapping that has `address` in it, or to NULL. */
static Mapping **
find(const char *address)
{
    Mapping **link = &mappings;
    while (*link && (address < (*link)->address || address >= (*link)->address + (*link)->length)) {
        link = &(*link)->next;
    }
    return link;
}

/* Returns the link to the mapping with just this place, or to NULL. Parts of mappings cannot be
   taken away. */
static Mapping **
find_whole(const void *address, size_t length)
{
    static Mapping *none;
    Mapping **link = find(address);
    bool same = *link && (*link)->address == address
                && whole_pages((*link)->length) == whole_pages(length);
    return same ? link : &none;
}

/* Fills a mapping with its file, if it has one. Returns 0 or a negative errno. */
static int
fill(Mapping *mapping, int protection, int fd, off_t offset)
{
    if (mapping->flags & MAP_ANONYMOUS) {
        return 0;
    }
    return coil_map_file_js(
        fd, mapping->address, mapping->length, (double)offset, protection, mapping->flags);
}

/* Makes a mapping that is in no list. Returns 0 or a negative errno. */
static int
make(Mapping *mapping, int protection, int fd, off_t offset)
{
    mapping->address = allocate(mapping->length);
    if (!mapping->address) {
        return -ENOMEM;
    }
    int error = fill(mapping, protection, fd, offset);
    if (error) {
        free(mapping->address);
    }
    return error;
}

/* An address is a hint, which nobody has to follow, unless it is MAP_FIXED. */
intptr_t
__syscall_mmap2(void *hint, size_t length, int protection, int flags, int fd, off_t offset)
{
    (void)hint;
    if ((flags & MAP_FIXED) || length == 0) {
        return -EINVAL;
    }
    Mapping *mapping = malloc(sizeof(*mapping));
    if (!mapping) {
        return -ENOMEM;
    }
    *mapping = (Mapping){.length = length, .flags = flags, .next = mappings};
    int error = make(mapping, protection, fd, offset * OFFSET_UNIT);
    if (error) {
        free(mapping);
        return error;
    }
    mappings = mapping;
    return (intptr_t)mapping->address;
}

int
__syscall_munmap(void *address, size_t length)
{
    Mapping **link = find_whole(address, length);
    Mapping *mapping = *link;
    if (!mapping) {
        return -EINVAL;
    }
    *link = mapping->next;
    int error = mapping->flags & MAP_ANONYMOUS ? 0 : coil_map_forget_js(address);
    free(mapping->address);
    free(mapping);
    return error;
}

int
__syscall_msync(void *address, size_t length, int flags)
{
    (void)flags;
    Mapping *mapping = *find(address);
    if (!mapping) {
        return -ENOMEM;
    }
    size_t rest = (size_t)(mapping->address + mapping->length - (char *)address);
    if (mapping->flags & MAP_ANONYMOUS) {
        return 0;
    }
    return coil_map_sync_js(mapping->address, address, length < rest ? length : rest);
}

/* Has a mapping at `to`, which may be where it is, with another length. Returns 0 or a negative
   errno; then nothing has changed. */
static int
move(Mapping *mapping, char *to, size_t length)
{
    if (to != mapping->address) {
        memcpy(to, mapping->address, mapping->length < length ? mapping->length : length);
    }
    int error = 0;
    if (!(mapping->flags & MAP_ANONYMOUS)) {
        error = coil_map_move_js(mapping->address, to, length);
    }
    if (!error) {
        mapping->address = to;
        mapping->length = length;
    }
    return error;
}

intptr_t
__syscall_mremap(void *address, size_t old_length, size_t length, int flags, void *to)
{
    (void)to; /* for MREMAP_FIXED */
    Mapping *mapping = *find_whole(address, old_length);
    if (!mapping || length == 0 || (flags & ~MREMAP_MAYMOVE)) {
        return -EINVAL;
    }
    bool stays = whole_pages(length) == whole_pages(mapping->length);
    char *memory = stays ? mapping->address : NULL;
    if (!stays && (flags & MREMAP_MAYMOVE)) {
        memory = allocate(length);
    }
    if (!memory) {
        return -ENOMEM;
    }
    int error = move(mapping, memory, length);
    if (!stays) {
        free(error ? memory : address);
    }
    return error ? error : (intptr_t)memory;
}

void
coil_mmap_store_all(void)
{
    coil_map_store_all_js();
}
