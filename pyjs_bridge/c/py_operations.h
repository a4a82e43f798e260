/* Operations on Python objects by number; families of them are in files of their own. */
#ifndef COIL_BRIDGE_PY_OPERATIONS_H
#define COIL_BRIDGE_PY_OPERATIONS_H

#include <Python.h>

/* Returns a new reference, or NULL with an exception set, or NULL without one where the operation
   finds nothing; all arguments are borrowed. */
typedef PyObject *py_operation_function(PyObject *object, PyObject *const *args, Py_ssize_t nargs);

typedef struct {
    py_operation_function *run;
    int nargs; /* at least */
} py_operation;

/* py_proxy_item.c */
py_operation_function py_item_length, py_item_get, py_item_set, py_item_delete, py_item_contains;

/* py_proxy_dict.c */
py_operation_function py_dict_keys, py_dict_get, py_dict_has, py_dict_set, py_dict_delete;

/* py_proxy_sequence.c */
py_operation_function py_sequence_append, py_sequence_insert, py_sequence_delete_range,
    py_sequence_reverse;

/* py_proxy_iter.c */
py_operation_function py_iter_begin, py_iter_begin_async, py_iter_async_next, py_iter_async_close;

/* py_proxy_await.c */
py_operation_function py_await_schedule, py_await_result;

#endif
