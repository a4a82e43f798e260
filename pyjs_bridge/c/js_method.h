/* Methods that are called right after they are read: neither a proxy nor a handle is made. */
#ifndef COIL_BRIDGE_JS_METHOD_H
#define COIL_BRIDGE_JS_METHOD_H

#include "slot.h"

#include <stdbool.h>

/* What `object.name` is on the way to its call. */
typedef struct {
    PyObject_HEAD
    PyObject *receiver; /* JsProxy */
    int name;           /* number of the name */
    int ticket;         /* of bridge_js_get_method */
    vectorcallfunc vectorcall;
} JsMethod;

extern PyTypeObject JsMethod_Type;

/* Returns whether the instruction that runs reads the attribute `name` to call it. Raises nothing.
 */
bool js_method_is_wanted(PyObject *name);

/* Makes a method of a borrowed JsProxy. Returns a new reference, or NULL with MemoryError set. */
PyObject *js_method_new(PyObject *receiver, int name, int ticket);

/* Prepares the type. Returns 0, or -1 with an exception set. */
int js_method_init(PyObject *module);

#endif
