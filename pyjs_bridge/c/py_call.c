/* What JavaScript calls most: calls, attributes, references. */
#define Py_BUILD_CORE
#include "convert.h"
#include "depth.h"
#include "errors.h"
#include "fiber.h"
#include "slot.h"

#include <internal/pycore_call.h>

#include <stdlib.h>

/* Arguments that need no memory of their own; one more is in front, for PyObject_Vectorcall. */
#define FEW 8

/* Integers are most frequent, and a call would take as long as they do. As bridge_from_slot(). */
static inline PyObject *
take_value(bridge_slot *slot)
{
    return slot->kind == BRIDGE_KIND_INT ? PyLong_FromLong(slot->integer) : bridge_from_slot(slot);
}

/* Makes the values of a call, steals what the slots own. Returns how many were made: all, or fewer
   with an exception set and the other slots given back. */
static int
take_values(bridge_slot *slots, int nargs, int nkwargs, PyObject **values)
{
    int total = nargs + nkwargs;
    for (int i = 0; i < total; i++) {
        /* After the positional values come pairs; the names are read apart. */
        int at = i < nargs ? i : nargs + 2 * (i - nargs) + 1;
        values[i] = take_value(&slots[at]);
        if (!values[i]) {
            int next = at + 1;
            bridge_clear_slots(slots + next, nargs + 2 * nkwargs - next);
            return i;
        }
    }
    return total;
}

/* Returns a new tuple of interned names, or NULL with an exception set. */
static PyObject *
take_names(bridge_slot *pairs, int nkwargs)
{
    PyObject *names = PyTuple_New(nkwargs);
    for (int i = 0; names && i < nkwargs; i++) {
        PyObject *name = bridge_text_from_slot(&pairs[2 * (Py_ssize_t)i]);
        if (!name) {
            Py_DECREF(names);
            return NULL;
        }
        PyUnicode_InternInPlace(&name);
        PyTuple_SET_ITEM(names, i, name);
    }
    return names;
}

static PyObject *
call_values(PyObject *callable, bridge_slot *slots, int nargs, int nkwargs, PyObject **values)
{
    PyObject *names = nkwargs ? take_names(slots + nargs, nkwargs) : NULL;
    if (nkwargs && !names) {
        bridge_clear_slots(slots, nargs + 2 * nkwargs);
        return NULL;
    }
    int made = take_values(slots, nargs, nkwargs, values);
    PyObject *result = NULL;
    if (made == nargs + nkwargs) {
        size_t nargsf = (size_t)nargs | PY_VECTORCALL_ARGUMENTS_OFFSET;
        PyThreadState *tstate = _PyThreadState_GET();
        result = _PyObject_VectorcallTstate(tstate, callable, values, nargsf, names);
    }
    while (made > 0) {
        Py_DECREF(values[--made]);
    }
    Py_XDECREF(names);
    return result;
}

static PyObject *
call_python(PyObject *callable, bridge_slot *slots, int nargs, int nkwargs)
{
    PyObject *few[FEW + 1];
    size_t total = (size_t)nargs + (size_t)nkwargs;
    PyObject **values = total <= FEW ? few : PyMem_New(PyObject *, total + 1);
    if (!values) {
        bridge_clear_slots(slots, nargs + 2 * nkwargs);
        return PyErr_NoMemory();
    }
    PyObject *result = call_values(callable, slots, nargs, nkwargs, values + 1);
    if (values != few) {
        PyMem_Free(values);
    }
    return result;
}

int
bridge_py_call(PyObject *callable, bridge_slot *slots, int nargs, int nkwargs)
{
    if (bridge_enter(" while called from JavaScript")) {
        bridge_clear_slots(slots, nargs + 2 * nkwargs);
        return bridge_error_to_slot(slots);
    }
    Py_INCREF(callable); /* JavaScript may destroy the proxy while code of Python runs */
    PyObject *result = call_python(callable, slots, nargs, nkwargs);
    Py_DECREF(callable);
    bridge_leave();
    return bridge_result_to_slot(result, slots);
}

/* A context cannot be entered twice: a callback that is called while its context is suspended
   below gets a copy. */
static PyObject *
enter_context(PyObject *context)
{
    if (PyContext_Enter(context) == 0) {
        return Py_NewRef(context);
    }
    PyErr_Clear();
    PyObject *copy = PyContext_Copy(context);
    if (copy && PyContext_Enter(copy) < 0) {
        Py_CLEAR(copy);
    }
    return copy;
}

