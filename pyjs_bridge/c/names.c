#include "names.h"

#include "convert.h"

#include <stdbool.h>

/* str -> int. The numbers are JavaScript's; the strings live as long as it keeps theirs. */
static PyObject *numbers;

/* Python's keywords and what looks like one: they take an underscore as names of properties. */
static PyObject *keywords;

static bool
ends_with_underscore(PyObject *name)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    return length && PyUnicode_READ_CHAR(name, length - 1) == '_';
}

/* Whether `name` without its trailing underscores is a keyword; -1 with an exception set. */
static int
has_keyword(PyObject *name)
{
    Py_ssize_t end = PyUnicode_GET_LENGTH(name);
    while (end > 0 && PyUnicode_READ_CHAR(name, end - 1) == '_') {
        end--;
    }
    PyObject *stem = PyUnicode_Substring(name, 0, end);
    int result = stem ? PySequence_Contains(keywords, stem) : -1;
    Py_XDECREF(stem);
    return result;
}

PyObject *
bridge_name_spelled(PyObject *name)
{
    int escaped = ends_with_underscore(name) ? has_keyword(name) : 0;
    if (escaped < 0) {
        return NULL;
    }
    return escaped ? PyUnicode_Substring(name, 0, PyUnicode_GET_LENGTH(name) - 1) : Py_NewRef(name);
}

PyObject *
bridge_name_attribute(PyObject *name)
{
    int found = has_keyword(name);
    if (found < 0) {
        return NULL;
    }
    return found ? PyUnicode_FromFormat("%U_", name) : Py_NewRef(name);
}

static int
ask_number(PyObject *name, int keep)
{
    bridge_slot slot;
    PyObject *spelling = bridge_name_spelled(name);
    if (!spelling) {
        return -1;
    }
    bridge_text_to_slot(spelling, &slot);
    int number = bridge_js_name(&slot, keep);
    Py_DECREF(spelling);
    return number;
}

/* Returns the number of a name, or -1 with an exception set. */
static int
find_number(PyObject *name)
{
    PyObject *known = PyDict_GetItemWithError(numbers, name);
    if (known) {
        return (int)PyLong_AsLong(known);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    /* A name that no code mentions may be one of millions. */
    int keep = PyUnicode_CHECK_INTERNED(name) != 0;
    int number = ask_number(name, keep);
    if (number < 0 || !keep) {
        return number;
    }
    PyObject *boxed = PyLong_FromLong(number);
    int failed = !boxed || PyDict_SetItem(numbers, name, boxed) < 0;
    Py_XDECREF(boxed);
    return failed ? -1 : number;
}

/* The names that were asked for last, by their address: they are interned, so that the key in
   `numbers` is the same object and keeps it alive. */
#define RECENT 256
static struct {
    PyObject *name;
    int number;
} recent[RECENT];

int
bridge_name_number(PyObject *name)
{
    size_t at = ((uintptr_t)name >> 4) % RECENT;
    if (recent[at].name == name) {
        return recent[at].number;
    }
    int number = find_number(name);
    if (number > 0 && PyUnicode_CHECK_INTERNED(name)) {
        recent[at].name = name;
        recent[at].number = number;
    }
    return number;
}

void
bridge_py_forget_names(void)
{
    memset(recent, 0, sizeof(recent));
    PyDict_Clear(numbers);
}

int
bridge_names_init(void)
{
    numbers = PyDict_New();
    PyObject *module = PyImport_ImportModule("keyword");
    PyObject *list = module ? PyObject_GetAttrString(module, "kwlist") : NULL;
    keywords = list ? PyFrozenSet_New(list) : NULL;
    Py_XDECREF(list);
    Py_XDECREF(module);
    return numbers && keywords ? 0 : -1;
}
