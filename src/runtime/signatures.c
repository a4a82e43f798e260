#include "signatures.h"

#include "call_arity.h"

#include <stddef.h>

/* What a function returns to CPython: an object or another address, where NULL is an error; a
   number, where -1 is an error; nothing. */
enum returns { OBJECT, NUMBER, NOTHING };

/* Where a structure holds a function, and how CPython calls it. */
struct slot {
    unsigned short offset;
    unsigned char parameters;
    unsigned char returns;
};

#define SLOT(structure, member, parameters, returns) \
    {offsetof(structure, member), parameters, returns}

static const struct slot type_slots[] = {
    SLOT(PyTypeObject, tp_dealloc, 1, NOTHING),
    SLOT(PyTypeObject, tp_getattr, 2, OBJECT),
    SLOT(PyTypeObject, tp_setattr, 3, NUMBER),
    SLOT(PyTypeObject, tp_repr, 1, OBJECT),
    SLOT(PyTypeObject, tp_hash, 1, NUMBER),
    SLOT(PyTypeObject, tp_call, 3, OBJECT),
    SLOT(PyTypeObject, tp_str, 1, OBJECT),
    SLOT(PyTypeObject, tp_getattro, 2, OBJECT),
    SLOT(PyTypeObject, tp_setattro, 3, NUMBER),
    SLOT(PyTypeObject, tp_traverse, 3, NUMBER),
    SLOT(PyTypeObject, tp_clear, 1, NUMBER),
    SLOT(PyTypeObject, tp_richcompare, 3, OBJECT),
    SLOT(PyTypeObject, tp_iter, 1, OBJECT),
    SLOT(PyTypeObject, tp_iternext, 1, OBJECT),
    SLOT(PyTypeObject, tp_descr_get, 3, OBJECT),
    SLOT(PyTypeObject, tp_descr_set, 3, NUMBER),
    SLOT(PyTypeObject, tp_init, 3, NUMBER),
    SLOT(PyTypeObject, tp_alloc, 2, OBJECT),
    SLOT(PyTypeObject, tp_new, 3, OBJECT),
    SLOT(PyTypeObject, tp_free, 1, NOTHING),
    SLOT(PyTypeObject, tp_is_gc, 1, NUMBER),
    SLOT(PyTypeObject, tp_del, 1, NOTHING),
    SLOT(PyTypeObject, tp_finalize, 1, NOTHING),
    SLOT(PyTypeObject, tp_vectorcall, 4, OBJECT),
};

static const struct slot async_slots[] = {
    SLOT(PyAsyncMethods, am_await, 1, OBJECT),
    SLOT(PyAsyncMethods, am_aiter, 1, OBJECT),
    SLOT(PyAsyncMethods, am_anext, 1, OBJECT),
    SLOT(PyAsyncMethods, am_send, 3, NUMBER),
};

static const struct slot number_slots[] = {
    SLOT(PyNumberMethods, nb_add, 2, OBJECT),
    SLOT(PyNumberMethods, nb_subtract, 2, OBJECT),
    SLOT(PyNumberMethods, nb_multiply, 2, OBJECT),
    SLOT(PyNumberMethods, nb_remainder, 2, OBJECT),
    SLOT(PyNumberMethods, nb_divmod, 2, OBJECT),
    SLOT(PyNumberMethods, nb_power, 3, OBJECT),
    SLOT(PyNumberMethods, nb_negative, 1, OBJECT),
    SLOT(PyNumberMethods, nb_positive, 1, OBJECT),
    SLOT(PyNumberMethods, nb_absolute, 1, OBJECT),
    SLOT(PyNumberMethods, nb_bool, 1, NUMBER),
    SLOT(PyNumberMethods, nb_invert, 1, OBJECT),
    SLOT(PyNumberMethods, nb_lshift, 2, OBJECT),
    SLOT(PyNumberMethods, nb_rshift, 2, OBJECT),
    SLOT(PyNumberMethods, nb_and, 2, OBJECT),
    SLOT(PyNumberMethods, nb_xor, 2, OBJECT),
    SLOT(PyNumberMethods, nb_or, 2, OBJECT),
    SLOT(PyNumberMethods, nb_int, 1, OBJECT),
    SLOT(PyNumberMethods, nb_float, 1, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_add, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_subtract, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_multiply, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_remainder, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_power, 3, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_lshift, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_rshift, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_and, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_xor, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_or, 2, OBJECT),
    SLOT(PyNumberMethods, nb_floor_divide, 2, OBJECT),
    SLOT(PyNumberMethods, nb_true_divide, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_floor_divide, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_true_divide, 2, OBJECT),
    SLOT(PyNumberMethods, nb_index, 1, OBJECT),
    SLOT(PyNumberMethods, nb_matrix_multiply, 2, OBJECT),
    SLOT(PyNumberMethods, nb_inplace_matrix_multiply, 2, OBJECT),
};

