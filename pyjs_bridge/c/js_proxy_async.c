/* Asynchronous iterables, iterators and generators; and what is disposed of asynchronously. */
#include "convert.h"
#include "js_proxy_iter.h"
#include "js_proxy_kinds.h"
#include "js_proxy_promise.h"

/* --- iterables --- */

static PyObject *
iterable_aiter(PyObject *self)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_ASYNC_ITERATE, &slot, 0);
}

static PyAsyncMethods iterable_async = {
    .am_aiter = iterable_aiter,
};

PyTypeObject JsAsyncIterable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsAsyncIterable",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with Symbol.asyncIterator.",
    .tp_as_async = &iterable_async,
};

/* --- iterators --- */

/* Makes a step with the value of a slot, if `nargs` is 1. Returns a new future of what it gives, or
   NULL with an exception set; steals the slot. */
static PyObject *
async_step(PyObject *self, int step, const bridge_slot *value, int nargs)
{
    PyObject *future = js_future_new();
    if (!future) {
        return NULL;
    }
    bridge_slot slots[3] = {js_address(Py_NewRef(future)), js_integer(step)};
    if (nargs) {
        slots[2] = *value;
    }
    if (js_proxy_do(self, BRIDGE_JS_OP_ASYNC_STEP, slots, nargs + 2) < 0) {
        Py_CLEAR(future); /* the reference of the operation stays with it: it may have gone on */
    }
    return future;
}

static PyObject *
iterator_anext(PyObject *self)
{
    return async_step(self, JS_STEP_NEXT, NULL, 0);
}

static PyObject *
iterator_asend(PyObject *self, PyObject *sent)
{
    bridge_slot slot;
    return bridge_to_slot(sent, &slot) < 0 ? NULL : async_step(self, JS_STEP_NEXT, &slot, 1);
}

static PyMethodDef iterator_methods[] = {
    {"asend", iterator_asend, METH_O, "Call next() with a value; a future of what it gives."},
    {0},
};

static PyAsyncMethods iterator_async = {
    .am_aiter = PyObject_SelfIter,
    .am_anext = iterator_anext,
};

PyTypeObject JsAsyncIterator_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsAsyncIterator",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with an asynchronous next().",
    .tp_as_async = &iterator_async,
    .tp_methods = iterator_methods,
};

/* --- generators --- */

static PyObject *
generator_athrow(PyObject *self, PyObject *error)
{
    bridge_slot slot;
    return js_exception_to_slot(error, &slot) < 0 ? NULL
                                                  : async_step(self, JS_STEP_THROW, &slot, 1);
}

/* The end of the iteration is what close() wants, so it is a result here. */
static PyObject *
generator_aclose(PyObject *self, PyObject *unused)
{
    return async_step(self, JS_STEP_CLOSE, NULL, 0);
}

static PyMethodDef generator_methods[] = {
    {"athrow", generator_athrow, METH_O, "Raise an exception where the generator waits."},
    {"aclose", generator_aclose, METH_NOARGS, "Have the generator return where it waits."},
    {0},
};

PyTypeObject JsAsyncGenerator_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsAsyncGenerator",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "An asynchronous generator of JavaScript.",
    .tp_methods = generator_methods,
};

/* --- Symbol.asyncDispose --- */

static PyObject *
disposable_aenter(PyObject *self, PyObject *unused)
{
    PyObject *future = js_future_new();
    PyObject *set = future ? PyObject_CallMethod(future, "set_result", "O", self) : NULL;
    if (!set) {
        Py_CLEAR(future);
    }
    Py_XDECREF(set);
    return future;
}

static PyObject *
disposable_aexit(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    PyObject *promise = js_proxy_operate(self, BRIDGE_JS_OP_ASYNC_DISPOSE, &slot, 0);
    PyObject *future = promise ? js_promise_future(promise) : NULL;
    Py_XDECREF(promise);
    return future;
}

static PyMethodDef disposable_methods[] = {
    {"__aenter__", disposable_aenter, METH_NOARGS, NULL},
    {"__aexit__", disposable_aexit, METH_VARARGS, NULL},
    {0},
};

PyTypeObject JsAsyncDisposable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsAsyncDisposable",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with Symbol.asyncDispose: an asynchronous context manager.",
    .tp_methods = disposable_methods,
};
