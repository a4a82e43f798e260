/* The kinds of JsProxy: what a value can do besides having attributes. Each is a type without data
   of its own; js_proxy_types.c puts those of a value together. */
#ifndef COIL_BRIDGE_JS_PROXY_KINDS_H
#define COIL_BRIDGE_JS_PROXY_KINDS_H

#include "js_proxy.h"

/* What all types of proxies have in common; js_proxy_types.c makes them ready. */
#define JS_PROXY_KIND_HEAD \
    .tp_basicsize = sizeof(JsProxy), \
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION

/* The type of all these types. */
extern PyTypeObject JsProxyMeta_Type;

/* js_proxy_object.c */
extern PyMethodDef js_object_methods[];
extern PyTypeObject JsObjectMap_Type;
extern PyTypeObject JsModule_Type;

/* js_proxy_callable.c */
extern PyTypeObject JsCallable_Type;
extern PyTypeObject JsOnceCallable_Type;

/* js_proxy_double.c */
extern PyTypeObject JsDoubleProxy_Type;
extern PyTypeObject JsCallableDoubleProxy_Type;

/* js_proxy_map.c */
extern PyTypeObject JsSized_Type;
extern PyTypeObject JsContainer_Type;
extern PyTypeObject JsLookup_Type;
extern PyTypeObject JsMutableLookup_Type;
extern PyTypeObject JsMap_Type;
extern PyTypeObject JsMutableMap_Type;

/* js_proxy_array.c */
extern PyTypeObject JsArray_Type;
extern PyTypeObject JsMutableArray_Type;

/* js_proxy_buffer.c */
extern PyTypeObject JsBuffer_Type;
extern PyTypeObject JsTypedArray_Type;

/* js_proxy_iter.c */
extern PyTypeObject JsIterable_Type;
extern PyTypeObject JsIterator_Type;
extern PyTypeObject JsGenerator_Type;
extern PyTypeObject JsDisposable_Type;

/* js_proxy_async.c */
extern PyTypeObject JsAsyncIterable_Type;
extern PyTypeObject JsAsyncIterator_Type;
extern PyTypeObject JsAsyncGenerator_Type;
extern PyTypeObject JsAsyncDisposable_Type;

/* js_proxy_promise.c */
extern PyTypeObject JsPromise_Type;

/* Returns the number of the value's identity as a new reference, or NULL with an exception set. */
PyObject *js_object_id(PyObject *self, void *unused);

/* Returns the number of items, or -1 with an exception set. */
Py_ssize_t js_length(PyObject *self);

/* Returns an item by index as a new reference, or NULL with an exception set. */
PyObject *js_array_item(PyObject *self, Py_ssize_t index);

/* Sets an item, or deletes it with NULL as value. Returns 0, or -1 with an exception set. */
int js_array_set_item(PyObject *self, Py_ssize_t index, PyObject *value);

/* As operator [] of an array. Returns a new reference, or NULL with an exception set. */
PyObject *js_array_subscript(PyObject *self, PyObject *key);

/* As assignment to an item or a slice of a typed array. Returns 0, or -1 with an exception set. */
int js_typed_array_assign(PyObject *self, PyObject *key, PyObject *value);

/* Returns whether `class` is one of those that all JavaScript values are instances of. */
int js_proxy_is_undistinguished(PyObject *class);

/* Copies functions of a class of collections.abc, by name up to NULL, to a type that is ready.
   Returns 0, or -1 with an exception set. */
int js_proxy_borrow(PyTypeObject *type, const char *abstract, const char *const *names);

/* Registers a type with a class of collections.abc. Returns 0, or -1 with an exception set. */
int js_proxy_register(PyTypeObject *type, const char *abstract);

/* Completes the types of maps. Returns 0, or -1 with an exception set. */
int js_map_init(void);

/* Completes the types of arrays. Returns 0, or -1 with an exception set. */
int js_array_init(void);

/* Adds module_proxy() to the module. Returns 0, or -1 with an exception set. */
int js_object_init(PyObject *module);

#endif
