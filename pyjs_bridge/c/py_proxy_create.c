/* The functions of pyodide.ffi that make proxies on purpose, and the deep conversion. */
#define Py_BUILD_CORE
#include "convert.h"
#include "errors.h"
#include "js_proxy.h"
#include "js_proxy_kinds.h"
#include "py_proxy.h"

#include <internal/pycore_context.h>
#include <internal/pycore_pystate.h>

#include <stdbool.h>

/* --- proxies that live until they are destroyed --- */

static void
drop(bridge_slot *slots, int count)
{
    for (int i = 0; i < count; i++) {
        if (slots[i].kind == BRIDGE_KIND_PYREF) {
            Py_DECREF(slots[i].object);
        }
    }
}

/* Fills `count` slots from borrowed values. Returns 0, or -1 with an exception set. */
static int
fill(bridge_slot *slots, PyObject *const *values, int count)
{
    for (int i = 0; i < count; i++) {
        if (bridge_to_slot(values[i], &slots[i]) < 0) {
            drop(slots, i);
            return -1;
        }
    }
    return 0;
}

/* Returns a new reference to the context that code of now runs in, or to None for the one that
   everything else runs in. The proxy is called when another one is active, or none; what it sets is
   seen by those who share the context, as without JavaScript in between. */
static PyObject *
context_of_now(void)
{
    PyContext *context = (PyContext *)_PyThreadState_GET()->context;
    return Py_NewRef(context && context->ctx_entered ? (PyObject *)context : Py_None);
}

/* The context goes with the proxy. The object itself is put into its slot here, for a str or a
   double proxy gets a proxy, too. Returns a new JsProxy, or NULL with an exception set. */
static PyObject *
keep(int how, PyObject *object, PyObject *capture_this, PyObject *roundtrip)
{
    PyObject *context = context_of_now();
    PyObject *values[] = {capture_this, roundtrip, context};
    bridge_slot slots[4];
    if (fill(slots + 1, values, 3) < 0) {
        Py_DECREF(context);
        return NULL;
    }
    slots[0] = (bridge_slot){
        .kind = BRIDGE_KIND_PYREF,
        .extra = py_proxy_flags(object),
        .object = Py_NewRef(object),
    };
    bridge_js_keep(how, slots);
    Py_DECREF(context);
    return bridge_from_slot(slots);
}

PyDoc_STRVAR(create_proxy_doc,
             "create_proxy(obj, /, *, capture_this=False, roundtrip=True)\n--\n\n"
             "Return a proxy of *obj* for JavaScript that lives until its destroy() is called.\n\n"
             "With capture_this, JavaScript's `this` becomes the first argument of each call.\n"
             "With roundtrip, it is a JsDoubleProxy again when it comes back to Python;\n"
             "otherwise *obj* comes back.");

static PyObject *
create_proxy(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"", "capture_this", "roundtrip", NULL};
    PyObject *object;
    int capture_this = 0;
    int roundtrip = 1;
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "O|$pp:create_proxy", names, &object, &capture_this, &roundtrip)) {
        return NULL;
    }
    return keep(BRIDGE_KEEP_PROXY,
                object,
                capture_this ? Py_True : Py_False,
                roundtrip ? Py_True : Py_False);
}

PyDoc_STRVAR(create_once_callable_doc,
             "create_once_callable(obj, /)\n--\n\n"
             "Return a JavaScript function that calls *obj* and can be called once.\n\n"
             "It lets go of *obj* after that call, or when its destroy() is called before.\n"
             "Raises TypeError unless *obj* is callable.");

static PyObject *
create_once_callable(PyObject *module, PyObject *object)
{
    if (!PyCallable_Check(object)) {
        PyErr_Format(PyExc_TypeError,
                     "create_once_callable() needs something callable, not %.100s",
                     Py_TYPE(object)->tp_name);
        return NULL;
    }
    return keep(BRIDGE_KEEP_ONCE, object, Py_False, Py_False);
}

PyDoc_STRVAR(destroy_proxies_doc,
             "destroy_proxies(pyproxies, /)\n--\n\n"
             "Destroy each proxy in a JavaScript array, such as to_js() fills.");

static PyObject *
destroy_proxies(PyObject *module, PyObject *array)
{
    bridge_slot slot = {.kind = BRIDGE_KIND_NONE};
    if (!PyObject_TypeCheck(array, &JsArray_Type)) {
        PyErr_Format(PyExc_TypeError,
                     "destroy_proxies() needs a JavaScript array, not %.100s",
                     Py_TYPE(array)->tp_name);
        return NULL;
    }
    return js_proxy_operate(array, BRIDGE_JS_OP_DESTROY_PROXIES, &slot, 0);
}

