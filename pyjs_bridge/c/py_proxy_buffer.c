/* getBuffer(): JavaScript sees the memory of a buffer, which stays locked until it is released. */
#include "buffer_format.h"
#include "convert.h"
#include "depth.h"
#include "errors.h"

/* js/py_proxy_buffer.ts reads the fields before `view`, as 32-bit words in this order. */
struct bridge_buffer {
    const void *data; /* of the element at index 0...0 */
    int32_t nbytes;
    int32_t itemsize;
    int32_t ndim;
    int32_t is_readonly;
    int32_t is_c_contiguous;
    int32_t is_f_contiguous;
    int32_t element; /* of buffer_format */
    int32_t is_big_endian;
    const char *format;
    const Py_ssize_t *shape;
    const Py_ssize_t *strides;
    Py_buffer view;
    Py_ssize_t own_strides[PyBUF_MAX_NDIM];
};

/* Returns 0, or -1 with an exception set. */
static int
refuse_indirect(Py_buffer *view)
{
    for (int i = 0; view->suboffsets && i < view->ndim; i++) {
        if (view->suboffsets[i] >= 0) {
            PyErr_SetString(PyExc_BufferError,
                            "a buffer with suboffsets has no view; copy it with toJs()");
            return -1;
        }
    }
    return 0;
}

/* Exporters may leave out the strides of what is contiguous, as those of ctypes do. */
static const Py_ssize_t *
strides_of(bridge_buffer *buffer)
{
    Py_buffer *view = &buffer->view;
    if (view->strides || !view->shape) {
        return view->strides;
    }
    PyBuffer_FillContiguousStrides(
        view->ndim, view->shape, buffer->own_strides, (int)view->itemsize, 'C');
    return buffer->own_strides;
}

static void
describe(bridge_buffer *buffer)
{
    Py_buffer *view = &buffer->view;
    buffer_format format = buffer_format_of(view);
    buffer->data = view->buf;
    buffer->nbytes = (int32_t)view->len;
    buffer->itemsize = (int32_t)view->itemsize;
    buffer->ndim = view->ndim;
    buffer->is_readonly = view->readonly;
    buffer->is_c_contiguous = PyBuffer_IsContiguous(view, 'C');
    buffer->is_f_contiguous = PyBuffer_IsContiguous(view, 'F');
    buffer->element = (unsigned char)format.element;
    buffer->is_big_endian = format.big_endian;
    buffer->format = view->format ? view->format : "B";
    buffer->shape = view->shape;
    buffer->strides = strides_of(buffer);
}

/* Returns a locked buffer, or NULL with an exception set. */
static bridge_buffer *
lock(PyObject *object)
{
    bridge_buffer *buffer = PyMem_Calloc(1, sizeof(bridge_buffer));
    if (!buffer) {
        PyErr_NoMemory();
        return NULL;
    }
    if (PyObject_GetBuffer(object, &buffer->view, PyBUF_FULL_RO) < 0) {
        PyMem_Free(buffer);
        return NULL;
    }
    if (refuse_indirect(&buffer->view) < 0) {
        bridge_py_release_buffer(buffer);
        return NULL;
    }
    describe(buffer);
    return buffer;
}

int
bridge_py_get_buffer(PyObject *object, bridge_slot *slots)
{
    if (bridge_enter(" while locking a buffer")) {
        return bridge_error_to_slot(slots);
    }
    bridge_buffer *buffer = lock(object);
    bridge_leave();
    if (!buffer) {
        return bridge_error_to_slot(slots);
    }
    slots->kind = BRIDGE_KIND_INT;
    slots->integer = (int32_t)(uintptr_t)buffer;
    return BRIDGE_KIND_INT;
}

void
bridge_py_release_buffer(bridge_buffer *buffer)
{
    PyBuffer_Release(&buffer->view);
    PyMem_Free(buffer);
}
