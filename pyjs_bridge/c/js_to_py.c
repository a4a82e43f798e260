/* JavaScript's values become Python's, by the implicit rules (api.md 4.6). */

#include "convert.h"
#include "errors.h"
#include "js_bigint.h"
#include "js_null.h"
#include "js_proxy.h"
#include "js_proxy_promise.h"

#include <math.h>

/* 2**53 - 1: the largest number below which every integer is exact. */
#define MAX_SAFE_INTEGER 9007199254740991.0

static PyObject *
number_from(double value)
{
    if (value == floor(value) && fabs(value) <= MAX_SAFE_INTEGER
        && !(value == 0 && signbit(value))) {
        return PyLong_FromLongLong((long long)value);
    }
    return PyFloat_FromDouble(value);
}

static PyObject *
ascii_from(const char *data, Py_ssize_t length)
{
    if (length == 1) {
        return PyUnicode_FromOrdinal(*data);
    }
    PyObject *text = PyUnicode_New(length, 127);
    if (text && length) {
        memcpy(PyUnicode_1BYTE_DATA(text), data, (size_t)length);
    }
    return text;
}

PyObject *
bridge_text_from_slot(const bridge_slot *slot)
{
    const void *data = slot->text.data;
    Py_ssize_t length = (Py_ssize_t)slot->extra;
    int byte_order = -1;
    switch (slot->text.encoding) {
    case BRIDGE_ENCODING_ASCII:
        return ascii_from(data, length);
    case BRIDGE_ENCODING_LATIN1:
        return PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, data, length);
    case BRIDGE_ENCODING_UTF16:
        /* Not PyUnicode_FromKindAndData: pairs of surrogates become one character, lone ones stay.
         */
        return PyUnicode_DecodeUTF16(data, length * 2, "surrogatepass", &byte_order);
    case BRIDGE_ENCODING_UCS4:
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, data, length);
    default:
        return PyUnicode_DecodeUTF8(data, length, "strict");
    }
}

static PyObject *
bigint_from(const bridge_slot *slot)
{
    PyObject *digits = bridge_text_from_slot(slot);
    if (!digits) {
        return NULL;
    }
    /* Sixteen as the base: no limit on the number of digits, and linear time. */
    PyObject *value = PyLong_FromUnicodeObject(digits, 16);
    Py_DECREF(digits);
    if (!value) {
        return NULL;
    }
    PyObject *result = js_bigint_from_int(value);
    Py_DECREF(value);
    return result;
}

static PyObject *
object_from(bridge_slot *slot)
{
    switch (slot->kind) {
    case BRIDGE_KIND_BIGINT:
        return bigint_from(slot);
    case BRIDGE_KIND_JSREF:
        return js_proxy_new(slot->ref, slot->extra);
    case BRIDGE_KIND_PYREF:
        return Py_NewRef(slot->object);
    case BRIDGE_KIND_PYNEW:
        return slot->object;
    case BRIDGE_KIND_JSERROR:
    case BRIDGE_KIND_PYERROR:
    case BRIDGE_KIND_RAISE:
        bridge_raise_slot(slot);
        return NULL;
    default:
        PyErr_Format(bridge_internal_error, "a value of the unknown kind %u", slot->kind);
        return NULL;
    }
}

PyObject *
bridge_from_slot(bridge_slot *slot)
{
    switch (slot->kind) {
    case BRIDGE_KIND_NONE:
        Py_RETURN_NONE;
    case BRIDGE_KIND_NULL:
        return Py_NewRef(&bridge_js_null);
    case BRIDGE_KIND_FALSE:
        Py_RETURN_FALSE;
    case BRIDGE_KIND_TRUE:
        Py_RETURN_TRUE;
    case BRIDGE_KIND_INT:
        return PyLong_FromLong(slot->integer);
    case BRIDGE_KIND_DOUBLE:
        return number_from(slot->number);
    case BRIDGE_KIND_STRING:
        return bridge_text_from_slot(slot);
    default:
        return object_from(slot);
    }
}

PyObject *
bridge_from_call_slot(bridge_slot *slot)
{
    PyObject *result = bridge_from_slot(slot);
    if (!result || slot->kind != BRIDGE_KIND_JSREF || !(slot->extra & BRIDGE_JS_FLAG_THENABLE)) {
        return result;
    }
    PyObject *future = js_promise_result(result);
    Py_DECREF(result);
    return future;
}

void
bridge_clear_slots(bridge_slot *slots, int count)
{
    for (int i = 0; i < count; i++) {
        if (slots[i].kind == BRIDGE_KIND_JSREF || slots[i].kind == BRIDGE_KIND_JSERROR) {
            bridge_js_release(slots[i].ref);
        }
        else if (slots[i].kind == BRIDGE_KIND_PYNEW) {
            Py_DECREF(slots[i].object);
        }
        else if (slots[i].kind == BRIDGE_KIND_INTEGERS) {
            i += bridge_packed_slots(slots[i].extra);
            continue;
        }
        slots[i].kind = BRIDGE_KIND_NONE;
    }
}
