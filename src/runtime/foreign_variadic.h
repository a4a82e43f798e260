#ifndef COIL_FOREIGN_VARIADIC_H
#define COIL_FOREIGN_VARIADIC_H

/* Returns the number of fixed parameters of a variadic function of the C library or of Python's C
   API; -1 for every other function, also for variadic ones of side modules. */
int coil_variadic_fixed(void (*function)(void));

#endif