int
bridge_py_call_in(PyObject *context, PyObject *callable, bridge_slot *slots, int nargs, int nkwargs)
{
    if (PyThreadState_Get()->context == context) {
        return bridge_py_call(callable, slots, nargs, nkwargs); /* called by whoever made it */
    }
    PyObject *entered = enter_context(context);
    if (!entered) {
        bridge_clear_slots(slots, nargs + 2 * nkwargs);
        return bridge_error_to_slot(slots);
    }
    int kind = bridge_py_call(callable, slots, nargs, nkwargs);
    if (PyContext_Exit(entered) < 0) {
        PyErr_Clear(); /* the callback has left it on its own */
    }
    Py_DECREF(entered);
    return kind;
}

void
bridge_py_call_promising(PyObject *context, PyObject *callable, bridge_slot *slots, int nargs,
                         int nkwargs, int ticket, int is_own)
{
    coil_fiber_current()->is_own = is_own;
    /* JavaScript may forget both while this waits. */
    Py_XINCREF(context);
    Py_INCREF(callable);
    if (context) {
        bridge_py_call_in(context, callable, slots, nargs, nkwargs);
    }
    else {
        bridge_py_call(callable, slots, nargs, nkwargs);
    }
    bridge_js_settle(ticket, slots);
    free(slots); /* allocated by coil_allocate() */
    Py_DECREF(callable);
    Py_XDECREF(context);
}

/* Whether a result that was just read is the object that JavaScript has a proxy of. Methods are
   made anew by each reading; their comparison runs no code of Python. */
static int
is_known(PyObject *result, PyObject *known)
{
    if (result == known) {
        return 1;
    }
    if (!known || Py_TYPE(result) != Py_TYPE(known)
        || (!PyMethod_Check(result) && !PyCFunction_CheckExact(result))) {
        return 0;
    }
    int same = PyObject_RichCompareBool(result, known, Py_EQ);
    if (same < 0) {
        PyErr_Clear();
    }
    return same > 0;
}

int
bridge_py_get(PyObject *object, PyObject *name, PyObject *known, bridge_slot *slots)
{
    if (bridge_enter(" while reading an attribute from JavaScript")) {
        return bridge_error_to_slot(slots);
    }
    PyObject *result;
    Py_INCREF(name); /* JavaScript may forget both while code of Python runs */
    Py_INCREF(object);
    int found = PyObject_GetOptionalAttr(object, name, &result);
    Py_DECREF(object);
    Py_DECREF(name);
    bridge_leave();
    if (found > 0 && is_known(result, known)) {
        Py_DECREF(result);
        return -2;
    }
    return found == 0 ? -1 : bridge_result_to_slot(result, slots);
}

int
bridge_py_set(PyObject *object, PyObject *name, bridge_slot *slots)
{
    PyObject *value = bridge_from_slot(slots);
    if (!value) {
        return bridge_error_to_slot(slots);
    }
    int failed = bridge_enter(" while setting an attribute from JavaScript");
    if (!failed) {
        Py_INCREF(name);
        Py_INCREF(object);
        failed = PyObject_SetAttr(object, name, value);
        Py_DECREF(object);
        Py_DECREF(name);
        bridge_leave();
    }
    Py_DECREF(value);
    return bridge_result_to_slot(failed ? NULL : Py_NewRef(Py_None), slots);
}

PyObject *
bridge_py_name(bridge_slot *slots)
{
    PyObject *name = bridge_text_from_slot(slots);
    if (!name) {
        PyErr_Clear();
        return NULL;
    }
    PyUnicode_InternInPlace(&name);
    return name;
}

void
bridge_py_release(PyObject *object)
{
    Py_DECREF(object);
}

void
bridge_py_retain(PyObject *object)
{
    Py_INCREF(object);
}

char *
bridge_py_new_ascii(int length, bridge_slot *slots)
{
    PyObject *text = PyUnicode_New(length, 127);
    if (!text) {
        PyErr_Clear();
        return NULL;
    }
    slots[0] = (bridge_slot){.kind = BRIDGE_KIND_PYNEW, .object = text};
    return PyUnicode_DATA(text);
}

int
bridge_py_new(bridge_slot *slots)
{
    PyObject *object = bridge_from_slot(slots);
    if (!object) {
        return bridge_error_to_slot(slots);
    }
    slots[0] = (bridge_slot){.kind = BRIDGE_KIND_PYNEW, .object = object};
    return BRIDGE_KIND_PYNEW;
}

/* How many slots JavaScript has for values on their way; longer lists come in memory of their own.
 */
#define TAPE_SLOTS 4096

bridge_slot *
bridge_py_tape(void)
{
    static bridge_slot tape[TAPE_SLOTS];
    tape[0].integer = TAPE_SLOTS;
    return tape;
}
