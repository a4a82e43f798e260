/* jsnull: JavaScript's null in Python, where None is undefined. */
#ifndef COIL_BRIDGE_JS_NULL_H
#define COIL_BRIDGE_JS_NULL_H

#include <Python.h>

extern PyTypeObject JsNull_Type;

/* The one instance; a static object, so never freed. Its value where it crosses is null. */
extern PyObject bridge_js_null;

/* Adds JsNull and jsnull to the module. Returns 0, or -1 with an exception set. */
int js_null_init(PyObject *module);

#endif
