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
    PyObject *result = operate(operation, object, slots, nargs);
    bridge_leave();
    return bridge_result_to_slot(result, slots);
}
