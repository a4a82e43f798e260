/* Arrays, and what has items by number: typed arrays, lists of nodes. */
#include "convert.h"
#include "js_proxy_kinds.h"
#include "js_to_py_deep.h"

#include <stdbool.h>

/* JavaScript takes this for the end of any array. */
#define END INT32_MAX

/* Values that cross at once; longer lists cross in parts. */
#define PART 62

/* --- reading --- */

static bridge_slot
view_flag(PyObject *self)
{
    bool is_view = ((JsProxy *)self)->flags & BRIDGE_JS_FLAG_JSON_VIEW;
    return (bridge_slot){.kind = is_view ? BRIDGE_KIND_TRUE : BRIDGE_KIND_FALSE};
}

static int
no_such_index(void)
{
    PyErr_SetString(PyExc_IndexError, "JavaScript array index out of range");
    return -1;
}

PyObject *
js_array_item(PyObject *self, Py_ssize_t index)
{
    JsProxy *proxy = (JsProxy *)self;
    bridge_slot slot;
    int is_view = (proxy->flags & BRIDGE_JS_FLAG_JSON_VIEW) != 0;
    if (bridge_js_item(proxy->ref, (int)index, is_view, &slot) == BRIDGE_KIND_MISSING) {
        no_such_index();
        return NULL;
    }
    return bridge_from_slot(&slot);
}

/* Returns the index that `key` is, or -1 with an exception set, as is possible for an index -1. */
static Py_ssize_t
index_of(PyObject *key)
{
    if (!PyIndex_Check(key)) {
        PyErr_Format(PyExc_TypeError,
                     "indices of JavaScript arrays must be integers or slices, not %.100s",
                     Py_TYPE(key)->tp_name);
        return -1;
    }
    return PyNumber_AsSsize_t(key, PyExc_IndexError);
}

typedef struct {
    Py_ssize_t start;
    Py_ssize_t step;
    Py_ssize_t count;
} range;

/* Returns 0, or -1 with an exception set. */
static int
range_of(PyObject *self, PyObject *slice, range *range)
{
    Py_ssize_t stop;
    if (PySlice_Unpack(slice, &range->start, &stop, &range->step) < 0) {
        return -1;
    }
    Py_ssize_t length = js_length(self);
    if (length < 0) {
        return -1;
    }
    range->count = PySlice_AdjustIndices(length, &range->start, &stop, range->step);
    return 0;
}

static PyObject *
get_slice(PyObject *self, PyObject *slice)
{
    range range;
    if (range_of(self, slice, &range) < 0) {
        return NULL;
    }
    bridge_slot slots[4] = {
        js_integer((int32_t)range.start),
        js_integer((int32_t)range.step),
        js_integer((int32_t)range.count),
        view_flag(self),
    };
    return js_proxy_operate(self, BRIDGE_JS_OP_ARRAY_SLICE, slots, 4);
}

PyObject *
js_array_subscript(PyObject *self, PyObject *key)
{
    if (PySlice_Check(key)) {
        return get_slice(self, key);
    }
    Py_ssize_t index = index_of(key);
    return index == -1 && PyErr_Occurred() ? NULL : js_array_item(self, index);
}

/* Returns the items as Python compares them in a new list, or NULL with an exception set. */
static PyObject *
items_of(PyObject *self)
{
    PyObject *items = js_to_py_items(self);
    if (!items || PyList_CheckExact(items)) {
        return items;
    }
    PyObject *list = PySequence_List(items);
    Py_DECREF(items);
    return list;
}

static int
array_contains(PyObject *self, PyObject *value)
{
    PyObject *items = items_of(self);
    int found = items ? PySequence_Contains(items, value) : -1;
    Py_XDECREF(items);
    return found;
}

