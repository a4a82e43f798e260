/* What a Python object can do, as flags: JavaScript gives its proxy the members that follow. */
#include "py_proxy.h"

static PyObject *abc_sequence;
static PyObject *abc_mutable_sequence;
static PyObject *abc_generator;
static PyObject *abc_async_generator;

/* Flags of the types that were seen last, by address and version tag: a type that is changed, or
   another one at the same address, has another tag. Asking the abstract classes each time would
   cost more than the crossing; a dict of types would keep them alive. */
#define KNOWN 256
static struct {
    PyTypeObject *type;
    unsigned int version;
    uint32_t flags;
} known[KNOWN];

static uint32_t
container_flags(PyTypeObject *type)
{
    PySequenceMethods *sequence = type->tp_as_sequence;
    PyMappingMethods *mapping = type->tp_as_mapping;
    uint32_t flags = 0;
    if ((sequence && sequence->sq_length) || (mapping && mapping->mp_length)) {
        flags |= BRIDGE_PY_FLAG_LENGTH;
    }
    if ((sequence && sequence->sq_item) || (mapping && mapping->mp_subscript)) {
        flags |= BRIDGE_PY_FLAG_GET;
    }
    if ((sequence && sequence->sq_ass_item) || (mapping && mapping->mp_ass_subscript)) {
        flags |= BRIDGE_PY_FLAG_SET;
    }
    if (sequence && sequence->sq_contains) {
        flags |= BRIDGE_PY_FLAG_CONTAINS;
    }
    return flags;
}

static uint32_t
iteration_flags(PyTypeObject *type)
{
    PyAsyncMethods *async = type->tp_as_async;
    uint32_t flags = 0;
    if (type->tp_iter) {
        flags |= BRIDGE_PY_FLAG_ITERABLE;
    }
    if (PyIter_Check((&(PyObject){.ob_type = type}))) {
        flags |= BRIDGE_PY_FLAG_ITERATOR;
    }
    if (async && async->am_aiter) {
        flags |= BRIDGE_PY_FLAG_ASYNC_ITERABLE;
    }
    if (async && async->am_anext) {
        flags |= BRIDGE_PY_FLAG_ASYNC_ITERATOR;
    }
    if (async && async->am_await) {
        flags |= BRIDGE_PY_FLAG_AWAITABLE;
    }
    return flags;
}

/* A failing __subclasshook__ counts as no. */
static uint32_t
flag_if_subclass(PyTypeObject *type, PyObject *abstract, uint32_t flag)
{
    int result = PyObject_IsSubclass((PyObject *)type, abstract);
    if (result < 0) {
        PyErr_Clear();
    }
    return result > 0 ? flag : 0;
}

static uint32_t
abstract_flags(PyTypeObject *type)
{
    uint32_t flags = flag_if_subclass(type, abc_sequence, BRIDGE_PY_FLAG_SEQUENCE);
    if (type == &PyUnicode_Type || type == &PyMemoryView_Type) {
        flags = 0; /* registered as sequences, but not lists of items to JavaScript */
    }
    flags |= flag_if_subclass(type, abc_mutable_sequence, BRIDGE_PY_FLAG_MUTABLE_SEQUENCE);
    flags |= flag_if_subclass(type, abc_generator, BRIDGE_PY_FLAG_GENERATOR);
    flags |= flag_if_subclass(type, abc_async_generator, BRIDGE_PY_FLAG_ASYNC_GENERATOR);
    return flags;
}

static uint32_t
type_flags(PyTypeObject *type)
{
    uint32_t flags = container_flags(type) | iteration_flags(type) | abstract_flags(type);
    if (type->tp_call) {
        flags |= BRIDGE_PY_FLAG_CALLABLE;
    }
    if (type->tp_as_buffer && type->tp_as_buffer->bf_getbuffer) {
        flags |= BRIDGE_PY_FLAG_BUFFER;
    }
    if (type == &PyDict_Type) {
        flags |= BRIDGE_PY_FLAG_DICT;
    }
    return flags;
}

/* What depends on the object and not on its type alone. */
static uint32_t
object_flags(PyObject *object)
{
    uint32_t flags = 0;
    if (PyFunction_Check(object)
        && (((PyCodeObject *)PyFunction_GET_CODE(object))->co_flags & CO_COROUTINE)) {
        flags |= BRIDGE_PY_FLAG_COROUTINE_FUNCTION;
    }
    if (PyMethod_Check(object)) {
        return object_flags(PyMethod_GET_FUNCTION(object));
    }
    if (PyType_Check(object) && PyObject_HasAttrString(object, "__class_getitem__")) {
        flags |= BRIDGE_PY_FLAG_GET;
    }
    return flags;
}

static uint32_t
known_type_flags(PyTypeObject *type)
{
    unsigned int version = type->tp_version_tag;
    size_t at = ((uintptr_t)type >> 4) % KNOWN;
    if (version && known[at].type == type && known[at].version == version) {
        return known[at].flags;
    }
    uint32_t flags = type_flags(type);
    if (PyUnstable_Type_AssignVersionTag(type)) {
        known[at].type = type;
        known[at].version = type->tp_version_tag;
        known[at].flags = flags;
    }
    return flags;
}

uint32_t
py_proxy_flags(PyObject *object)
{
    return known_type_flags(Py_TYPE(object)) | object_flags(object);
}

int
py_proxy_init(PyObject *module)
{
    PyObject *abc = PyImport_ImportModule("_collections_abc");
    if (!abc) {
        return -1;
    }
    abc_sequence = PyObject_GetAttrString(abc, "Sequence");
    abc_mutable_sequence = PyObject_GetAttrString(abc, "MutableSequence");
    abc_generator = PyObject_GetAttrString(abc, "Generator");
    abc_async_generator = PyObject_GetAttrString(abc, "AsyncGenerator");
    Py_DECREF(abc);
    return abc_sequence && abc_mutable_sequence && abc_generator && abc_async_generator ? 0 : -1;
}
