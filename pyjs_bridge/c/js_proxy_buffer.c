/* ArrayBuffers and views of them: bytes that are copied between the two memories. */
#include "convert.h"
#include "js_proxy_kinds.h"

#include <stdbool.h>

/* --- for JavaScript --- */

/* Returns a memoryview as a new reference, or NULL with an exception set. */
static PyObject *
view_with_format(PyObject *bytes, int format)
{
    PyObject *view = PyMemoryView_FromObject(bytes);
    if (!view || format == 'B') {
        return view;
    }
    PyObject *cast = PyObject_CallMethod(view, "cast", "C", format);
    Py_DECREF(view);
    return cast;
}

/* The memory is writable, as the copy belongs to whoever asked for it. */
static char *
new_view(int length, int format, bridge_slot *slot)
{
    PyObject *bytes = PyByteArray_FromStringAndSize(NULL, length);
    PyObject *view = bytes ? view_with_format(bytes, format) : NULL;
    char *data = view ? PyByteArray_AS_STRING(bytes) : NULL;
    Py_XDECREF(bytes); /* the view has a reference */
    slot->object = view;
    return data;
}

char *
bridge_py_new_buffer(int length, int format, bridge_slot *slots)
{
    char *data;
    if (format) {
        data = new_view(length, format, slots);
    }
    else {
        slots->object = PyBytes_FromStringAndSize(NULL, length);
        data = slots->object ? PyBytes_AS_STRING(slots->object) : NULL;
    }
    if (data) {
        slots->kind = BRIDGE_KIND_PYNEW;
    }
    else {
        PyErr_Clear();
    }
    return data;
}

/* --- copies --- */

static PyObject *
to_python(PyObject *self, bool as_view)
{
    bridge_slot slot = {.kind = as_view ? BRIDGE_KIND_TRUE : BRIDGE_KIND_FALSE};
    return js_proxy_operate(self, BRIDGE_JS_OP_BUFFER_TO_PYTHON, &slot, 1);
}

static PyObject *
buffer_to_bytes(PyObject *self, PyObject *unused)
{
    return to_python(self, false);
}

static PyObject *
buffer_to_memoryview(PyObject *self, PyObject *unused)
{
    return to_python(self, true);
}

static PyObject *
buffer_to_string(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"encoding", NULL};
    const char *encoding = "utf-8";
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|s:to_string", names, &encoding)) {
        return NULL;
    }
    PyObject *bytes = to_python(self, false);
    PyObject *text = bytes ? PyUnicode_FromEncodedObject(bytes, encoding, "strict") : NULL;
    Py_XDECREF(bytes);
    return text;
}

static bool
is_float_format(const char *format)
{
    return format && *format && strchr("efd", format[strlen(format) - 1]);
}

/* Returns room for the elements of a view, one after the other: its own memory if they lie so, else
   what the caller frees. NULL with an exception set when there is none. */
static char *
contiguous_room(Py_buffer *view)
{
    if (PyBuffer_IsContiguous(view, 'C')) {
        return view->buf;
    }
    char *room = PyMem_Malloc((size_t)view->len);
    if (!room) {
        PyErr_NoMemory();
    }
    return room;
}

/* Copies between the value and contiguous memory. Returns 0, or -1 with an exception set. */
static int
copy_bytes(PyObject *self, char *data, const Py_buffer *view, int op)
{
    bool is_float = is_float_format(view->format);
    bridge_slot slots[4] = {
        js_address(data),
        js_integer((int32_t)view->len),
        js_integer((int32_t)view->itemsize),
        {.kind = is_float ? BRIDGE_KIND_TRUE : BRIDGE_KIND_FALSE},
    };
    return js_proxy_do(self, op, slots, 4);
}