/* Returns what the method of a list of the items says, or NULL with an exception set. */
static PyObject *
ask_list(PyObject *self, const char *method, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *items = items_of(self);
    PyObject *function = items ? PyObject_GetAttrString(items, method) : NULL;
    PyObject *result = function ? PyObject_Vectorcall(function, args, (size_t)nargs, NULL) : NULL;
    Py_XDECREF(function);
    Py_XDECREF(items);
    return result;
}

static PyObject *
array_index(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    return ask_list(self, "index", args, nargs);
}

static PyObject *
array_count(PyObject *self, PyObject *value)
{
    return ask_list(self, "count", &value, 1);
}

/* dict(array) would otherwise take an array for a mapping. */
static PyObject *
hidden_keys(PyObject *self, void *unused)
{
    PyErr_SetString(PyExc_AttributeError, "keys");
    return NULL;
}

static PyMethodDef array_methods[] = {
    {
        "index",
        (PyCFunction)(void (*)(void))array_index,
        METH_FASTCALL,
        "index(value, start=0, stop=...): the first index of a value. Raises ValueError.",
    },
    {"count", array_count, METH_O, "How many items equal a value."},
    {0},
};

static PyGetSetDef array_getset[] = {
    {"keys", hidden_keys, NULL, NULL, NULL},
    {0},
};

static PySequenceMethods array_sequence = {
    .sq_length = js_length,
    .sq_item = js_array_item,
    .sq_contains = array_contains,
};

static PyMappingMethods array_mapping = {
    .mp_length = js_length,
    .mp_subscript = js_array_subscript,
};

PyTypeObject JsArray_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi.JsArray",
    .tp_basicsize = sizeof(JsProxy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION
                | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "A JavaScript object with items by number: Array, typed array, NodeList.",
    .tp_iter = PySeqIter_New,
    .tp_as_sequence = &array_sequence,
    .tp_as_mapping = &array_mapping,
    .tp_methods = array_methods,
    .tp_getset = array_getset,
};

/* --- writing --- */

/* Does an op with two numbers and then up to PART items. Returns 0, or -1 with an exception set. */
static int
put_part(PyObject *self, int op, Py_ssize_t first, Py_ssize_t second, PyObject *const *items,
         Py_ssize_t count)
{
    bridge_slot slots[PART + 2] = {js_integer((int32_t)first), js_integer((int32_t)second)};
    if (js_proxy_put_values(items, (int)count, slots + 2) < 0) {
        return -1;
    }
    return js_proxy_do(self, op, slots, (int)count + 2);
}

static Py_ssize_t
part_of(Py_ssize_t left)
{
    return left < PART ? left : PART;
}

/* Replaces `removed` items from `start` on by those of a list. Returns 0, or -1 with an exception
   set. */
static int
splice(PyObject *self, Py_ssize_t start, Py_ssize_t removed, PyObject *list)
{
    Py_ssize_t done = 0;
    Py_ssize_t size = PyList_GET_SIZE(list);
    do {
        Py_ssize_t count = part_of(size - done);
        PyObject **items = ((PyListObject *)list)->ob_item + done;
        Py_ssize_t at = start == END ? END : start + done;
        if (put_part(self, BRIDGE_JS_OP_ARRAY_SPLICE, at, done ? 0 : removed, items, count) < 0) {
            return -1;
        }
        done += count;
    } while (done < size);
    return 0;
}

static int
remove_items(PyObject *self, Py_ssize_t start, Py_ssize_t count)
{
    return put_part(self, BRIDGE_JS_OP_ARRAY_SPLICE, start, count, NULL, 0);
}

static int
set_steps(PyObject *self, const range *range, PyObject *list)
{
    if (PyList_GET_SIZE(list) != range->count) {
        PyErr_Format(PyExc_ValueError,
                     "attempt to assign sequence of size %zd to extended slice of size %zd",
                     PyList_GET_SIZE(list),
                     range->count);
        return -1;
    }
    for (Py_ssize_t done = 0; done < range->count; done += PART) {
        PyObject **items = ((PyListObject *)list)->ob_item + done;
        Py_ssize_t at = range->start + done * range->step;
        if (put_part(self,
                     BRIDGE_JS_OP_ARRAY_SET_STEPS,
                     at,
                     range->step,
                     items,
                     part_of(range->count - done))
            < 0) {
            return -1;
        }
    }
    return 0;
}

