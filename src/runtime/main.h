#ifndef COIL_MAIN_H
#define COIL_MAIN_H

/* Runs CPython's command line to its end: initialise, run, finalise. Borrows argv. Returns the exit
   status; does not return when the program ends by exit() or by a signal. */
int coil_main_run(int argc, char **argv);

#endif
