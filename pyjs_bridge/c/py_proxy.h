/* What a PyProxy in JavaScript needs to know about a Python object. */
#ifndef COIL_BRIDGE_PY_PROXY_H
#define COIL_BRIDGE_PY_PROXY_H

#include "slot.h"

/* Returns the BRIDGE_PY_FLAG_* of a borrowed object, from its type alone; raises nothing. */
uint32_t py_proxy_flags(PyObject *object);

/* Reads the collections.abc classes that flags depend on. Returns 0, or -1 with an exception
   set. */
int py_proxy_init(PyObject *module);

/* Adds create_proxy(), create_once_callable(), destroy_proxies() and to_js() to the module. Returns
   0, or -1 with an exception set. Defined in py_proxy_create.c. */
int py_proxy_create_init(PyObject *module);

#endif
