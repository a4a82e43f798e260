/* Iteration of Python objects by JavaScript: for (x of proxy), generators, and their asynchronous
   forms, whose steps are awaitables. */
#define Py_BUILD_CORE
#include "convert.h"
#include "depth.h"
#include "errors.h"
#include "py_operations.h"

#include <internal/pycore_genobject.h>

PyObject *
py_iter_begin(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_GetIter(object);
}

PyObject *
py_iter_begin_async(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_GetAIter(object);
}

static PyObject *
call_method(PyObject *object, const char *name, PyObject *value)
{
    PyObject *method_name = PyUnicode_InternFromString(name);
    PyObject *result = method_name ? PyObject_CallMethodOneArg(object, method_name, value) : NULL;
    Py_XDECREF(method_name);
    return result;
}

PyObject *
py_iter_async_next(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs && args[0] != Py_None) {
        return call_method(object, "asend", args[0]);
    }
    PyAsyncMethods *methods = Py_TYPE(object)->tp_as_async;
    if (!methods || !methods->am_anext) {
        PyErr_Format(
            PyExc_TypeError, "'%.100s' object is not an async iterator", Py_TYPE(object)->tp_name);
        return NULL;
    }
    return methods->am_anext(object);
}

PyObject *
py_iter_async_close(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return call_method(object, "athrow", PyExc_GeneratorExit);
}

/* --- steps --- */

/* Turns the end of an iteration that a failed call stands for into its value. Returns
   PYGEN_RETURN with a new reference in `result`, or PYGEN_ERROR with an exception set. */
static PySendResult
end_of_iteration(PyObject **result)
{
    return _PyGen_FetchStopIterationValue(result) == 0 ? PYGEN_RETURN : PYGEN_ERROR;
}

static PySendResult
throw_into(PyObject *iterator, PyObject *error, PyObject **result)
{
    *result = call_method(iterator, "throw", error);
    return *result ? PYGEN_NEXT : end_of_iteration(result);
}

/* A GeneratorExit that comes out again is the end that was asked for; its value is JavaScript's
   affair: nothing is in `result`. */
static PySendResult
close_iterator(PyObject *iterator, PyObject **result)
{
    PySendResult status = throw_into(iterator, PyExc_GeneratorExit, result);
    if (status != PYGEN_ERROR || !PyErr_ExceptionMatches(PyExc_GeneratorExit)) {
        return status;
    }
    PyErr_Clear();
    return PYGEN_RETURN;
}

static PySendResult
throw_slot(PyObject *iterator, bridge_slot *slot, PyObject **result)
{
    bridge_raise_slot(slot);
    PyObject *error = PyErr_GetRaisedException();
    PySendResult status = throw_into(iterator, error, result);
    Py_DECREF(error);
    return status;
}

static PySendResult
throw_slot_async(PyObject *iterator, bridge_slot *slot, PyObject **result)
{
    bridge_raise_slot(slot);
    PyObject *error = PyErr_GetRaisedException();
    *result = call_method(iterator, "athrow", error);
    Py_DECREF(error);
    return *result ? PYGEN_NEXT : PYGEN_ERROR;
}

static PySendResult
send_slot(PyObject *iterator, bridge_slot *slot, PyObject **result)
{
    PyObject *value = bridge_from_slot(slot);
    if (!value) {
        return PYGEN_ERROR;
    }
    PySendResult status = PyIter_Send(iterator, value, result);
    Py_DECREF(value);
    return status;
}

static PySendResult
step(int how, PyObject *iterator, bridge_slot *slots, PyObject **result)
{
    switch (how) {
    case BRIDGE_STEP_THROW:
        return throw_slot(iterator, slots, result);
    case BRIDGE_STEP_CLOSE:
        return close_iterator(iterator, result);
    case BRIDGE_STEP_ASYNC_THROW:
        return throw_slot_async(iterator, slots, result);
    default:
        return send_slot(iterator, slots, result);
    }
}

int
bridge_py_step(int how, PyObject *iterator, bridge_slot *slots)
{
    PyObject *result = NULL;
    if (bridge_enter(" while iterating from JavaScript")) {
        bridge_clear_slots(slots, how == BRIDGE_STEP_CLOSE ? 0 : 1);
        return bridge_error_to_slot(slots);
    }
    Py_INCREF(iterator); /* JavaScript may destroy the proxy while code of Python runs */
    PySendResult status = step(how, iterator, slots, &result);
    Py_DECREF(iterator);
    bridge_leave();
    if (status != PYGEN_RETURN) {
        return bridge_result_to_slot(status == PYGEN_NEXT ? result : NULL, slots);
    }
    if (!result) {
        return -1 - BRIDGE_KIND_SEEN; /* the value that JavaScript has already */
    }
    return -1 - bridge_result_to_slot(result, slots);
}
