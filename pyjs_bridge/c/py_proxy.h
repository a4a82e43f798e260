/* What a PyProxy in JavaScript needs to know about a Python object. */
#ifndef COIL_BRIDGE_PY_PROXY_H
#define COIL_BRIDGE_PY_PROXY_H

#include "slot.h"

/* Returns the BRIDGE_PY_FLAG_* of a borrowed object, from its type alone; raises nothing. */
uint32_t py_proxy_flags(PyObject *object);

/* Does a py_op; see bridge_py_operate. Returns the kind of the result; raises into the slot. */
int py_proxy_operate(int op, PyObject *object, bridge_slot *slots, int nargs);

/* Reads the collections.abc classes that flags depend on. Returns 0, or -1 with an exception
   set. */
int py_proxy_init(PyObject *module);

#endif
