/* An Exception cannot have JsProxy's layout, so it holds one and passes attributes on to it. */
#define Py_BUILD_CORE
#include "js_exception.h"

#include "convert.h"
#include "errors.h"
#include "js_proxy_kinds.h"

#include <internal/pycore_traceback.h>
#include <internal/pycore_typeobject.h>

#include <stdbool.h>

typedef struct {
    PyBaseExceptionObject base;
    PyObject *error; /* JsProxy, or NULL */
    bool has_frames; /* those of its stack are still to be added to the traceback */
} JsException;

PyObject *
js_exception_new(PyObject *error, PyObject *text)
{
    PyObject *exception = PyObject_CallOneArg((PyObject *)&JsException_Type, text);
    if (exception) {
        ((JsException *)exception)->error = Py_NewRef(error);
    }
    return exception;
}

PyObject *
js_exception_from_proxy(PyObject *error)
{
    PyObject *text = PyObject_Str(error);
    PyObject *exception = text ? js_exception_new(error, text) : NULL;
    Py_XDECREF(text);
    return exception;
}

PyObject *
js_exception_error(PyObject *exception)
{
    return ((JsException *)exception)->error;
}

static int
exception_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((JsException *)self)->error);
    return ((PyTypeObject *)PyExc_Exception)->tp_traverse(self, visit, arg);
}

static int
exception_clear(PyObject *self)
{
    Py_CLEAR(((JsException *)self)->error);
    return ((PyTypeObject *)PyExc_Exception)->tp_clear(self);
}

static void
exception_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(((JsException *)self)->error);
    ((PyTypeObject *)PyExc_Exception)->tp_dealloc(self);
}

/* Python's own attributes first: args, __traceback__, add_note; then those of the error. */
static PyObject *
exception_getattro(PyObject *self, PyObject *name)
{
    PyObject *error = ((JsException *)self)->error;
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found || !error || !PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return found;
    }
    PyErr_Clear();
    return PyObject_GetAttr(error, name);
}

static PyObject *
exception_richcompare(PyObject *self, PyObject *other, int op)
{
    PyObject *mine = ((JsException *)self)->error;
    PyObject *theirs = js_exception_check(other) ? ((JsException *)other)->error : other;
    if (!mine || !theirs || (op != Py_EQ && op != Py_NE)) {
        return PyBaseObject_Type.tp_richcompare(self, other, op);
    }
    return PyObject_RichCompare(mine, theirs, op);
}

/* --- its texts: those of the error as it is now --- */

/* Without a text of the error's, as for an exception made by hand, it is `otherwise`, which knows
   the one from when it was raised. */
static PyObject *
text_of(PyObject *self, reprfunc otherwise)
{
    PyObject *error = ((JsException *)self)->error;
    PyObject *text = error ? PyObject_Str(error) : NULL;
    if (text || (error && !PyErr_ExceptionMatches(PyExc_Exception))) {
        return text;
    }
    PyErr_Clear();
    return otherwise(self);
}

static PyObject *
exception_str(PyObject *self)
{
    return text_of(self, ((PyTypeObject *)PyExc_Exception)->tp_str);
}

static PyObject *
exception_repr(PyObject *self)
{
    return text_of(self, ((PyTypeObject *)PyExc_Exception)->tp_repr);
}

/* --- the traceback --- */

void
js_exception_defer_frames(PyObject *exception)
{
    ((JsException *)exception)->has_frames = true;
}

/* JavaScript's frames are the innermost, so they come after all of Python's, however many were
   added since. */
static void
append_frames(JsException *self, PyObject *frames)
{
    PyTracebackObject *last = (PyTracebackObject *)self->base.traceback;
    if (!last) {
        PyException_SetTraceback((PyObject *)self, frames);
        return;
    }
    while (last->tb_next) {
        last = last->tb_next;
    }
    last->tb_next = (PyTracebackObject *)Py_NewRef(frames);
}

static PyObject *
get_traceback(PyObject *op, void *unused)
{
    JsException *self = (JsException *)op;
    if (self->has_frames) {
        self->has_frames = false;
        PyObject *frames = bridge_js_traceback(((JsProxy *)self->error)->ref);
        if (frames) {
            append_frames(self, frames);
            Py_DECREF(frames);
        }
    }
    PyObject *traceback = PyException_GetTraceback(op);
    return traceback ? traceback : Py_NewRef(Py_None);
}

static int
set_traceback(PyObject *self, PyObject *value, void *unused)
{
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "__traceback__ may not be deleted");
        return -1;
    }
    if (PyException_SetTraceback(self, value) < 0) {
        return -1;
    }
    ((JsException *)self)->has_frames = false;
    return 0;
}

static PyObject *
with_traceback(PyObject *self, PyObject *traceback)
{
    return set_traceback(self, traceback, NULL) < 0 ? NULL : Py_NewRef(self);
}

/* The exception stands for the error in Python, as does every JsException, so that it can be raised
   again. */
static PyObject *
get_js_error(PyObject *self, void *unused)
{
    if (!((JsException *)self)->error) {
        PyErr_SetString(PyExc_AttributeError, "an exception that was made by hand has no js_error");
        return NULL;
    }
    return Py_NewRef(self);
}

