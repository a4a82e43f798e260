#ifndef COIL_ENVIRON_H
#define COIL_ENVIRON_H

/* The environment as C sees it. This file's .c replaces libc's `environ`, whose constructor would
   ask JavaScript for one that is not the host's. */

/* Makes `environment`, an array of `NAME=value` strings that ends with NULL, the process'
   environment. Steals the array and its strings, which must live on. Returns nothing. */
void coil_environ_set(char **environment);

#endif
