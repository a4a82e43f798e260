/* Calls from JavaScript's event loop. */
#ifndef COIL_BRIDGE_JS_TIMERS_H
#define COIL_BRIDGE_JS_TIMERS_H

#include <Python.h>

/* Adds schedule_callback() and cancel_callback(). Returns 0, or -1 with an exception set. */
int js_timers_init(PyObject *module);

#endif
