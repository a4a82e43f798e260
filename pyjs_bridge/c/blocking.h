/* run_sync() and can_run_sync(). */
#ifndef COIL_BRIDGE_BLOCKING_H
#define COIL_BRIDGE_BLOCKING_H

#include <Python.h>

#include <stdbool.h>

/* Returns whether a borrowed event loop is the one that JavaScript drives. */
bool bridge_blocking_is_loop(PyObject *loop);

/* Has those go on who wait for a borrowed future that JavaScript has settled. Returns nothing. */
void bridge_blocking_settled(PyObject *future);

/* Returns asyncio's CancelledError as a new reference, or NULL with an exception set. */
PyObject *bridge_blocking_cancelled_error(void);

/* Adds the functions to the module. Returns 0, or -1 with an exception set. */
int bridge_blocking_init(PyObject *module);

#endif
