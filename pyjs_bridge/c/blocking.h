/* run_sync() and can_run_sync(). */
#ifndef COIL_BRIDGE_BLOCKING_H
#define COIL_BRIDGE_BLOCKING_H

#include <Python.h>

/* Has those go on who wait for a borrowed future that JavaScript has settled. Returns nothing. */
void bridge_blocking_settled(PyObject *future);

/* Adds the functions to the module. Returns 0, or -1 with an exception set. */
int bridge_blocking_init(PyObject *module);

#endif
