/* Names of properties: JavaScript keeps them as strings of its own under small numbers. */
#ifndef COIL_BRIDGE_NAMES_H
#define COIL_BRIDGE_NAMES_H

#include "slot.h"

/* Returns the number of a name, or -1 with an exception set; `name` is a borrowed str. The
   underscore that api.md 4.3 puts after Python's keywords is taken off. */
int bridge_name_number(PyObject *name);

/* Returns a new reference to a name as JavaScript spells it, or NULL with an exception set. */
PyObject *bridge_name_spelled(PyObject *name);

/* Returns a new reference to the name of the attribute that is the property with a borrowed name,
   or NULL with an exception set. */
PyObject *bridge_name_attribute(PyObject *name);

/* Prepares the table. Returns 0, or -1 with an exception set. */
int bridge_names_init(void);

#endif
