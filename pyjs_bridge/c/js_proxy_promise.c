/* Promises: awaiting them, and their methods with functions of Python. */
#include "js_proxy_promise.h"

#include "blocking.h"
#include "convert.h"
#include "errors.h"
#include "js_proxy_kinds.h"

#include <stdbool.h>

/* Outcomes of bridge_py_settle. */
enum {
    RESULT = 0,
    EXCEPTION = 1,
    END = 2,
};

/* --- futures --- */

/* Returns the running event loop or the one that the policy has, a new reference; or NULL with an
   exception set. */
static PyObject *
event_loop(void)
{
    PyObject *asyncio = PyImport_ImportModule("asyncio");
    PyObject *loop = asyncio ? PyObject_CallMethod(asyncio, "get_event_loop", NULL) : NULL;
    Py_XDECREF(asyncio);
    return loop;
}

PyObject *
js_future_new(void)
{
    PyObject *loop = event_loop();
    PyObject *future = loop ? PyObject_CallMethod(loop, "create_future", NULL) : NULL;
    Py_XDECREF(loop);
    return future;
}

PyObject *
js_promise_future(PyObject *promise)
{
    PyObject *future = js_future_new();
    if (!future) {
        return NULL;
    }
    bridge_slot slot = js_address(Py_NewRef(future));
    if (js_proxy_do(promise, BRIDGE_JS_OP_PROMISE_SETTLE, &slot, 1) < 0) {
        Py_CLEAR(future); /* the other reference stays with what then() was given */
    }
    return future;
}

PyObject *
js_promise_result(PyObject *promise)
{
    PyObject *asyncio = PyImport_ImportModule("asyncio");
    PyObject *loop = asyncio ? PyObject_CallMethod(asyncio, "_get_running_loop", NULL) : NULL;
    Py_XDECREF(asyncio);
    if (!loop) {
        return NULL;
    }
    bool runs = loop != Py_None;
    Py_DECREF(loop);
    return runs ? js_promise_future(promise) : Py_NewRef(promise);
}

/* --- what JavaScript calls --- */

/* Returns the exception that a slot holds as a new reference; steals the slot. */
static PyObject *
take_exception(bridge_slot *slot)
{
    bridge_raise_slot(slot);
    PyObject *exception = PyErr_GetRaisedException();
    if (!PyErr_GivenExceptionMatches(exception, PyExc_StopIteration)) {
        return exception;
    }
    /* A future cannot hold it, as it would end the coroutine that awaits. */
    PyObject *other = PyObject_CallFunction(
        PyExc_RuntimeError, "s", "a promise was rejected with StopIteration");
    if (other) {
        PyException_SetCause(other, exception);
        return other;
    }
    PyErr_Clear();
    return exception;
}

/* Returns what to call the future's method with as a new reference, or NULL with an exception set;
   steals the slot. */
static PyObject *
take_outcome(bridge_slot *slot, int outcome)
{
    if (outcome == EXCEPTION || slot->kind == BRIDGE_KIND_JSERROR
        || slot->kind == BRIDGE_KIND_PYERROR) {
        return take_exception(slot);
    }
    PyObject *value = bridge_from_slot(slot);
    if (!value || outcome == RESULT) {
        return value;
    }
    PyObject *stop = PyObject_CallOneArg(PyExc_StopAsyncIteration, value);
    Py_DECREF(value);
    return stop;
}

static bool
is_cancellation(PyObject *exception)
{
    PyObject *class = bridge_blocking_cancelled_error();
    bool result = class && PyErr_GivenExceptionMatches(exception, class);
    Py_XDECREF(class);
    PyErr_Clear();
    return result;
}

/* Returns a new reference to nothing of interest, or NULL with an exception set. */
static PyObject *
set_outcome(PyObject *future, PyObject *value, bool is_result)
{
    if (is_result) {
        return PyObject_CallMethod(future, "set_result", "O", value);
    }
    if (is_cancellation(value)) {
        return PyObject_CallMethod(future, "cancel", NULL);
    }
    return PyObject_CallMethod(future, "set_exception", "O", value);
}

