/* An extension module whose C functions do not have the signatures that CPython calls them with:
   one of each kind that native ABIs forgive. Everything returned says what was passed. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define MISMATCHED(function) ((PyCFunction)(void (*)(void))(function))
#define SLOT(function)       ((void *)(function))

static PyObject *callback;
static int destroyed;

/* Returns a new tuple of `count` addresses as integers, 0 for NULL. */
static PyObject *
passed(int count, void *first, void *second, void *third)
{
    void *all[] = {first, second, third};
    PyObject *result = PyTuple_New(count);
    for (int i = 0; result && i < count; i++) {
        PyTuple_SET_ITEM(result, i, PyLong_FromVoidPtr(all[i]));
    }
    return result;
}

/* --- functions and methods --- */

static PyObject *
nothing_taken(void)
{
    return PyUnicode_FromString("nothing taken");
}

static PyObject *
self_taken(PyObject *self)
{
    return PyUnicode_FromFormat("self: %s", Py_TYPE(self)->tp_name);
}

static PyObject *
three_taken(PyObject *self, void *second, void *third)
{
    return passed(2, second, third, NULL);
}

static PyObject *
args_taken(PyObject *self, PyObject *args)
{
    return Py_NewRef(args);
}

static PyObject *
keywords_taken(PyObject *self, PyObject *args, PyObject *keywords)
{
    return PyTuple_Pack(2, args, keywords ? keywords : Py_None);
}

static PyObject *
vector_taken(PyObject *self, PyObject *const *args)
{
    return Py_NewRef(args[0]);
}

static PyObject *
counted_taken(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return PyLong_FromSsize_t(count);
}

static PyObject *
names_taken(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    return PyTuple_Pack(2, args[0], names ? names : Py_None);
}

static PyObject *
class_taken(PyObject *self, PyTypeObject *class)
{
    return Py_NewRef((PyObject *)class);
}

static void
nothing_returned(PyObject *self, PyObject *unused)
{
}

static PyObject *
wide_taken(PyObject *self, long long unused)
{
    return PyUnicode_FromString("never reached");
}

static double
fraction_returned(PyObject *self, PyObject *unused)
{
    return 1.5;
}

static PyObject *
call_back(PyObject *self)
{
    return PyObject_CallNoArgs(callback);
}

static PyObject *
set_callback(PyObject *self, PyObject *callable)
{
    Py_XSETREF(callback, Py_NewRef(callable));
    Py_RETURN_NONE;
}

static PyObject *
count_destroyed(PyObject *self)
{
    return PyLong_FromLong(destroyed);
}

static int
destroy_capsule(PyObject *capsule)
{
    return ++destroyed;
}

static PyObject *
make_capsule(PyObject *self)
{
    return PyCapsule_New(&destroyed, "destroyed", (PyCapsule_Destructor)SLOT(destroy_capsule));
}

#define COMMON_METHODS \
    {"noargs_0", MISMATCHED(nothing_taken), METH_NOARGS, NULL}, \
        {"noargs_1", MISMATCHED(self_taken), METH_NOARGS, NULL}, \
        {"noargs_3", MISMATCHED(three_taken), METH_NOARGS, NULL}, \
        {"o_0", MISMATCHED(nothing_taken), METH_O, NULL}, \
        {"o_1", MISMATCHED(self_taken), METH_O, NULL}, \
        {"o_3", MISMATCHED(keywords_taken), METH_O, NULL}, \
        {"varargs_1", MISMATCHED(self_taken), METH_VARARGS, NULL}, \
        {"varargs_3", MISMATCHED(keywords_taken), METH_VARARGS, NULL}, \
        {"keywords_1", MISMATCHED(self_taken), METH_VARARGS | METH_KEYWORDS, NULL}, \
        {"keywords_2", MISMATCHED(args_taken), METH_VARARGS | METH_KEYWORDS, NULL}, \
        {"fastcall_2", MISMATCHED(vector_taken), METH_FASTCALL, NULL}, \
        {"fastcall_4", MISMATCHED(names_taken), METH_FASTCALL, NULL}, \
        {"fastcall_keywords_3", MISMATCHED(counted_taken), METH_FASTCALL | METH_KEYWORDS, NULL}, \
        {"void", MISMATCHED(nothing_returned), METH_NOARGS, NULL}, \
        {"wide", MISMATCHED(wide_taken), METH_NOARGS, NULL}, \
    { \
        "fraction", MISMATCHED(fraction_returned), METH_O, NULL \
    }

