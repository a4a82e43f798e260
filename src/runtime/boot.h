#ifndef COIL_BOOT_H
#define COIL_BOOT_H

/* Starts Python for JavaScript, which then calls it: no main program runs. Borrows argv, a program
   name and CPython's own options. The calling thread holds the interpreter's lock from then on.
   Returns NULL, or why Python did not start: a text that the callee owns. */
const char *coil_boot_run(int argc, char **argv);

#endif
