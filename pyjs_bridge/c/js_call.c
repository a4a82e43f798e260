#include "js_call.h"

#include "convert.h"
#include "depth.h"
#include "js_method.h"
#include "js_proxy.h"

#include <stdbool.h>

/* Arguments that need no memory of their own. */
#define FEW 8

/* The values of a call: positional ones, then pairs of name and value. */
struct call {
    bridge_slot few[FEW];
    bridge_slot *slots;
    int nargs;
    int nkwargs;
    int receivers; /* 1: the first slot is `this` */
};

/* Returns 0, or -1 with MemoryError set. */
static int
make_room(struct call *call, size_t nargsf, PyObject *kwnames, bool has_receiver)
{
    call->receivers = has_receiver;
    call->nargs = (int)PyVectorcall_NARGS(nargsf);
    call->nkwargs = kwnames ? (int)PyTuple_GET_SIZE(kwnames) : 0;
    size_t total = (size_t)call->receivers + (size_t)call->nargs + 2 * (size_t)call->nkwargs;
    call->slots = total <= FEW ? call->few : PyMem_Malloc(total * sizeof(bridge_slot));
    if (!call->slots) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void
free_room(struct call *call)
{
    if (call->slots != call->few) {
        PyMem_Free(call->slots);
    }
}

/* Gives back what the first `count` slots hold for JavaScript. */
static void
drop_arguments(struct call *call, int count)
{
    for (int i = 0; i < count; i++) {
        bridge_slot *slot = &call->slots[i];
        if (slot->kind == BRIDGE_KIND_PYREF) {
            Py_DECREF(slot->object);
        }
        else if (slot->kind == BRIDGE_KIND_BIGINT) {
            Py_DECREF(slot->text.owner);
        }
    }
}

/* Returns 0, or -1 with an exception set and nothing held. */
static int
put_arguments(struct call *call, PyObject *const *args, PyObject *kwnames)
{
    bridge_slot *slot = call->slots + call->receivers;
    int total = call->nargs + call->nkwargs;
    for (int i = 0; i < total; i++) {
        if (i >= call->nargs) {
            bridge_text_to_slot(PyTuple_GET_ITEM(kwnames, i - call->nargs), slot++);
        }
        if (bridge_to_slot(args[i], slot++) < 0) {
            drop_arguments(call, (int)(slot - 1 - call->slots));
            return -1;
        }
    }
    return 0;
}

/* Whether `this` is an object of Python's: then it crosses as another value. */
static bool
has_python_receiver(JsProxy *self)
{
    return self->receiver && !JsProxy_Check(self->receiver);
}

/* Returns what bridge_js_call takes for `this` in a call of `self`. */
static int32_t
receiver_of(JsProxy *self)
{
    if (!self->receiver) {
        return 0;
    }
    return has_python_receiver(self) ? -1 : ((JsProxy *)self->receiver)->ref;
}

/* Puts `this` into the first slot if it has one. Returns 0, or -1 with an exception set. */
static int
put_receiver(struct call *call, JsProxy *self)
{
    return call->receivers ? bridge_to_slot(self->receiver, call->slots) : 0;
}

/* What is done with the arguments. */
enum form {
    CALL,
    CALL_METHOD,
    CONSTRUCT,
};

static void
cross(PyObject *self, struct call *call, enum form form)
{
    if (form == CALL_METHOD) {
        JsMethod *method = (JsMethod *)self;
        bridge_js_call_method(((JsProxy *)method->receiver)->ref,
                              method->name,
                              method->ticket,
                              call->slots,
                              call->nargs,
                              call->nkwargs);
        return;
    }
    JsProxy *proxy = (JsProxy *)self;
    if (form == CONSTRUCT) {
        bridge_js_construct(proxy->ref, call->slots, call->nargs, call->nkwargs);
    }
    else {
        bridge_js_call(proxy->ref, receiver_of(proxy), call->slots, call->nargs, call->nkwargs);
    }
}

static PyObject *
call_js(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames, enum form form)
{
    struct call call;
    PyObject *result = NULL;
    if (bridge_enter(" while calling a JavaScript function")) {
        return NULL;
    }
    bool has_receiver = form == CALL && has_python_receiver((JsProxy *)self);
    if (make_room(&call, nargsf, kwnames, has_receiver) == 0) {
        if (put_receiver(&call, (JsProxy *)self) == 0 && put_arguments(&call, args, kwnames) == 0) {
            cross(self, &call, form);
            result = bridge_from_call_slot(call.slots);
        }
        free_room(&call);
    }
    bridge_leave();
    return result;
}

PyObject *
js_call_function(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    return call_js(self, args, nargsf, kwnames, CALL);
}

PyObject *
js_call_method(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    return call_js(self, args, nargsf, kwnames, CALL_METHOD);
}

PyObject *
js_call_constructor(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    return call_js(self, args, nargsf, kwnames, CONSTRUCT);
}
