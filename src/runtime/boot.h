#ifndef COIL_BOOT_H
#define COIL_BOOT_H

#include <Python.h>

/* Starts Python for JavaScript, which then calls it: no main program runs. Borrows argv, a program
   name and CPython's own options. The calling thread holds the interpreter's lock from then on.
   Returns NULL, or why Python did not start: a text that the callee owns. */
const char *coil_boot_run(int argc, char **argv);

/* Returns the thread state of the main program, or of nothing but JavaScript's calls; borrowed. */
PyThreadState *coil_boot_main_thread(void);

#endif
