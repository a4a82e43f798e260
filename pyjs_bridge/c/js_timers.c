#include "js_timers.h"

#include "convert.h"
#include "js_proxy.h"

#include <math.h>

static PyObject *
schedule_callback(PyObject *module, PyObject *args)
{
    PyObject *callback;
    double milliseconds;
    if (!PyArg_ParseTuple(args, "Od:schedule_callback", &callback, &milliseconds)) {
        return NULL;
    }
    if (!PyCallable_Check(callback)) {
        PyErr_SetString(PyExc_TypeError, "the callback must be callable");
        return NULL;
    }
    if (isnan(milliseconds)) {
        PyErr_SetString(PyExc_ValueError, "the time of a callback is not a number");
        return NULL;
    }
    bridge_slot slots[2] = {
        js_address(Py_NewRef(callback)),
        {.kind = BRIDGE_KIND_DOUBLE, .number = milliseconds},
    };
    bridge_js_operate(BRIDGE_JS_OP_SCHEDULE, 0, slots, 2);
    return bridge_from_slot(slots);
}

static PyObject *
cancel_callback(PyObject *module, PyObject *handle)
{
    bridge_slot slot;
    if (bridge_to_slot(handle, &slot) < 0) {
        return NULL;
    }
    bridge_js_operate(BRIDGE_JS_OP_UNSCHEDULE, 0, &slot, 1);
    return bridge_from_slot(&slot);
}

static PyObject *
promising_handler(PyObject *module, PyObject *proxy)
{
    if (!JsProxy_Check(proxy)) {
        PyErr_SetString(PyExc_TypeError, "promising_handler() takes what create_proxy() returns");
        return NULL;
    }
    return js_proxy_operate(proxy, BRIDGE_JS_OP_HANDLER, NULL, 0);
}

static PyMethodDef functions[] = {
    {
        "schedule_callback",
        schedule_callback,
        METH_VARARGS,
        "schedule_callback(callback, milliseconds): have JavaScript's event loop call it once.",
    },
    {
        "promising_handler",
        promising_handler,
        METH_O,
        "A function of JavaScript that calls a proxy of create_proxy() so that it may wait.",
    },
    {"cancel_callback", cancel_callback, METH_O, "Forget a callback of schedule_callback()."},
    {0},
};

int
js_timers_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
