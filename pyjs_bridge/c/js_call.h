/* Calls from Python into JavaScript. */
#ifndef COIL_BRIDGE_JS_CALL_H
#define COIL_BRIDGE_JS_CALL_H

#include "slot.h"

/* Calls a borrowed JsProxy of a function, as PyObject_Vectorcall does. Returns a new reference, or
   NULL with an exception set. */
PyObject *js_call_function(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* As js_call_function for a borrowed JsMethod. Returns a new reference, or NULL with an exception
   set. */
PyObject *js_call_method(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames);

/* As js_call_function for `new`. Returns a new reference, or NULL with an exception set. */
PyObject *js_call_constructor(PyObject *self, PyObject *const *args, size_t nargsf,
                              PyObject *kwnames);

#endif
