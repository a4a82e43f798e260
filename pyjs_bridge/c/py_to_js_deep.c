/* to_js(): writes a graph of Python objects on a tape. Nothing of JavaScript is called meanwhile:
   converters are asked when the tape is read (js/py_to_js_deep.ts), so that one crossing does for
   any number of elements. */
#define Py_BUILD_CORE
#include "convert.h"
#include "depth.h"
#include "errors.h"
#include "js_null.h"
#include "js_proxy.h"
#include "py_proxy.h"
#include "tape.h"

#include <internal/pycore_hashtable.h>
#include <internal/pycore_setobject.h>
#include <stdbool.h>

struct walk {
    bridge_tape *tape;
    int how;               /* BRIDGE_FLATTEN_* */
    _Py_hashtable_t *seen; /* mark of an object -> its number + 1 */
    uintptr_t next_number;
};

static int write_value(struct walk *walk, PyObject *value, int depth);

/* --- scalars --- */

static bool
is_scalar(PyObject *value)
{
    return value == Py_None || value == &bridge_js_null || PyLong_Check(value)
           || PyUnicode_Check(value) || PyFloat_Check(value) || js_proxy_ref(value);
}

/* Returns 0, or -1 with an exception set. */
static int
write_scalar(struct walk *walk, PyObject *value)
{
    bridge_slot *slot = tape_next(walk->tape);
    if (!slot || bridge_to_slot(value, slot) < 0) {
        return -1;
    }
    switch (slot->kind) {
    case BRIDGE_KIND_STRING:
    case BRIDGE_KIND_JSREF:
        return tape_keep(walk->tape, Py_NewRef(value));
    case BRIDGE_KIND_BIGINT:
        return tape_keep(walk->tape, slot->text.owner);
    default:
        return 0;
    }
}

/* --- identity --- */

/* An object that is cut at some depth is another one than the same object where it is converted;
   addresses leave the lowest bit free. */
static void *
mark_of(PyObject *object, bool converted)
{
    return (void *)((uintptr_t)object | (converted ? 0 : 1));
}

/* Returns 1 when the object was written before, and refers to that; 0 after giving it a number; -1
   with an exception set. */