static PyObject *
settle(PyObject *future, bridge_slot *slot, int outcome)
{
    bool is_result = outcome == RESULT && slot->kind != BRIDGE_KIND_JSERROR
                     && slot->kind != BRIDGE_KIND_PYERROR;
    PyObject *value = take_outcome(slot, outcome);
    PyObject *done = value ? PyObject_CallMethod(future, "done", NULL) : NULL;
    PyObject *result = NULL;
    if (done) {
        result = Py_IsTrue(done) ? Py_NewRef(Py_None) : set_outcome(future, value, is_result);
    }
    Py_XDECREF(done);
    Py_XDECREF(value);
    return result;
}

/* The loop of a thread may be asleep, and has been given callbacks by somebody else. Returns a new
   reference to nothing of interest, or NULL with an exception set. */
static PyObject *
wake_loop(PyObject *future)
{
    PyObject *loop = PyObject_CallMethod(future, "get_loop", NULL);
    PyObject *nothing = NULL;
    if (loop && bridge_blocking_is_loop(loop)) {
        nothing = Py_NewRef(Py_None);
    }
    else if (loop) {
        PyObject *harmless = PyObject_GetAttrString(future, "done");
        nothing = harmless ? PyObject_CallMethod(loop, "call_soon_threadsafe", "O", harmless)
                           : NULL;
        Py_XDECREF(harmless);
    }
    Py_XDECREF(loop);
    return nothing;
}

int
bridge_py_settle(PyObject *future, bridge_slot *slots, int outcome)
{
    PyObject *result = settle(future, slots, outcome);
    if (result) {
        Py_SETREF(result, wake_loop(future));
    }
    bridge_blocking_settled(future);
    Py_DECREF(future);
    if (!result) {
        return bridge_error_to_slot(slots);
    }
    Py_DECREF(result);
    slots->kind = BRIDGE_KIND_NONE;
    return BRIDGE_KIND_NONE;
}

/* --- the kind --- */

static PyObject *
promise_await(PyObject *self)
{
    PyObject *future = js_promise_future(self);
    PyObject *iterator = future ? PyObject_CallMethod(future, "__await__", NULL) : NULL;
    Py_XDECREF(future);
    return iterator;
}

/* Returns whether a handler is one, or -1 with TypeError set. */
static int
check_handler(PyObject *handler)
{
    if (handler == Py_None || PyCallable_Check(handler)) {
        return 0;
    }
    PyErr_Format(PyExc_TypeError,
                 "a handler must be callable or None, not %.100s",
                 Py_TYPE(handler)->tp_name);
    return -1;
}

static PyObject *
then(PyObject *self, PyObject *fulfilled, PyObject *rejected)
{
    PyObject *const handlers[] = {fulfilled, rejected};
    if (check_handler(fulfilled) < 0 || check_handler(rejected) < 0) {
        return NULL;
    }
    return js_proxy_operate_on(self, BRIDGE_JS_OP_PROMISE_THEN, handlers, 2);
}

static PyObject *
promise_then(PyObject *self, PyObject *args)
{
    PyObject *fulfilled;
    PyObject *rejected = Py_None;
    if (!PyArg_ParseTuple(args, "O|O:then", &fulfilled, &rejected)) {
        return NULL;
    }
    return then(self, fulfilled, rejected);
}

static PyObject *
promise_catch(PyObject *self, PyObject *rejected)
{
    return then(self, Py_None, rejected);
}

static PyObject *
promise_finally(PyObject *self, PyObject *handler)
{
    if (check_handler(handler) < 0) {
        return NULL;
    }
    return js_proxy_operate_on(self, BRIDGE_JS_OP_PROMISE_FINALLY, &handler, 1);
}

static PyMethodDef promise_methods[] = {
    {
        "then",
        promise_then,
        METH_VARARGS,
        "then(onfulfilled, onrejected=None)\n\n"
        "Have one of two functions called with the value or the exception. Returns a promise of "
        "what\n"
        "the function returns; a promise or awaitable is waited for, an exception rejects it.",
    },
    {"catch", promise_catch, METH_O, "then(None, onrejected)"},
    {
        "finally_",
        promise_finally,
        METH_O,
        "Have a function called when the promise is settled. Returns a promise of the same "
        "outcome.",
    },
    {0},
};

static PyAsyncMethods promise_async = {
    .am_await = promise_await,
};

PyTypeObject JsPromise_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsPromise",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A promise, or another JavaScript object with then(): it can be awaited.",
    .tp_as_async = &promise_async,
    .tp_methods = promise_methods,
};
