/* An exception keeps its identity: what goes to JavaScript holds the Python exception, and what
   comes back raises that very object again. */
#define Py_BUILD_CORE
#include "errors.h"

#include "convert.h"
#include "js_exception.h"
#include "js_proxy.h"

#include <internal/pycore_traceback.h>

PyObject *bridge_conversion_error;
PyObject *bridge_internal_error;

/* --- to JavaScript --- */

/* As the interactive interpreter does, for post-mortem debuggers. Failures do not matter. */
static void
set_last(PyObject *exception)
{
    PyObject *traceback = PyException_GetTraceback(exception);
    int failed = PySys_SetObject("last_exc", exception) < 0
                 || PySys_SetObject("last_type", (PyObject *)Py_TYPE(exception)) < 0
                 || PySys_SetObject("last_value", exception) < 0
                 || PySys_SetObject("last_traceback", traceback ? traceback : Py_None) < 0;
    Py_XDECREF(traceback);
    if (failed) {
        PyErr_Clear();
    }
}

int
bridge_error_to_slot(bridge_slot *slot)
{
    if (!PyErr_Occurred()) {
        PyErr_SetString(bridge_internal_error, "a function failed without an exception");
    }
    PyObject *exception = PyErr_GetRaisedException();
    set_last(exception);
    slot->kind = BRIDGE_KIND_PYERROR;
    slot->extra = 0;
    slot->object = exception;
    return BRIDGE_KIND_PYERROR;
}

/* --- from JavaScript --- */

/* Adds frames, given as three parts each, to the current exception. */
static void
add_frames(PyObject *parts)
{
    for (Py_ssize_t i = 0; i + 2 < PyList_GET_SIZE(parts); i += 3) {
        const char *name = PyUnicode_AsUTF8(PyList_GET_ITEM(parts, i));
        const char *file = PyUnicode_AsUTF8(PyList_GET_ITEM(parts, i + 1));
        PyObject *line = PyLong_FromUnicodeObject(PyList_GET_ITEM(parts, i + 2), 10);
        if (!name || !file || !line) {
            Py_XDECREF(line);
            return;
        }
        _PyTraceback_Add(name, file, (int)PyLong_AsLong(line));
        Py_DECREF(line);
    }
}

/* Returns what an operation tells of a JavaScript error, as a new string, or `otherwise` if the
   operation fails: to raise why would ask the same of the next error, without end where the stack
   is full. NULL with an exception set if there is no memory; the handle is borrowed. */
static PyObject *
ask_error(int operation, int32_t ref, const char *otherwise)
{
    bridge_slot slot = {.kind = BRIDGE_KIND_NONE};
    int kind = bridge_js_operate(operation, ref, &slot, 0);
    if (kind == BRIDGE_KIND_JSERROR) {
        bridge_js_release(slot.ref);
        return PyUnicode_FromString(otherwise);
    }
    if (kind == BRIDGE_KIND_PYERROR) {
        bridge_js_release((int32_t)slot.extra);
        return PyUnicode_FromString(otherwise);
    }
    return bridge_from_slot(&slot);
}

/* Returns the frames of a JavaScript error as a new list of parts, or NULL with an exception set;
   the handle is borrowed. */
static PyObject *
frames_of(int32_t ref)
{
    PyObject *text = ask_error(BRIDGE_JS_OP_ERROR_FRAMES, ref, "");
    PyObject *separator = text ? PyUnicode_FromOrdinal(0) : NULL;
    PyObject *parts = separator ? PyUnicode_Split(text, separator, -1) : NULL;
    Py_XDECREF(separator);
    Py_XDECREF(text);
    return parts;
}

PyObject *
bridge_js_traceback(int32_t ref)
{
    PyObject *parts = frames_of(ref);
    if (!parts) {
        PyErr_Clear();
        return NULL;
    }
    PyErr_SetNone(PyExc_Exception);
    add_frames(parts);
    Py_DECREF(parts);
    PyObject *carrier = PyErr_GetRaisedException();
    PyObject *traceback = PyException_GetTraceback(carrier);
    Py_DECREF(carrier);
    return traceback;
}

/* Raises a JsException. Its frames are read when somebody looks at its traceback, since an engine
   takes longer for the text of a stack than for all the rest. */
static void
raise_js(int32_t ref, uint32_t flags)
{
    PyObject *marked = ask_error(BRIDGE_JS_OP_ERROR_TEXT, ref, "-an error without a readable text");
    PyObject *text = marked ? PyUnicode_Substring(marked, 1, PY_SSIZE_T_MAX) : NULL;
    PyObject *error = js_proxy_new_method(ref, flags, NULL);
    PyObject *exception = text && error ? js_exception_new(error, text) : NULL;
    if (exception) {
        js_exception_defer_frames(exception);
        if (PyUnicode_READ_CHAR(marked, 0) == '+') {
            js_exception_chain(exception);
        }
        PyErr_SetRaisedException(exception);
    }
    Py_XDECREF(error);
    Py_XDECREF(text);
    Py_XDECREF(marked);
}

static void
raise_py(PyObject *exception, int32_t ref)
{
    PyObject *parts = ref ? frames_of(ref) : NULL;
    PyErr_Clear();
    PyErr_SetRaisedException(Py_NewRef(exception));
    if (parts) {
        add_frames(parts);
        Py_DECREF(parts);
    }
    if (ref) {
        bridge_js_release(ref);
    }
}

static PyObject *
exception_class(uint32_t number)
{
    switch (number) {
    case BRIDGE_RAISE_TYPE:
        return PyExc_TypeError;
    case BRIDGE_RAISE_VALUE:
        return PyExc_ValueError;
    case BRIDGE_RAISE_INDEX:
        return PyExc_IndexError;
    case BRIDGE_RAISE_BUFFER:
        return PyExc_BufferError;
    default:
        return bridge_conversion_error;
    }
}

/* The encoding of the text and the number of the exception share a word. */
static void
raise_named(bridge_slot *slot)
{
    uint32_t both = slot->text.encoding;
    slot->text.encoding = both & 0xFFFF;
    PyObject *text = bridge_text_from_slot(slot);
    if (text) {
        PyErr_SetObject(exception_class(both >> 16), text);
        Py_DECREF(text);
    }
}

void
bridge_raise_slot(bridge_slot *slot)
{
    if (slot->kind == BRIDGE_KIND_RAISE) {
        raise_named(slot);
    }
    else if (slot->kind == BRIDGE_KIND_PYERROR) {
        raise_py(slot->object, (int32_t)slot->extra);
    }
    else {
        raise_js(slot->ref, slot->extra);
    }
}

/* --- the module's part --- */

/* Returns a new class, also in the module, or NULL with an exception set. */
static PyObject *
add_class(PyObject *module, const char *name, const char *doc)
{
    PyObject *class = PyErr_NewExceptionWithDoc(name, doc, NULL, NULL);
    if (class && PyModule_AddObjectRef(module, strrchr(name, '.') + 1, class) < 0) {
        Py_CLEAR(class);
    }
    return class;
}

int
bridge_errors_init(PyObject *module)
{
    bridge_conversion_error = add_class(
        module,
        "pyodide.ffi.ConversionError",
        "A value could not be converted between Python and JavaScript.");
    bridge_internal_error = add_class(
        module, "pyodide.ffi.InternalError", "The bridge is broken: please report what led here.");
    return bridge_conversion_error && bridge_internal_error ? 0 : -1;
}