static const struct slot sequence_slots[] = {
    SLOT(PySequenceMethods, sq_length, 1, NUMBER),
    SLOT(PySequenceMethods, sq_concat, 2, OBJECT),
    SLOT(PySequenceMethods, sq_repeat, 2, OBJECT),
    SLOT(PySequenceMethods, sq_item, 2, OBJECT),
    SLOT(PySequenceMethods, sq_ass_item, 3, NUMBER),
    SLOT(PySequenceMethods, sq_contains, 2, NUMBER),
    SLOT(PySequenceMethods, sq_inplace_concat, 2, OBJECT),
    SLOT(PySequenceMethods, sq_inplace_repeat, 2, OBJECT),
};

static const struct slot mapping_slots[] = {
    SLOT(PyMappingMethods, mp_length, 1, NUMBER),
    SLOT(PyMappingMethods, mp_subscript, 2, OBJECT),
    SLOT(PyMappingMethods, mp_ass_subscript, 3, NUMBER),
};

static const struct slot buffer_slots[] = {
    SLOT(PyBufferProcs, bf_getbuffer, 3, NUMBER),
    SLOT(PyBufferProcs, bf_releasebuffer, 2, NOTHING),
};

static const struct slot module_slots[] = {
    SLOT(PyModuleDef, m_traverse, 3, NUMBER),
    SLOT(PyModuleDef, m_clear, 1, NUMBER),
    SLOT(PyModuleDef, m_free, 1, NOTHING),
};

static const struct slot getset_slots[] = {
    SLOT(PyGetSetDef, get, 2, OBJECT),
    SLOT(PyGetSetDef, set, 3, NUMBER),
};

#define ADAPT_ALL(structure, slots) adapt_all((structure), (slots), Py_ARRAY_LENGTH(slots))

static void
raise_unsupported(void)
{
    PyErr_SetString(PyExc_SystemError,
                    "an extension module's function has parameters or a result that CPython never "
                    "passes (64-bit or floating-point); its C signature must be corrected");
}

static PyObject *
unsupported_object(void)
{
    raise_unsupported();
    return NULL;
}

static int
unsupported_number(void)
{
    raise_unsupported();
    return -1;
}

/* Returns a function that takes any call in place of one that no call can reach; NULL if there is
   no way to tell the caller of the error. */
static void *
unsupported(enum returns returns)
{
    switch (returns) {
    case OBJECT:
        return unsupported_object;
    case NUMBER:
        return unsupported_number;
    case NOTHING:
        break;
    }
    return NULL;
}

/* Returns `function` or a stand-in for it that can be called like this. */
static void *
adapt(void *function, int parameters, enum returns returns)
{
    int wanted = returns == NOTHING ? parameters + COIL_ARITY_VOID : parameters;
    int have = coil_function_arity(function);
    if (have == wanted || have == COIL_ARITY_UNKNOWN) {
        return function;
    }
    if (have == COIL_ARITY_OTHER) {
        void *other = unsupported(returns);
        return other ? coil_function_adapted(other, wanted) : function;
    }
    return coil_function_adapted(function, wanted);
}

static void
adapt_all(void *structure, const struct slot *slots, size_t count)
{
    if (!structure) {
        return;
    }
    for (const struct slot *slot = slots; slot < slots + count; slot++) {
        void **function = (void **)((char *)structure + slot->offset);
        if (*function) {
            *function = adapt(*function, slot->parameters, slot->returns);
        }
    }
}

/* Returns how many parameters CPython passes to a method with these flags, or 0 for flags that it
   refuses itself. */
static int
method_parameters(int flags)
{
    switch (flags
            & (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD)) {
    case METH_VARARGS:
    case METH_NOARGS:
    case METH_O:
        return 2;
    case METH_VARARGS | METH_KEYWORDS:
    case METH_FASTCALL:
        return 3;
    case METH_FASTCALL | METH_KEYWORDS:
        return 4;
    case METH_METHOD | METH_FASTCALL | METH_KEYWORDS:
        return 5;
    default:
        return 0;
    }
}

void
coil_adapt_method(PyMethodDef *method)
{
    int parameters = method_parameters(method->ml_flags);
    if (parameters && method->ml_meth) {
        method->ml_meth = adapt((void *)method->ml_meth, parameters, OBJECT);
    }
}

void
coil_adapt_getset(PyGetSetDef *getset)
{
    ADAPT_ALL(getset, getset_slots);
}

void
coil_adapt_type(PyTypeObject *type)
{
    ADAPT_ALL(type, type_slots);
    ADAPT_ALL(type->tp_as_async, async_slots);
    ADAPT_ALL(type->tp_as_number, number_slots);
    ADAPT_ALL(type->tp_as_sequence, sequence_slots);
    ADAPT_ALL(type->tp_as_mapping, mapping_slots);
    ADAPT_ALL(type->tp_as_buffer, buffer_slots);
}

void
coil_adapt_module(PyModuleDef *module)
{
    ADAPT_ALL(module, module_slots);
    for (PyModuleDef_Slot *slot = module->m_slots; slot && slot->slot; slot++) {
        if (slot->slot == Py_mod_exec) {
            slot->value = adapt(slot->value, 1, NUMBER);
        }
        else if (slot->slot == Py_mod_create) {
            slot->value = adapt(slot->value, 2, OBJECT);
        }
    }
}

PyCapsule_Destructor
coil_adapt_destructor(PyCapsule_Destructor destructor)
{
    return destructor ? adapt((void *)destructor, 1, NOTHING) : NULL;
}
