/* Arithmetic is int's own. Its result is a JsBigInt when the left operand was one, so that what
   JavaScript gave as a BigInt goes back as a BigInt; division and comparison are left to int. */
#include "js_bigint.h"

PyObject *
js_bigint_from_int(PyObject *value)
{
    return PyObject_CallOneArg((PyObject *)&JsBigInt_Type, value);
}

/* Steals `result`, which may be NULL or NotImplemented. Returns a new reference or NULL with an
   exception set. */
static PyObject *
wrapped(PyObject *left, PyObject *result)
{
    if (!result || !PyLong_Check(result) || !js_bigint_check(left)) {
        return result; /* a power may be a fraction */
    }
    PyObject *bigint = js_bigint_from_int(result);
    Py_DECREF(result);
    return bigint;
}

#define BINARY(name, slot) \
    static PyObject *name(PyObject *left, PyObject *right) \
    { \
        return wrapped(left, PyLong_Type.tp_as_number->slot(left, right)); \
    }

#define UNARY(name, slot) \
    static PyObject *name(PyObject *self) \
    { \
        return wrapped(self, PyLong_Type.tp_as_number->slot(self)); \
    }

BINARY(bigint_add, nb_add)
BINARY(bigint_subtract, nb_subtract)
BINARY(bigint_multiply, nb_multiply)
BINARY(bigint_remainder, nb_remainder)
BINARY(bigint_floor_divide, nb_floor_divide)
BINARY(bigint_lshift, nb_lshift)
BINARY(bigint_rshift, nb_rshift)
BINARY(bigint_and, nb_and)
BINARY(bigint_or, nb_or)
BINARY(bigint_xor, nb_xor)
UNARY(bigint_negative, nb_negative)
UNARY(bigint_positive, nb_positive)
UNARY(bigint_absolute, nb_absolute)
UNARY(bigint_invert, nb_invert)

static PyObject *
bigint_power(PyObject *left, PyObject *right, PyObject *modulus)
{
    return wrapped(left, PyLong_Type.tp_as_number->nb_power(left, right, modulus));
}

static PyNumberMethods bigint_number = {
    .nb_add = bigint_add,
    .nb_subtract = bigint_subtract,
    .nb_multiply = bigint_multiply,
    .nb_remainder = bigint_remainder,
    .nb_power = bigint_power,
    .nb_floor_divide = bigint_floor_divide,
    .nb_lshift = bigint_lshift,
    .nb_rshift = bigint_rshift,
    .nb_and = bigint_and,
    .nb_or = bigint_or,
    .nb_xor = bigint_xor,
    .nb_negative = bigint_negative,
    .nb_positive = bigint_positive,
    .nb_absolute = bigint_absolute,
    .nb_invert = bigint_invert,
};

PyDoc_STRVAR(bigint_doc, "JsBigInt(int): an int that JavaScript sees as a BigInt of any size.");

PyTypeObject JsBigInt_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsBigInt",
    .tp_as_number = &bigint_number,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = bigint_doc,
};

int
js_bigint_init(PyObject *module)
{
    JsBigInt_Type.tp_base = &PyLong_Type;
    return PyModule_AddType(module, &JsBigInt_Type);
}