static int
delete_range(PyObject *self, const range *range)
{
    if (range->step == 1) {
        return remove_items(self, range->start, range->count);
    }
    if (range->count == 0) {
        return 0;
    }
    bridge_slot slots[3] = {
        js_integer((int32_t)range->start),
        js_integer((int32_t)range->step),
        js_integer((int32_t)range->count),
    };
    return js_proxy_do(self, BRIDGE_JS_OP_ARRAY_DELETE_STEPS, slots, 3);
}

static int
assign_slice(PyObject *self, PyObject *slice, PyObject *value)
{
    range range;
    if (range_of(self, slice, &range) < 0) {
        return -1;
    }
    if (!value) {
        return delete_range(self, &range);
    }
    PyObject *list = PySequence_List(value);
    if (!list) {
        return -1;
    }
    int result = range.step == 1 ? splice(self, range.start, range.count, list)
                                 : set_steps(self, &range, list);
    Py_DECREF(list);
    return result;
}

static int
delete_item(PyObject *self, Py_ssize_t index)
{
    Py_ssize_t length = js_length(self);
    if (length < 0) {
        return -1;
    }
    index += index < 0 ? length : 0;
    return index < 0 || index >= length ? no_such_index() : remove_items(self, index, 1);
}

int
js_array_set_item(PyObject *self, Py_ssize_t index, PyObject *value)
{
    if (!value) {
        return delete_item(self, index);
    }
    bridge_slot slots[2] = {js_integer((int32_t)index)};
    PyObject *result;
    if (bridge_to_slot(value, &slots[1]) < 0) {
        return -1;
    }
    int found = js_proxy_find(self, BRIDGE_JS_OP_ARRAY_SET, slots, 2, &result);
    Py_XDECREF(result);
    if (found == 0) {
        return no_such_index();
    }
    return found < 0 ? -1 : 0;
}

static int
array_assign(PyObject *self, PyObject *key, PyObject *value)
{
    if (PySlice_Check(key)) {
        return assign_slice(self, key, value);
    }
    Py_ssize_t index = index_of(key);
    return index == -1 && PyErr_Occurred() ? -1 : js_array_set_item(self, index, value);
}

int
js_typed_array_assign(PyObject *self, PyObject *key, PyObject *value)
{
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "items of a typed array cannot be deleted");
        return -1;
    }
    range range;
    if (!PySlice_Check(key)) {
        return array_assign(self, key, value);
    }
    PyObject *list = PySequence_List(value);
    int result = !list || range_of(self, key, &range) < 0 ? -1 : set_steps(self, &range, list);
    Py_XDECREF(list);
    return result;
}

/* Returns 0, or -1 with an exception set. */
static int
extend(PyObject *self, PyObject *values)
{
    PyObject *list = PySequence_List(values);
    int result = list ? splice(self, END, 0, list) : -1;
    Py_XDECREF(list);
    return result;
}

/* --- methods of lists --- */

