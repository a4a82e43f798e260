/* Promises as futures. */
#ifndef COIL_BRIDGE_JS_PROXY_PROMISE_H
#define COIL_BRIDGE_JS_PROXY_PROMISE_H

#include "slot.h"

/* Returns a new future of the running event loop, or NULL with an exception set. */
PyObject *js_future_new(void);

/* Returns a new future for a borrowed promise, or for any JavaScript value as `await` takes it;
   NULL with an exception set. */
PyObject *js_promise_future(PyObject *promise);

/* As js_promise_future for the result of a call. Returns a new reference: to the promise itself
   where no event loop runs; NULL with an exception set. */
PyObject *js_promise_result(PyObject *promise);

#endif