/* --- to_js() --- */

static char *to_js_names[] = {
    "",
    "depth",
    "pyproxies",
    "create_pyproxies",
    "dict_converter",
    "default_converter",
    "eager_converter",
    NULL,
};

/* The options in that order. */
enum { DEPTH, PYPROXIES, CREATE, DICT_CONVERTER, DEFAULT_CONVERTER, EAGER_CONVERTER, OPTIONS };

static bool
is_wanted(int option, PyObject *value)
{
    switch (option) {
    case DEPTH:
        return PyIndex_Check(value);
    case PYPROXIES:
        return PyObject_TypeCheck(value, &JsArray_Type);
    case CREATE:
        return true;
    default:
        return PyCallable_Check(value);
    }
}

static const char *
wanted_as(int option)
{
    switch (option) {
    case DEPTH:
        return "an integer";
    case PYPROXIES:
        return "a JavaScript array";
    default:
        return "callable";
    }
}

/* Returns 0, or -1 with a TypeError; None is what every option is by default. */
static int
check_options(PyObject *const *options)
{
    for (int i = 0; i < OPTIONS; i++) {
        if (options[i] != Py_None && !is_wanted(i, options[i])) {
            PyErr_Format(PyExc_TypeError,
                         "to_js(): %s must be %s or None, not %.100s",
                         to_js_names[i + 1],
                         wanted_as(i),
                         Py_TYPE(options[i])->tp_name);
            return -1;
        }
    }
    return 0;
}

/* Returns a new reference to the converted value, or NULL with an exception set. */
static PyObject *
convert_deeply(PyObject *object, PyObject *const *options)
{
    bridge_slot slots[OPTIONS + 1];
    if (fill(slots + 1, options, OPTIONS) < 0) {
        return NULL;
    }
    slots[0] = (bridge_slot){
        .kind = BRIDGE_KIND_PYREF,
        .extra = py_proxy_flags(object),
        .object = Py_NewRef(object),
    };
    bridge_js_deep(slots);
    return bridge_from_slot(slots);
}

PyDoc_STRVAR(to_js_doc,
             "to_js(obj, /, *, depth=-1, pyproxies=None, create_pyproxies=True,\n"
             "      dict_converter=None, default_converter=None, eager_converter=None)\n--\n\n"
             "Convert *obj* and what is in it to JavaScript objects.\n\n"
             "Lists and tuples become Arrays, dicts plain objects, sets Sets, buffers typed\n"
             "arrays, *depth* levels deep (-1: all). What has no conversion is given to\n"
             "default_converter(value, convert, cache) or becomes a proxy, which is appended to\n"
             "*pyproxies*. dict_converter(pairs) makes something else of dicts;\n"
             "eager_converter(value, convert, cache) is asked before the rules above.\n"
             "Raises ConversionError where a proxy would be needed but is not allowed.");

static PyObject *
to_js(PyObject *module, PyObject *args, PyObject *kwargs)
{
    PyObject *object;
    PyObject *minus_one = PyLong_FromLong(-1); /* immortal */
    PyObject *options[OPTIONS] = {
        minus_one,
        Py_None,
        Py_True,
        Py_None,
        Py_None,
        Py_None,
    };
    if (!PyArg_ParseTupleAndKeywords(args,
                                     kwargs,
                                     "O|$OOOOOO:to_js",
                                     to_js_names,
                                     &object,
                                     &options[DEPTH],
                                     &options[PYPROXIES],
                                     &options[CREATE],
                                     &options[DICT_CONVERTER],
                                     &options[DEFAULT_CONVERTER],
                                     &options[EAGER_CONVERTER])
        || check_options(options) < 0) {
        return NULL;
    }
    if (object == Py_None || PyLong_Check(object) || PyUnicode_Check(object)
        || PyFloat_Check(object) || js_proxy_ref(object)) {
        return Py_NewRef(object);
    }
    return convert_deeply(object, options);
}

static PyMethodDef functions[] = {
    {
        "create_proxy",
        _PyCFunction_CAST(create_proxy),
        METH_VARARGS | METH_KEYWORDS,
        create_proxy_doc,
    },
    {"create_once_callable", create_once_callable, METH_O, create_once_callable_doc},
    {"destroy_proxies", destroy_proxies, METH_O, destroy_proxies_doc},
    {"to_js", _PyCFunction_CAST(to_js), METH_VARARGS | METH_KEYWORDS, to_js_doc},
    {0},
};

int
py_proxy_create_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
