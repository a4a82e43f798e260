/* JsBigInt: an int that is a BigInt on the other side, whatever its size. */
#ifndef COIL_BRIDGE_JS_BIGINT_H
#define COIL_BRIDGE_JS_BIGINT_H

#include <Python.h>

extern PyTypeObject JsBigInt_Type;

#define js_bigint_check(object) PyObject_TypeCheck(object, &JsBigInt_Type)

/* Makes a JsBigInt of a borrowed int. Returns a new reference, or NULL with an exception set. */
PyObject *js_bigint_from_int(PyObject *value);

/* Adds JsBigInt to the module. Returns 0, or -1 with an exception set. */
int js_bigint_init(PyObject *module);

#endif
