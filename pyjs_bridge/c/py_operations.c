/* The py_ops: what a proxy does less often than it is called or read. One function for each, and a
   table; whatever one returns goes back as any result does. */
#include "py_operations.h"
#include "convert.h"
#include "depth.h"
#include "errors.h"
#include "js_exception.h"
#include "js_proxy.h"
#include "js_to_py_deep.h"
#include "py_proxy.h"

static PyObject *
operate_repr(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_Repr(object);
}

static PyObject *
operate_str(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_Str(object);
}

static PyObject *
operate_type_name(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *type = (PyObject *)Py_TYPE(object);
    PyObject *module = PyObject_GetAttrString(type, "__module__");
    PyObject *name = module ? PyType_GetQualName(Py_TYPE(object)) : NULL;
    PyObject *result = NULL;
    if (name && PyUnicode_Check(module) && !PyUnicode_EqualToUTF8(module, "builtins")
        && !PyUnicode_EqualToUTF8(module, "__main__")) {
        result = PyUnicode_FromFormat("%U.%U", module, name);
    }
    else {
        result = Py_XNewRef(name);
    }
    Py_XDECREF(name);
    Py_XDECREF(module);
    return result;
}

static PyObject *
operate_flags(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyLong_FromUnsignedLong(py_proxy_flags(object));
}

/* As `in` of JavaScript: an attribute whose reading fails is not there, whatever the reason. */
static PyObject *
operate_has_attribute(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *value;
    int found = PyObject_GetOptionalAttr(object, args[0], &value);
    Py_XDECREF(value);
    if (found < 0) {
        PyErr_Clear();
    }
    return PyBool_FromLong(found > 0);
}