static int
write_seen(struct walk *walk, PyObject *object, bool converted)
{
    void *mark = mark_of(object, converted);
    uintptr_t number = (uintptr_t)_Py_hashtable_get(walk->seen, mark);
    if (number) {
        bridge_slot *slot = tape_next(walk->tape);
        if (!slot) {
            return -1;
        }
        slot->kind = BRIDGE_KIND_SEEN;
        slot->extra = (uint32_t)number - 1;
        slot->object = object;
        return 1;
    }
    if (_Py_hashtable_set(walk->seen, mark, (void *)++walk->next_number) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    return tape_keep(walk->tape, Py_NewRef(object));
}

/* --- what has no conversion --- */

static int
refuse(PyObject *object)
{
    PyErr_Format(bridge_conversion_error,
                 "no conversion to JavaScript for a value of type %.100s; allow proxies with "
                 "create_pyproxies, or pass a default_converter",
                 Py_TYPE(object)->tp_name);
    return -1;
}

static int
write_object(struct walk *walk, PyObject *object, int depth, uint32_t kind)
{
    if (kind == BRIDGE_KIND_OBJECT
        && !(walk->how & (BRIDGE_FLATTEN_PROXIES | BRIDGE_FLATTEN_CONVERTER))) {
        return refuse(object);
    }
    int seen = write_seen(walk, object, false);
    bridge_slot *slot = seen ? NULL : tape_next(walk->tape);
    if (!slot) {
        return seen > 0 ? 0 : -1;
    }
    slot->kind = kind;
    slot->extra = py_proxy_flags(object);
    slot->text.data = object;
    slot->text.encoding = (uint32_t)depth;
    return 0;
}

/* --- containers --- */

/* Whether objects may be met again on another tape of the same conversion. */
static bool
has_converter(struct walk *walk)
{
    return walk->how & (BRIDGE_FLATTEN_CONVERTER | BRIDGE_FLATTEN_EAGER);
}

/* Begins a container. Returns the index of its slot, or -1 with an exception set. */
static Py_ssize_t
begin(struct walk *walk, uint32_t kind, PyObject *container)
{
    bridge_slot *slot = tape_next(walk->tape);
    if (!slot) {
        return -1;
    }
    *slot = (bridge_slot){.kind = kind};
    Py_ssize_t at = slot - walk->tape->slots;
    if (has_converter(walk)) {
        slot = tape_next(walk->tape);
        if (!slot) {
            return -1;
        }
        *slot = (bridge_slot){.kind = BRIDGE_KIND_PLACE, .text.data = container};
    }
    return at;
}

static void
end(struct walk *walk, Py_ssize_t at, Py_ssize_t count)
{
    bridge_slot *slots = walk->tape->slots;
    slots[at].extra = (uint32_t)count;
    if (has_converter(walk)) {
        slots[at + 1].extra = (uint32_t)walk->next_number;
        slots[at + 1].text.encoding = (uint32_t)walk->tape->count;
    }
}

static int
write_item(struct walk *walk, PyObject *item, int depth)
{
    Py_INCREF(item);
    int failed = write_value(walk, item, depth);
    Py_DECREF(item);
    return failed;
}

/* The size is asked each time: the code of a buffer may have changed the list. */
static int
write_list(struct walk *walk, PyObject *list, int depth)
{
    Py_ssize_t at = begin(walk, BRIDGE_KIND_LIST, list);
    Py_ssize_t i = 0;
    for (; at >= 0 && i < PySequence_Fast_GET_SIZE(list); i++) {
        if (write_item(walk, PySequence_Fast_GET_ITEM(list, i), depth) < 0) {
            return -1;
        }
    }
    if (at < 0) {
        return -1;
    }
    end(walk, at, i);
    return 0;
}

static int
write_key(struct walk *walk, PyObject *key, const char *what)
{
    if (!is_scalar(key)) {
        PyErr_Format(bridge_conversion_error,
                     "%R cannot be %s in JavaScript: only str, int, float, bool, None and "
                     "JavaScript objects can",
                     key,
                     what);
        return -1;
    }
    return write_scalar(walk, key);
}

static int
write_dict(struct walk *walk, PyObject *dict, int depth)
{
    Py_ssize_t at = begin(walk, BRIDGE_KIND_DICT, dict);
    Py_ssize_t position = 0;
    Py_ssize_t count = 0;
    PyObject *key;
    PyObject *value;
    while (at >= 0 && PyDict_Next(dict, &position, &key, &value)) {
        Py_INCREF(value);
        int failed = write_key(walk, key, "a key") < 0 || write_value(walk, value, depth) < 0;
        Py_DECREF(value);
        if (failed) {
            return -1;
        }
        if (!PyUnicode_CheckExact(key)) {
            walk->tape->slots[at].integer = 1;
        }
        count++;
    }
    if (at < 0) {
        return -1;
    }
    end(walk, at, count);
    return 0;
}

static int
write_set(struct walk *walk, PyObject *set)
{
    Py_ssize_t at = begin(walk, BRIDGE_KIND_SET, set);
    Py_ssize_t position = 0;
    Py_ssize_t count = 0;
    PyObject *item;
    Py_hash_t hash;
    while (at >= 0 && _PySet_NextEntry(set, &position, &item, &hash)) {
        if (write_key(walk, item, "an item of a Set") < 0) {
            return -1;
        }
        count++;
    }
    if (at < 0) {
        return -1;
    }
    end(walk, at, count);
    return 0;
}

static bool
is_container(PyObject *value)
{
    return PyList_Check(value) || PyTuple_Check(value) || PyDict_Check(value) || PySet_Check(value);
}

static int
write_container(struct walk *walk, PyObject *value, int depth)
{
    if (bridge_enter(" while converting to JavaScript")) {
        return -1;
    }
    int failed;
    if (PyDict_Check(value)) {
        failed = write_dict(walk, value, depth - 1);
    }
    else if (PySet_Check(value)) {
        failed = write_set(walk, value);
    }
    else {
        failed = write_list(walk, value, depth - 1);
    }
    bridge_leave();
    return failed;
}

/* Returns 0, or -1 with an exception set. */
static int
write_buffer(struct walk *walk, PyObject *value, int depth)
{
    int written = write_seen(walk, value, true);
    if (written == 0) {
        written = tape_write_buffer(walk->tape, value);
    }
    if (written != 0) {
        return written > 0 ? 0 : -1;
    }
    (void)_Py_hashtable_steal(walk->seen, mark_of(value, true));
    walk->next_number--;
    return write_object(walk, value, depth, BRIDGE_KIND_OBJECT);
}

static int
write_structure(struct walk *walk, PyObject *value, int depth)
{
    if (depth != 0 && is_container(value)) {
        int seen = write_seen(walk, value, true);
        if (seen) {
            return seen > 0 ? 0 : -1;
        }
        return write_container(walk, value, depth);
    }
    if (depth != 0 && PyObject_CheckBuffer(value)) {
        return write_buffer(walk, value, depth);
    }
    return write_object(walk, value, depth, BRIDGE_KIND_OBJECT);
}

static int
write_value(struct walk *walk, PyObject *value, int depth)
{
    if (is_scalar(value)) {
        return write_scalar(walk, value);
    }
    if (walk->how & BRIDGE_FLATTEN_EAGER) {
        if (!(walk->how & BRIDGE_FLATTEN_SKIP_FIRST)) {
            return write_object(walk, value, depth, BRIDGE_KIND_EAGER);
        }
        walk->how &= ~BRIDGE_FLATTEN_SKIP_FIRST;
    }
    return write_structure(walk, value, depth);
}

/* --- the export --- */

static bridge_tape *
flatten(PyObject *object, int depth, int how)
{
    struct walk walk = {.tape = tape_new(), .how = how};
    walk.seen = _Py_hashtable_new(_Py_hashtable_hash_ptr, _Py_hashtable_compare_direct);
    if (walk.tape && !walk.seen) {
        PyErr_NoMemory();
    }
    bool failed = !walk.tape || !walk.seen || write_value(&walk, object, depth) < 0;
    if (walk.seen) {
        _Py_hashtable_destroy(walk.seen);
    }
    if (failed && walk.tape) {
        tape_free(walk.tape);
    }
    return failed ? NULL : walk.tape;
}

bridge_tape *
bridge_py_flatten(PyObject *object, int depth, int how, bridge_slot *slots)
{
    Py_INCREF(object); /* JavaScript may destroy the proxy while a converter runs */
    bridge_tape *tape = flatten(object, depth, how);
    Py_DECREF(object);
    if (!tape) {
        bridge_error_to_slot(slots);
    }
    return tape;
}

void
bridge_py_free_tape(bridge_tape *tape)
{
    tape_free(tape);
}