static PyGetSetDef exception_getset[] = {
    {"js_error", get_js_error, NULL, "The thrown value.", NULL},
    {"__traceback__", get_traceback, set_traceback, NULL, NULL},
    {0},
};

/* JavaScript's properties can be set; what Python has of its own, such as __cause__, is Python's.
 */
static int
exception_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *error = ((JsException *)self)->error;
    bool special = PyUnicode_GET_LENGTH(name) > 1 && PyUnicode_READ_CHAR(name, 0) == '_'
                   && PyUnicode_READ_CHAR(name, 1) == '_';
    if (!error || special || _PyType_Lookup(Py_TYPE(self), name)) {
        return PyObject_GenericSetAttr(self, name, value);
    }
    return PyObject_SetAttr(error, name, value);
}

/* By the error, as exceptions of one error are equal. */
static Py_hash_t
exception_hash(PyObject *self)
{
    PyObject *error = ((JsException *)self)->error;
    PyObject *number = error ? js_object_id(error, NULL) : NULL;
    if (!number) {
        PyErr_Clear();
        return Py_HashPointer(self);
    }
    Py_hash_t hash = PyObject_Hash(number);
    Py_DECREF(number);
    return hash;
}

/* --- causes --- */

/* More are of no use, and there may be a circle. */
#define MAX_CAUSES 16

/* Returns the cause of an exception's error as a new reference: an exception, or NULL if it has
   none; raises nothing. */
static PyObject *
cause_of(PyObject *exception)
{
    bridge_slot slot;
    PyObject *cause = NULL;
    PyObject *error = js_exception_error(exception);
    if (error) {
        js_proxy_find(error, BRIDGE_JS_OP_ERROR_CAUSE, &slot, 0, &cause);
    }
    PyErr_Clear();
    if (cause && !PyExceptionInstance_Check(cause)) {
        Py_CLEAR(cause);
    }
    return cause;
}

void
js_exception_chain(PyObject *exception)
{
    PyObject *current = exception;
    for (int i = 0; i < MAX_CAUSES && js_exception_check(current); i++) {
        PyObject *cause = cause_of(current);
        if (!cause || PyObject_RichCompareBool(cause, exception, Py_EQ) != 0) {
            Py_XDECREF(cause);
            PyErr_Clear();
            return;
        }
        PyException_SetCause(current, cause); /* steals it, and `current` lives by it */
        current = cause;
    }
}

/* --- pickle --- */

static PyObject *
text_attribute(PyObject *error, const char *name)
{
    PyObject *value = PyObject_GetAttrString(error, name);
    PyObject *text = value ? PyObject_Str(value) : NULL;
    Py_XDECREF(value);
    if (!text) {
        PyErr_Clear();
        text = PyUnicode_FromString("");
    }
    return text;
}

static PyObject *
exception_reduce(PyObject *self, PyObject *unused)
{
    PyObject *error = ((JsException *)self)->error;
    if (!error) {
        return PyObject_CallMethod(PyExc_Exception, "__reduce__", "O", self);
    }
    PyObject *module = PyImport_ImportModule("_pyodide_core");
    PyObject *restore = module ? PyObject_GetAttrString(module, "_restore_js_exception") : NULL;
    Py_XDECREF(module);
    if (!restore) {
        return NULL;
    }
    return Py_BuildValue("N(NNN)",
                         restore,
                         text_attribute(error, "name"),
                         text_attribute(error, "message"),
                         text_attribute(error, "stack"));
}

static PyObject *
restore_exception(PyObject *module, PyObject *args)
{
    PyObject *parts[3];
    bridge_slot slots[3];
    if (!PyArg_ParseTuple(args, "UUU:_restore_js_exception", &parts[0], &parts[1], &parts[2])) {
        return NULL;
    }
    for (int i = 0; i < 3; i++) {
        bridge_text_to_slot(parts[i], &slots[i]);
    }
    bridge_js_operate(BRIDGE_JS_OP_NEW_ERROR, 0, slots, 3);
    return bridge_from_slot(slots);
}

static PyMethodDef functions[] = {
    {"_restore_js_exception", restore_exception, METH_VARARGS, "What pickle calls."},
    {0},
};

static PyMethodDef exception_methods[] = {
    {"__reduce__", exception_reduce, METH_NOARGS, NULL},
    {"with_traceback", with_traceback, METH_O, "Set __traceback__ and return the exception."},
    {0},
};

PyDoc_STRVAR(exception_doc,
             "A value that JavaScript has thrown. Attributes are those of the error:\n"
             "name, message, stack; js_error is the error itself.");

PyTypeObject JsException_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsException",
    .tp_basicsize = sizeof(JsException),
    .tp_dealloc = exception_dealloc,
    .tp_repr = exception_repr,
    .tp_str = exception_str,
    .tp_getattro = exception_getattro,
    .tp_setattro = exception_setattro,
    .tp_richcompare = exception_richcompare,
    .tp_hash = exception_hash,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = exception_doc,
    .tp_traverse = exception_traverse,
    .tp_clear = exception_clear,
    .tp_methods = exception_methods,
    .tp_getset = exception_getset,
};

int
js_exception_init(PyObject *module)
{
    JsException_Type.tp_base = (PyTypeObject *)PyExc_Exception;
    return PyModule_AddType(module, &JsException_Type) < 0
                   || PyModule_AddFunctions(module, functions) < 0
               ? -1
               : 0;
}
