/* Exceptions across the border: C raises by Python's convention, JavaScript throws by its own. */
#ifndef COIL_BRIDGE_ERRORS_H
#define COIL_BRIDGE_ERRORS_H

#include "slot.h"

/* Exception classes of pyodide.ffi, borrowed from the module for good. */
extern PyObject *bridge_conversion_error;
extern PyObject *bridge_internal_error;

/* Puts the current exception, which is cleared, into a slot as PYERROR with a new reference, and
   makes it sys.last_exc. Returns BRIDGE_KIND_PYERROR; raises nothing. */
int bridge_error_to_slot(bridge_slot *slot);

/* Raises what a JSERROR or PYERROR slot holds; steals it. Returns nothing; an exception is set. */
void bridge_raise_slot(bridge_slot *slot);

/* Returns a new traceback of the frames of a JavaScript error, outermost first; NULL if it has none
   or they cannot be read; the handle is borrowed. Raises nothing. */
PyObject *bridge_js_traceback(int32_t ref);

/* Adds the exception classes to the module. Returns 0, or -1 with an exception set. */
int bridge_errors_init(PyObject *module);

#endif
