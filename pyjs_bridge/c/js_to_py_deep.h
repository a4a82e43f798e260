/* Deep conversion: to_py(). */
#ifndef COIL_BRIDGE_JS_TO_PY_DEEP_H
#define COIL_BRIDGE_JS_TO_PY_DEEP_H

#include "slot.h"

/* The method JsProxy.to_py. Returns a new reference, or NULL with an exception set. */
PyObject *js_to_py_method(PyObject *self, PyObject *args, PyObject *kwargs);

/* Converts a borrowed JsProxy, `depth` levels (negative: all); `converter` is None or the function
   for what has no counterpart. Returns a new reference, or NULL with an exception set. */
PyObject *js_to_py(PyObject *proxy, int depth, PyObject *converter);

/* Returns the items of a borrowed JsProxy of an array, converted by the implicit rules, in a new
   list or memoryview; or NULL with an exception set. */
PyObject *js_to_py_items(PyObject *proxy);

/* Prepares the conversion. Returns 0, or -1 with an exception set. */
int js_to_py_init(PyObject *module);

#endif