/* Copies between the value and a view of any strides. Returns 0, or -1 with an exception set. */
static int
copy_view(PyObject *self, Py_buffer *view, int op)
{
    char *room = contiguous_room(view);
    if (!room || room == view->buf) {
        return room ? copy_bytes(self, room, view, op) : -1;
    }
    bool writes = op == BRIDGE_JS_OP_BUFFER_ASSIGN_TO;
    int result = writes ? 0 : PyBuffer_ToContiguous(room, view, view->len, 'C');
    result = result < 0 ? -1 : copy_bytes(self, room, view, op);
    if (writes && result == 0) {
        result = PyBuffer_FromContiguous(view, room, view->len, 'C');
    }
    PyMem_Free(room);
    return result;
}

/* Copies between the value and a Python buffer. Returns 0, or -1 with an exception set. */
static int
copy_buffer(PyObject *self, PyObject *object, int op)
{
    Py_buffer view;
    bool writes = op == BRIDGE_JS_OP_BUFFER_ASSIGN_TO;
    if (PyObject_GetBuffer(object, &view, writes ? PyBUF_FULL : PyBUF_FULL_RO) < 0) {
        return -1;
    }
    int result = copy_view(self, &view, op);
    PyBuffer_Release(&view);
    return result;
}

static PyObject *
buffer_assign(PyObject *self, PyObject *source)
{
    return copy_buffer(self, source, BRIDGE_JS_OP_BUFFER_ASSIGN) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *
buffer_assign_to(PyObject *self, PyObject *target)
{
    return copy_buffer(self, target, BRIDGE_JS_OP_BUFFER_ASSIGN_TO) < 0 ? NULL : Py_NewRef(Py_None);
}

/* --- files --- */

/* A text file has a binary one behind it. Returns a new reference, or NULL with an exception set:
   TypeError for what has not the method. */
static PyObject *
binary_file(PyObject *file, const char *method)
{
    PyObject *binary;
    int found = PyObject_GetOptionalAttrString(file, "buffer", &binary);
    binary = found ? binary : Py_NewRef(file);
    if (binary && !PyObject_HasAttrString(binary, method)) {
        PyErr_Format(PyExc_TypeError,
                     "the file must be an open one with %s(), not %.100s",
                     method,
                     Py_TYPE(binary)->tp_name);
        Py_CLEAR(binary);
    }
    return binary;
}

/* Writes a part of a memoryview. Returns how many bytes that were, or -1 with an exception set. */
static Py_ssize_t
write_part(PyObject *file, PyObject *view, Py_ssize_t start)
{
    PyObject *part = PySequence_GetSlice(view, start, PY_SSIZE_T_MAX);
    PyObject *written = part ? PyObject_CallMethod(file, "write", "O", part) : NULL;
    Py_ssize_t count = written ? PyNumber_AsSsize_t(written, PyExc_OverflowError) : -1;
    if (written && count == 0) {
        PyErr_SetString(PyExc_OSError, "the file takes no more bytes");
        count = -1;
    }
    Py_XDECREF(written);
    Py_XDECREF(part);
    return count;
}

static PyObject *
buffer_to_file(PyObject *self, PyObject *file)
{
    PyObject *binary = binary_file(file, "write");
    PyObject *bytes = binary ? to_python(self, false) : NULL;
    PyObject *view = bytes ? PyMemoryView_FromObject(bytes) : NULL;
    Py_ssize_t done = view ? 0 : -1;
    while (done >= 0 && done < PyBytes_GET_SIZE(bytes)) {
        Py_ssize_t count = write_part(binary, view, done);
        done = count < 0 ? -1 : done + count;
    }
    PyObject *flushed = done < 0 ? NULL : PyObject_CallMethod(binary, "flush", NULL);
    Py_XDECREF(view);
    Py_XDECREF(bytes);
    Py_XDECREF(binary);
    return flushed;
}

static Py_ssize_t
buffer_length(PyObject *self)
{
    bridge_slot slot;
    PyObject *length = js_proxy_operate(self, BRIDGE_JS_OP_BUFFER_LENGTH, &slot, 0);
    Py_ssize_t result = length ? PyNumber_AsSsize_t(length, PyExc_OverflowError) : -1;
    Py_XDECREF(length);
    return result;
}

/* Returns how many bytes a read gave: none at the end or when it would block; -1 if it failed. */
static Py_ssize_t
size_of_part(PyObject *part)
{
    if (!part) {
        return -1;
    }
    return part == Py_None ? 0 : PyObject_Size(part);
}

/* Reads as many bytes as there are, at most `size`. Returns a new bytes-like object, or NULL with
   an exception set. */
static PyObject *
read_all(PyObject *file, Py_ssize_t size)
{
    PyObject *all = PyByteArray_FromStringAndSize(NULL, 0);
    while (all && PyByteArray_GET_SIZE(all) < size) {
        PyObject *part = PyObject_CallMethod(file, "read", "n", size - PyByteArray_GET_SIZE(all));
        Py_ssize_t got = size_of_part(part);
        PyObject *more = got > 0 ? PySequence_InPlaceConcat(all, part) : NULL;
        Py_XDECREF(part);
        if (got == 0) {
            break;
        }
        Py_SETREF(all, more);
    }
    return all;
}

/* A file that is shorter than the buffer leaves the rest of it as it is. */
static int
assign_start(PyObject *self, PyObject *bytes, Py_ssize_t size)
{
    if (PyByteArray_GET_SIZE(bytes) == size) {
        return copy_buffer(self, bytes, BRIDGE_JS_OP_BUFFER_ASSIGN);
    }
    PyObject *whole = to_python(self, true);
    PyObject *flat = whole ? PyObject_CallMethod(whole, "cast", "s", "B") : NULL;
    int result = -1;
    if (flat && PySequence_SetSlice(flat, 0, PyByteArray_GET_SIZE(bytes), bytes) == 0) {
        result = copy_buffer(self, flat, BRIDGE_JS_OP_BUFFER_ASSIGN);
    }
    Py_XDECREF(flat);
    Py_XDECREF(whole);
    return result;
}

static PyObject *
buffer_from_file(PyObject *self, PyObject *file)
{
    Py_ssize_t size = buffer_length(self);
    PyObject *binary = size < 0 ? NULL : binary_file(file, "read");
    PyObject *bytes = binary ? read_all(binary, size) : NULL;
    int failed = !bytes || assign_start(self, bytes, size) < 0;
    Py_XDECREF(bytes);
    Py_XDECREF(binary);
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef buffer_methods[] = {
    {"to_bytes", buffer_to_bytes, METH_NOARGS, "The bytes, copied."},
    {"to_memoryview", buffer_to_memoryview, METH_NOARGS, "A memoryview of a copy."},
    {
        "to_string",
        (PyCFunction)(void (*)(void))buffer_to_string,
        METH_VARARGS | METH_KEYWORDS,
        "to_string(encoding='utf-8'): the bytes as text. Raises ValueError for other bytes.",
    },
    {
        "assign",
        buffer_assign,
        METH_O,
        "Copy from a buffer of the same size and format. Raises ValueError for another.",
    },
    {
        "assign_to",
        buffer_assign_to,
        METH_O,
        "Copy to a writable buffer of the same size and format. Raises ValueError for another.",
    },
    {"to_file", buffer_to_file, METH_O, "Write the bytes to a file that is open for writing."},
    {"from_file", buffer_from_file, METH_O, "Fill it from a file that is open for reading."},
    {"_into_file", buffer_to_file, METH_O, "As to_file(); the buffer may be given up."},
    {0},
};

PyTypeObject JsBuffer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsBuffer",
    JS_PROXY_KIND_HEAD,
    .tp_doc = "An ArrayBuffer or a view of one.",
    .tp_methods = buffer_methods,
};

/* --- typed arrays --- */

static PySequenceMethods typed_sequence;

static PyMappingMethods typed_mapping = {
    .mp_length = js_length,
    .mp_subscript = js_array_subscript,
    .mp_ass_subscript = js_typed_array_assign,
};

PyTypeObject JsTypedArray_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsTypedArray",
    .tp_basicsize = sizeof(JsProxy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION
                | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "A typed array of JavaScript.",
    .tp_as_sequence = &typed_sequence, /* inherited from JsArray, which is not the first base */
    .tp_as_mapping = &typed_mapping,
};