static PyObject *
operate_delete_attribute(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    if (PyObject_DelAttr(object, args[0]) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
operate_dir(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyObject_Dir(object);
}

static PyObject *
operate_format_exception(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *module = PyImport_ImportModule("traceback");
    PyObject *lines = module ? PyObject_CallMethod(module, "format_exception", "O", object) : NULL;
    PyObject *empty = lines ? PyUnicode_FromString("") : NULL;
    PyObject *text = empty ? PyUnicode_Join(empty, lines) : NULL;
    Py_XDECREF(empty);
    Py_XDECREF(lines);
    Py_XDECREF(module);
    return text;
}

static PyObject *
operate_exception_type(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    return PyType_GetName(Py_TYPE(object));
}

/* The error itself for a JsException, the way back for one that came from JavaScript. */
static PyObject *
operate_exception_cause(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *error = js_exception_check(object) ? js_exception_error(object) : NULL;
    if (error) {
        return Py_NewRef(error);
    }
    PyObject *cause = PyException_GetCause(object);
    return cause ? cause : Py_NewRef(Py_None);
}

static PyObject *
operate_to_py(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    int depth = PyLong_AsInt(args[1]);
    if (depth == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return JsProxy_Check(args[0]) ? js_to_py(args[0], depth, args[2]) : Py_NewRef(args[0]);
}

static PyObject *
operate_relaxed_call(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *module = PyImport_ImportModule("_pyodide._relaxed");
    PyObject *function = module ? PyObject_GetAttrString(module, "relaxed_call") : NULL;
    Py_XDECREF(module);
    return function;
}

static PyObject *
operate_get_global(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *value = PyDict_GetItemWithError(object, args[0]);
    if (!value && !PyErr_Occurred()) {
        value = PyDict_GetItemWithError(PyEval_GetBuiltins(), args[0]);
    }
    return Py_XNewRef(value);
}

static PyObject *
operate_has_global(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *value = operate_get_global(object, args, nargs);
    int found = value != NULL;
    Py_XDECREF(value);
    return PyErr_Occurred() ? NULL : PyBool_FromLong(found);
}

static PyObject *
operate_raise_conversion(PyObject *object, PyObject *const *args, Py_ssize_t nargs)
{
    PyErr_SetObject(bridge_conversion_error, args[0]);
    return NULL;
}

static const py_operation operations[BRIDGE_PY_OP_COUNT] = {
    [BRIDGE_PY_OP_REPR] = {operate_repr, 0},
    [BRIDGE_PY_OP_STR] = {operate_str, 0},
    [BRIDGE_PY_OP_TYPE_NAME] = {operate_type_name, 0},
    [BRIDGE_PY_OP_FLAGS] = {operate_flags, 0},
    [BRIDGE_PY_OP_HAS_ATTRIBUTE] = {operate_has_attribute, 1},
    [BRIDGE_PY_OP_DELETE_ATTRIBUTE] = {operate_delete_attribute, 1},
    [BRIDGE_PY_OP_DIR] = {operate_dir, 0},
    [BRIDGE_PY_OP_FORMAT_EXCEPTION] = {operate_format_exception, 0},
    [BRIDGE_PY_OP_EXCEPTION_TYPE] = {operate_exception_type, 0},
    [BRIDGE_PY_OP_TO_PY] = {operate_to_py, 3},
    [BRIDGE_PY_OP_EXCEPTION_CAUSE] = {operate_exception_cause, 0},
    [BRIDGE_PY_OP_RELAXED_CALL] = {operate_relaxed_call, 0},
    [BRIDGE_PY_OP_RAISE_CONVERSION] = {operate_raise_conversion, 1},
    [BRIDGE_PY_OP_HAS_GLOBAL] = {operate_has_global, 1},
    [BRIDGE_PY_OP_GET_GLOBAL] = {operate_get_global, 1},
    [BRIDGE_PY_OP_LENGTH] = {py_item_length, 0},
    [BRIDGE_PY_OP_GET_ITEM] = {py_item_get, 1},
    [BRIDGE_PY_OP_SET_ITEM] = {py_item_set, 2},
    [BRIDGE_PY_OP_DELETE_ITEM] = {py_item_delete, 1},
    [BRIDGE_PY_OP_CONTAINS] = {py_item_contains, 1},
    [BRIDGE_PY_OP_KEYS] = {py_dict_keys, 0},
    [BRIDGE_PY_OP_GET_DICT_ITEM] = {py_dict_get, 1},
    [BRIDGE_PY_OP_HAS_DICT_ITEM] = {py_dict_has, 1},
    [BRIDGE_PY_OP_SET_DICT_ITEM] = {py_dict_set, 2},
    [BRIDGE_PY_OP_DELETE_DICT_ITEM] = {py_dict_delete, 1},
    [BRIDGE_PY_OP_APPEND] = {py_sequence_append, 1},
    [BRIDGE_PY_OP_INSERT] = {py_sequence_insert, 2},
    [BRIDGE_PY_OP_DELETE_RANGE] = {py_sequence_delete_range, 2},
    [BRIDGE_PY_OP_REVERSE] = {py_sequence_reverse, 0},
    [BRIDGE_PY_OP_ITER] = {py_iter_begin, 0},
    [BRIDGE_PY_OP_ASYNC_ITER] = {py_iter_begin_async, 0},
    [BRIDGE_PY_OP_ASYNC_NEXT] = {py_iter_async_next, 0},
    [BRIDGE_PY_OP_ASYNC_CLOSE] = {py_iter_async_close, 0},
    [BRIDGE_PY_OP_SCHEDULE] = {py_await_schedule, 1},
    [BRIDGE_PY_OP_FUTURE_RESULT] = {py_await_result, 0},
};

#define MAX_ARGUMENTS 8

static PyObject *
operate(const py_operation *operation, PyObject *object, bridge_slot *slots, int nargs)
{
    PyObject *values[MAX_ARGUMENTS];
    PyObject *result = NULL;
    int made = 0;
    while (made < nargs) {
        values[made] = bridge_from_slot(&slots[made]);
        if (!values[made]) {
            break;
        }
        made++;
    }
    if (made == nargs) {
        result = operation->run(object, values, nargs);
    }
    else {
        bridge_clear_slots(slots + made + 1, nargs - made - 1);
    }
    while (made > 0) {
        Py_DECREF(values[--made]);
    }
    return result;
}

/* Returns the operation, or NULL with InternalError set. */
static const py_operation *
find_operation(int op, int nargs)
{
    const py_operation *operation = op >= 0 && op < BRIDGE_PY_OP_COUNT && operations[op].run
                                        ? &operations[op]
                                        : NULL;
    if (!operation || nargs < operation->nargs || nargs > MAX_ARGUMENTS) {
        PyErr_Format(bridge_internal_error, "no operation %d with %d values", op, nargs);
        return NULL;
    }
    return operation;
}

int
bridge_py_operate(int op, PyObject *object, bridge_slot *slots, int nargs)
{
    const py_operation *operation = find_operation(op, nargs);
    if (!operation || bridge_enter(" while used from JavaScript")) {
        bridge_clear_slots(slots, nargs);
        return bridge_error_to_slot(slots);
    }
    Py_XINCREF(object); /* JavaScript may destroy the proxy while code of Python runs */
    PyObject *result = operate(operation, object, slots, nargs);
    Py_XDECREF(object);
    bridge_leave();
    return !result && !PyErr_Occurred() ? -1 : bridge_result_to_slot(result, slots);
}
