/* A JavaScript value in Python. */
#ifndef COIL_BRIDGE_JS_PROXY_H
#define COIL_BRIDGE_JS_PROXY_H

#include "slot.h"

/* Every JsProxy, of whatever kind. */
typedef struct {
    PyObject_HEAD
    int32_t ref;        /* handle, owned; 0 once released */
    uint32_t flags;     /* BRIDGE_JS_FLAG_* */
    PyObject *receiver; /* what is `this` in a call, or NULL */
    PyObject *extra;    /* what a kind keeps beside it: a signature, a cached future, or NULL */
    PyObject *dict;     /* attributes set on the Python side by kinds that have some, or NULL */
    PyObject *weakrefs;
    vectorcallfunc vectorcall;
} JsProxy;

extern PyTypeObject JsProxy_Type;

#define JsProxy_Check(object) PyObject_TypeCheck(object, &JsProxy_Type)

/* Makes what a JavaScript value is in Python: a JsException for an error, else a proxy of the kind
   that `flags` ask for. Returns a new reference, or NULL with an exception set; steals the handle
   `ref`, also when it fails. */
PyObject *js_proxy_new(int32_t ref, uint32_t flags);

/* As js_proxy_new for a function that was read from the borrowed `receiver`. Returns a new
   reference, or NULL with an exception set; steals the handle. Errors are no special case. */
PyObject *js_proxy_new_method(int32_t ref, uint32_t flags, PyObject *receiver);

/* Returns the handle of the value that a JsProxy or a JsException stands for, borrowed, or 0 when
   `object` is neither. Raises nothing. */
int32_t js_proxy_ref(PyObject *object);

/* Does a js_op with `nargs` values in `slots`, which has room for one at least. Returns the result
   as a new reference, or NULL with an exception set; steals the slots. */
PyObject *js_proxy_operate(PyObject *self, int op, bridge_slot *slots, int nargs);

/* As js_proxy_operate for a js_op that may say MISSING. Returns 1 with a new reference in *result,
   0 for MISSING, or -1 with an exception set; steals the slots. */
int js_proxy_find(PyObject *self, int op, bridge_slot *slots, int nargs, PyObject **result);

/* As js_proxy_operate where the result does not matter. Returns 0, or -1 with an exception set. */
int js_proxy_do(PyObject *self, int op, bridge_slot *slots, int nargs);

/* As js_proxy_operate with `count` borrowed values, 3 at most. Returns a new reference, or NULL
   with an exception set. */
PyObject *js_proxy_operate_on(PyObject *self, int op, PyObject *const *values, int count);

/* Puts `count` borrowed values into slots. Returns 0, or -1 with an exception set and no slot
   owning anything. */
int js_proxy_put_values(PyObject *const *values, int count, bridge_slot *slots);

/* Returns a slot with an integer; it owns nothing. */
static inline bridge_slot
js_integer(int32_t value)
{
    return (bridge_slot){.kind = BRIDGE_KIND_INT, .integer = value};
}

/* Returns a slot with an address as an integer; it owns nothing. */
static inline bridge_slot
js_address(const void *address)
{
    return js_integer((int32_t)(intptr_t)address);
}

/* The slots that the types of js_proxy_types.c are made with. Returns what the visitor says. */
int js_proxy_traverse(PyObject *op, visitproc visit, void *arg);

/* Drops what a proxy holds of Python's. Returns 0. */
int js_proxy_clear(PyObject *op);

/* Frees a proxy without references and gives its handle back. Returns nothing. */
void js_proxy_dealloc(PyObject *op);

/* Returns the type for a set of flags as a borrowed reference, or NULL with an exception set.
   Defined in js_proxy_types.c. */
PyTypeObject *js_proxy_type_for(uint32_t flags);

/* Adds JsProxy to the module. Returns 0, or -1 with an exception set. */
int js_proxy_init(PyObject *module);

/* Adds the kinds of JsProxy to the module. Returns 0, or -1 with an exception set. Defined in
   js_proxy_types.c. */
int js_proxy_types_init(PyObject *module);

#endif
