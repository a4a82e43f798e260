/* Iterables, iterators and generators; and what can be disposed of. */
#include "js_proxy_iter.h"
#include "convert.h"
#include "depth.h"
#include "errors.h"
#include "js_proxy_kinds.h"

/* --- iterables --- */

static PyObject *
iterable_iter(PyObject *self)
{
    bridge_slot slot;
    PyObject *iterator = js_proxy_operate(self, BRIDGE_JS_OP_ITERATE, &slot, 0);
    if (iterator && !PyIter_Check(iterator)) {
        PyErr_Format(PyExc_TypeError, "the JavaScript iterator has no method next(): %R", iterator);
        Py_CLEAR(iterator);
    }
    return iterator;
}

PyTypeObject JsIterable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsIterable",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with Symbol.iterator.",
    .tp_iter = iterable_iter,
};

/* --- iterators --- */

int
js_iterate(PyObject *self, int step, bridge_slot *slots, int nargs, PyObject **result)
{
    if (bridge_enter(" in an iterator of JavaScript")) {
        bridge_clear_slots(slots, nargs);
        *result = NULL;
        return -1;
    }
    int kind = bridge_js_iterate(((JsProxy *)self)->ref, step, slots, nargs);
    *result = bridge_from_slot(slots);
    bridge_leave();
    return *result ? (kind & JS_STEP_DONE) != 0 : -1;
}

/* Makes the result of a step one of Python: at the end, StopIteration is raised. */
static PyObject *
step_result(int done, PyObject *value)
{
    if (done <= 0) {
        return value;
    }
    if (value == Py_None) {
        PyErr_SetNone(PyExc_StopIteration);
    }
    else {
        /* Not PyErr_SetObject, which takes a tuple for several arguments. */
        PyObject *stop = PyObject_CallOneArg(PyExc_StopIteration, value);
        if (stop) {
            PyErr_SetRaisedException(stop);
        }
    }
    Py_DECREF(value);
    return NULL;
}

static PyObject *
iterator_next(PyObject *self)
{
    bridge_slot slot;
    PyObject *value;
    int done = js_iterate(self, JS_STEP_NEXT, &slot, 0, &value);
    return step_result(done, value);
}

static PyObject *
iterator_send(PyObject *self, PyObject *sent)
{
    bridge_slot slot;
    PyObject *value;
    if (bridge_to_slot(sent, &slot) < 0) {
        return NULL;
    }
    int done = js_iterate(self, JS_STEP_NEXT, &slot, 1, &value);
    return step_result(done, value);
}

static PyMethodDef iterator_methods[] = {
    {"send", iterator_send, METH_O, "Call next() with a value and return what it gives."},
    {0},
};

PyTypeObject JsIterator_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsIterator",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with next().",
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = iterator_next,
    .tp_methods = iterator_methods,
};

/* --- generators --- */

int
js_exception_to_slot(PyObject *error, bridge_slot *slot)
{
    PyObject *exception = PyExceptionClass_Check(error) ? PyObject_CallNoArgs(error)
                                                        : Py_NewRef(error);
    if (!exception) {
        return -1;
    }
    if (!PyExceptionInstance_Check(exception)) {
        PyErr_Format(PyExc_TypeError,
                     "exceptions must be classes or instances deriving from BaseException, not %s",
                     Py_TYPE(exception)->tp_name);
        Py_DECREF(exception);
        return -1;
    }
    if (js_proxy_ref(exception)) {
        int failed = bridge_to_slot(exception, slot);
        Py_DECREF(exception); /* the caller holds the one it was made of */
        return failed;
    }
    slot->kind = BRIDGE_KIND_PYERROR;
    slot->extra = 0;
    slot->object = exception;
    return 0;
}

static PyObject *
generator_throw(PyObject *self, PyObject *error)
{
    bridge_slot slot;
    PyObject *value;
    if (js_exception_to_slot(error, &slot) < 0) {
        return NULL;
    }
    int done = js_iterate(self, JS_STEP_THROW, &slot, 1, &value);
    return step_result(done, value);
}

static PyObject *
generator_close(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    PyObject *value;
    int done = js_iterate(self, JS_STEP_RETURN, &slot, 0, &value);
    if (done < 0) {
        return NULL;
    }
    Py_DECREF(value);
    if (!done) {
        PyErr_SetString(PyExc_RuntimeError, "the JavaScript generator ignored return()");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef generator_methods[] = {
    {"throw", generator_throw, METH_O, "Raise an exception where the generator waits."},
    {"close", generator_close, METH_NOARGS, "Have the generator return where it waits."},
    {0},
};

PyTypeObject JsGenerator_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsGenerator",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A generator of JavaScript.",
    .tp_methods = generator_methods,
};

/* --- Symbol.dispose --- */

static PyObject *
disposable_enter(PyObject *self, PyObject *unused)
{
    return Py_NewRef(self);
}

static PyObject *
disposable_exit(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return js_proxy_operate(self, BRIDGE_JS_OP_DISPOSE, &slot, 0);
}

static PyMethodDef disposable_methods[] = {
    {"__enter__", disposable_enter, METH_NOARGS, NULL},
    {"__exit__", disposable_exit, METH_VARARGS, NULL},
    {0},
};

PyTypeObject JsDisposable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsDisposable",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "A JavaScript object with Symbol.dispose: a context manager.",
    .tp_methods = disposable_methods,
};
