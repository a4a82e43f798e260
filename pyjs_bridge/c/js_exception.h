/* JsException: a thrown JavaScript value as a Python exception. */
#ifndef COIL_BRIDGE_JS_EXCEPTION_H
#define COIL_BRIDGE_JS_EXCEPTION_H

#include <Python.h>

extern PyTypeObject JsException_Type;

#define js_exception_check(object) PyObject_TypeCheck(object, &JsException_Type)

/* Makes an exception of a borrowed JsProxy of an error and its borrowed text. Returns a new
   reference, or NULL with an exception set. */
PyObject *js_exception_new(PyObject *error, PyObject *text);

/* As js_exception_new with the text that the error gives. Returns a new reference, or NULL with an
   exception set. */
PyObject *js_exception_from_proxy(PyObject *error);

/* Has the frames of a borrowed exception's error be added to its traceback when that is read.
   Returns nothing. */
void js_exception_defer_frames(PyObject *exception);

/* Makes the causes of a borrowed exception's error its __cause__ and so on. Returns nothing; what
   fails meanwhile is passed over. */
void js_exception_chain(PyObject *exception);

/* Returns the JsProxy of the error, borrowed, or NULL for one that was made by hand. Raises
   nothing. */
PyObject *js_exception_error(PyObject *exception);

/* Adds JsException to the module. Returns 0, or -1 with an exception set. */
int js_exception_init(PyObject *module);

#endif