static PyObject *
none_unless(int failed)
{
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyObject *
array_append(PyObject *self, PyObject *value)
{
    return none_unless(put_part(self, BRIDGE_JS_OP_ARRAY_SPLICE, END, 0, &value, 1));
}

static PyObject *
array_extend(PyObject *self, PyObject *values)
{
    return none_unless(extend(self, values));
}

static PyObject *
array_insert(PyObject *self, PyObject *args)
{
    Py_ssize_t index;
    PyObject *value;
    if (!PyArg_ParseTuple(args, "nO:insert", &index, &value)) {
        return NULL;
    }
    return none_unless(put_part(self, BRIDGE_JS_OP_ARRAY_SPLICE, index, 0, &value, 1));
}

static PyObject *
array_pop(PyObject *self, PyObject *args)
{
    Py_ssize_t index = -1;
    if (!PyArg_ParseTuple(args, "|n:pop", &index)) {
        return NULL;
    }
    PyObject *item = js_array_item(self, index);
    if (item && remove_items(self, index, 1) < 0) {
        Py_CLEAR(item);
    }
    return item;
}

static PyObject *
array_remove(PyObject *self, PyObject *value)
{
    PyObject *index = ask_list(self, "index", &value, 1);
    if (!index) {
        return NULL;
    }
    Py_ssize_t at = PyLong_AsSsize_t(index);
    Py_DECREF(index);
    return none_unless(remove_items(self, at, 1));
}

static PyObject *
array_clear(PyObject *self, PyObject *unused)
{
    return none_unless(remove_items(self, 0, END));
}

static PyObject *
array_reverse(PyObject *self, PyObject *unused)
{
    bridge_slot slot;
    return none_unless(js_proxy_do(self, BRIDGE_JS_OP_ARRAY_REVERSE, &slot, 0));
}

static PyMethodDef mutable_methods[] = {
    {"append", array_append, METH_O, "Add an item at the end."},
    {"clear", array_clear, METH_NOARGS, "Remove all items."},
    {"extend", array_extend, METH_O, "Add items at the end."},
    {"insert", array_insert, METH_VARARGS, "insert(index, value): add an item before an index."},
    {"pop", array_pop, METH_VARARGS, "pop(index=-1): remove an item and return it."},
    {"remove", array_remove, METH_O, "Remove the first item that equals a value."},
    {"reverse", array_reverse, METH_NOARGS, "Reverse the items in place."},
    {0},
};

/* --- operators --- */

static PyObject *
array_repeat(PyObject *self, Py_ssize_t count)
{
    bridge_slot slot = js_integer(count < 0 ? 0 : (int32_t)count);
    return js_proxy_operate(self, BRIDGE_JS_OP_ARRAY_REPEAT, &slot, 1);
}

static PyObject *
array_concat(PyObject *self, PyObject *values)
{
    PyObject *result = array_repeat(self, 1);
    if (result && extend(result, values) < 0) {
        Py_CLEAR(result);
    }
    return result;
}

static PyObject *
array_inplace_concat(PyObject *self, PyObject *values)
{
    return extend(self, values) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *
array_inplace_repeat(PyObject *self, Py_ssize_t count)
{
    if (count <= 0) {
        return remove_items(self, 0, END) < 0 ? NULL : Py_NewRef(self);
    }
    PyObject *more = array_repeat(self, count - 1);
    PyObject *result = more ? array_inplace_concat(self, more) : NULL;
    Py_XDECREF(more);
    return result;
}

static PySequenceMethods mutable_sequence = {
    .sq_length = js_length,
    .sq_concat = array_concat,
    .sq_repeat = array_repeat,
    .sq_item = js_array_item,
    .sq_ass_item = js_array_set_item,
    .sq_contains = array_contains,
    .sq_inplace_concat = array_inplace_concat,
    .sq_inplace_repeat = array_inplace_repeat,
};

static PyMappingMethods mutable_mapping = {
    .mp_length = js_length,
    .mp_subscript = js_array_subscript,
    .mp_ass_subscript = array_assign,
};

PyTypeObject JsMutableArray_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsMutableArray",
    .tp_basicsize = sizeof(JsProxy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION
                | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "A JavaScript Array, with the methods of a list.",
    .tp_as_sequence = &mutable_sequence,
    .tp_as_mapping = &mutable_mapping,
    .tp_methods = mutable_methods,
};

int
js_array_init(void)
{
    return js_proxy_register(&JsArray_Type, "Sequence") < 0
                   || js_proxy_register(&JsMutableArray_Type, "MutableSequence") < 0
               ? -1
               : 0;
}
