/* A library whose constructor opens and closes it, and functions of several types that have their
   first place in the table when dlsym() asks for them. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

static int openings;

__attribute__((constructor)) static void
open_myself(void)
{
    Dl_info info;
    if (!dladdr(&openings, &info)) {
        return;
    }
    void *handle = dlopen(info.dli_fname, RTLD_NOW);
    openings += handle != NULL;
    if (handle) {
        dlclose(handle);
    }
}

int
count_openings(void)
{
    return openings;
}

/* Methods of Python, by their types: METH_NOARGS without its parameters, METH_O. */

void *
first_method(void *self)
{
    return self;
}

void *
second_method(void *self, void *argument)
{
    return argument;
}
