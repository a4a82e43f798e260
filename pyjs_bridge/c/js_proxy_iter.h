/* Steps of iterators. */
#ifndef COIL_BRIDGE_JS_PROXY_ITER_H
#define COIL_BRIDGE_JS_PROXY_ITER_H

#include "slot.h"

/* Steps, as bridge_js_iterate knows them, and what it adds to the kind of the last value. */
enum {
    JS_STEP_NEXT = 0,
    JS_STEP_THROW = 1,
    JS_STEP_RETURN = 2,
    JS_STEP_CLOSE = 3, /* asynchronous only: RETURN whose end is no end of an iteration */
    JS_STEP_DONE = 256,
};

/* Makes a step of an iterator; steals the slots. Returns 0 with a new reference in *result, 1 when
   it is done, or -1 with an exception set and NULL there. */
int js_iterate(PyObject *self, int step, bridge_slot *slots, int nargs, PyObject **result);

/* Puts an exception, or a new one of a class, into a slot as what JavaScript would catch. Returns
   0, or -1 with an exception set; `error` is borrowed and must live until the slot was read. */
int js_exception_to_slot(PyObject *error, bridge_slot *slot);

#endif