static PyMethodDef functions[] = {
    COMMON_METHODS,
    {"call_back", MISMATCHED(call_back), METH_NOARGS, NULL},
    {"set_callback", set_callback, METH_O, NULL},
    {"count_destroyed", MISMATCHED(count_destroyed), METH_NOARGS, NULL},
    {"make_capsule", MISMATCHED(make_capsule), METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef methods[] = {
    COMMON_METHODS,
    {"class_1", MISMATCHED(self_taken), METH_CLASS | METH_NOARGS, NULL},
    {"static_1", MISMATCHED(nothing_taken), METH_STATIC | METH_O, NULL},
    {"defining_class", MISMATCHED(class_taken), METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

/* --- slots --- */

typedef struct {
    PyObject_HEAD
    int value;
} Odd;

static PyObject *
get_value(Odd *self)
{
    return PyLong_FromLong(self->value);
}

static int
set_value(Odd *self, PyObject *value)
{
    self->value = (int)PyLong_AsLong(value);
    return 0;
}

static void
set_silently(Odd *self, PyObject *value)
{
    self->value = -(int)PyLong_AsLong(value);
}

static PyGetSetDef getset[] = {
    {"value", SLOT(get_value), SLOT(set_value), NULL, NULL},
    {"negated", SLOT(get_value), SLOT(set_silently), NULL, NULL},
    {"constant", SLOT(nothing_taken), NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static int
deallocate(PyObject *self)
{
    Py_TYPE(self)->tp_free(self);
    return ++destroyed;
}

static int
deallocate_heap(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    deallocate(self);
    Py_DECREF(type);
    return 0;
}

static int
release_memory(void *memory)
{
    PyObject_Free(memory);
    return 0;
}

static void
initialise(Odd *self)
{
    self->value = 7;
}

static PyObject *
represent(PyObject *self, void *unused)
{
    return PyUnicode_FromFormat("<Odd, and %d>", unused != NULL);
}

static PyObject *
compare(PyObject *self, PyObject *other)
{
    return PyBool_FromLong(self == other);
}

static PyObject *
call(PyObject *self, PyObject *args)
{
    return Py_NewRef(args);
}

static PyObject *
iterate(PyObject *self, void *unused)
{
    return PyObject_GetIter(Py_TYPE(self)->tp_dict);
}

static PyObject *
negate(Odd *self, void *unused)
{
    return PyLong_FromLong(-self->value);
}

static PyObject *
add(PyObject *left)
{
    return PyUnicode_FromString("added");
}

static PyObject *
power(PyObject *base, PyObject *exponent)
{
    return PyUnicode_FromString("raised");
}

static Py_ssize_t
length(Odd *self, void *unused)
{
    return self->value;
}

static PyObject *
item(PyObject *self, PyObject *key, void *unused)
{
    return Py_NewRef(key);
}

static int
export_buffer(PyObject *self, Py_buffer *view)
{
    static char bytes[] = "exported";
    return PyBuffer_FillInfo(view, self, bytes, 8, 1, PyBUF_SIMPLE);
}

static int
release_buffer(PyObject *self)
{
    return ++destroyed;
}

static PyType_Slot slots[] = {
    {Py_tp_new, SLOT(PyType_GenericNew)},
    {Py_tp_dealloc, SLOT(deallocate_heap)},
    {Py_tp_free, SLOT(release_memory)},
    {Py_tp_init, SLOT(initialise)},
    {Py_tp_repr, SLOT(represent)},
    {Py_tp_richcompare, SLOT(compare)},
    {Py_tp_call, SLOT(call)},
    {Py_tp_iter, SLOT(iterate)},
    {Py_nb_negative, SLOT(negate)},
    {Py_nb_add, SLOT(add)},
    {Py_nb_power, SLOT(power)},
    {Py_mp_length, SLOT(length)},
    {Py_mp_subscript, SLOT(item)},
    {Py_bf_getbuffer, SLOT(export_buffer)},
    {Py_bf_releasebuffer, SLOT(release_buffer)},
    {Py_tp_methods, methods},
    {Py_tp_getset, getset},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "_coil_signatures.HeapOdd",
    .basicsize = sizeof(Odd),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

static PyNumberMethods as_number = {
    .nb_negative = SLOT(negate),
    .nb_add = SLOT(add),
    .nb_power = SLOT(power),
};
static PyMappingMethods as_mapping = {.mp_length = SLOT(length), .mp_subscript = SLOT(item)};
static PyBufferProcs as_buffer = {
    .bf_getbuffer = SLOT(export_buffer),
    .bf_releasebuffer = SLOT(release_buffer),
};

static PyTypeObject static_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_coil_signatures.StaticOdd",
    .tp_basicsize = sizeof(Odd),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = SLOT(deallocate),
    .tp_free = SLOT(release_memory),
    .tp_init = SLOT(initialise),
    .tp_repr = SLOT(represent),
    .tp_richcompare = SLOT(compare),
    .tp_call = SLOT(call),
    .tp_iter = SLOT(iterate),
    .tp_as_number = &as_number,
    .tp_as_mapping = &as_mapping,
    .tp_as_buffer = &as_buffer,
    .tp_methods = methods,
    .tp_getset = getset,
};

/* --- the module --- */

static PyObject *module;

static void
execute(PyObject *executed)
{
    module = executed;
    PyModule_AddObjectRef(module, "StaticOdd", (PyObject *)&static_type);
    PyModule_Add(module, "HeapOdd", PyType_FromSpec(&spec));
}

static int
execute_types(void)
{
    return PyType_Ready(&static_type);
}

static int
free_module(void)
{
    return ++destroyed;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, SLOT(execute_types)},
    {Py_mod_exec, SLOT(execute)},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_coil_signatures",
    .m_methods = functions,
    .m_slots = module_slots,
    .m_free = SLOT(free_module),
};

PyMODINIT_FUNC
PyInit__coil_signatures(void)
{
    return PyModuleDef_Init(&definition);
}
