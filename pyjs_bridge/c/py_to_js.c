/* Python's values become JavaScript's, by the implicit rules (api.md 4.5). */

#define Py_BUILD_CORE
#include "convert.h"
#include "errors.h"
#include "js_bigint.h"
#include "js_null.h"
#include "js_proxy.h"
#include "py_proxy.h"

#include <internal/pycore_long.h>

_Static_assert(sizeof(bridge_slot) == 16, "js/slots.ts takes a slot to have 16 bytes");

#define MAX_SAFE_INTEGER 9007199254740991LL

/* The last result of an export, while JavaScript reads the characters that its slot points to. */
static PyObject *kept;

void
bridge_text_to_slot(PyObject *text, bridge_slot *slot)
{
    static const uint32_t encodings[] = {
        [PyUnicode_1BYTE_KIND] = BRIDGE_ENCODING_LATIN1,
        [PyUnicode_2BYTE_KIND] = BRIDGE_ENCODING_UTF16,
        [PyUnicode_4BYTE_KIND] = BRIDGE_ENCODING_UCS4,
    };
    slot->kind = BRIDGE_KIND_STRING;
    slot->extra = (uint32_t)PyUnicode_GET_LENGTH(text);
    slot->text.data = PyUnicode_DATA(text);
    slot->text.encoding = PyUnicode_IS_ASCII(text) ? BRIDGE_ENCODING_ASCII
                                                   : encodings[PyUnicode_KIND(text)];
}

/* An integer that no number holds: its hexadecimal digits, which JavaScript reads and releases. */
static int
bigint_to_slot(PyObject *value, bridge_slot *slot)
{
    PyObject *digits = _PyLong_Format(value, 16);
    if (!digits) {
        return -1;
    }
    bridge_text_to_slot(digits, slot);
    slot->kind = BRIDGE_KIND_BIGINT;
    slot->text.owner = digits;
    return 0;
}

static int
int_to_slot(PyObject *value, bridge_slot *slot)
{
    if (_PyLong_IsCompact((PyLongObject *)value) && !js_bigint_check(value)) {
        slot->kind = BRIDGE_KIND_INT;
        slot->integer = (int32_t)_PyLong_CompactValue((PyLongObject *)value);
        return 0;
    }
    int overflow;
    long long wide = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow || wide > MAX_SAFE_INTEGER || wide < -MAX_SAFE_INTEGER || js_bigint_check(value)) {
        return bigint_to_slot(value, slot);
    }
    slot->kind = BRIDGE_KIND_DOUBLE;
    slot->number = (double)wide;
    return 0;
}

static int
object_to_slot(PyObject *value, bridge_slot *slot)
{
    int32_t ref = js_proxy_ref(value);
    if (ref) {
        slot->kind = BRIDGE_KIND_JSREF;
        slot->ref = ref;
        return 0;
    }
    if (value == &bridge_js_null) {
        slot->kind = BRIDGE_KIND_NULL;
        return 0;
    }
    slot->kind = BRIDGE_KIND_PYREF;
    slot->extra = py_proxy_flags(value);
    slot->object = Py_NewRef(value);
    return 0;
}

static inline int
to_slot(PyObject *value, bridge_slot *slot)
{
    if (value == Py_None) {
        slot->kind = BRIDGE_KIND_NONE;
    }
    else if (PyLong_Check(value) && !PyBool_Check(value)) {
        return int_to_slot(value, slot);
    }
    else if (PyUnicode_Check(value)) {
        bridge_text_to_slot(value, slot);
    }
    else if (PyBool_Check(value)) {
        slot->kind = value == Py_True ? BRIDGE_KIND_TRUE : BRIDGE_KIND_FALSE;
    }
    else if (PyFloat_Check(value)) {
        slot->kind = BRIDGE_KIND_DOUBLE;
        slot->number = PyFloat_AS_DOUBLE(value);
    }
    else {
        return object_to_slot(value, slot);
    }
    return 0;
}

int
bridge_to_slot(PyObject *value, bridge_slot *slot)
{
    return to_slot(value, slot);
}

void
bridge_forget_result(void)
{
    Py_CLEAR(kept);
}

int
bridge_result_to_slot(PyObject *value, bridge_slot *slot)
{
    if (!value || to_slot(value, slot) < 0) {
        Py_XDECREF(value);
        return bridge_error_to_slot(slot);
    }
    if (slot->kind == BRIDGE_KIND_STRING || slot->kind == BRIDGE_KIND_JSREF) {
        /* The handle of a result is borrowed from the proxy as the characters are from the str. */
        Py_XSETREF(kept, value);
    }
    else {
        Py_DECREF(value);
    }
    return (int)slot->kind;
}
