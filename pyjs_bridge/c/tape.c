#include "tape.h"

#define FIRST_CAPACITY 64

bridge_tape *
tape_new(void)
{
    bridge_tape *tape = PyMem_Calloc(1, sizeof(bridge_tape));
    if (!tape) {
        PyErr_NoMemory();
    }
    return tape;
}

void
tape_free(bridge_tape *tape)
{
    for (Py_ssize_t i = 0; i < tape->kept_count; i++) {
        Py_DECREF(tape->kept[i]);
    }
    PyMem_Free(tape->kept);
    PyMem_Free(tape->slots);
    PyMem_Free(tape);
}

/* Doubles an array of elements of `size` bytes. Returns 0, or -1 with MemoryError set. */
static int
grow(void **array, Py_ssize_t *capacity, size_t size)
{
    Py_ssize_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *grown = PyMem_Realloc(*array, (size_t)wanted * size);
    if (!grown) {
        PyErr_NoMemory();
        return -1;
    }
    *array = grown;
    *capacity = wanted;
    return 0;
}

bridge_slot *
tape_next(bridge_tape *tape)
{
    if (tape->count == tape->capacity
        && grow((void **)&tape->slots, &tape->capacity, sizeof(bridge_slot)) < 0) {
        return NULL;
    }
    return &tape->slots[tape->count++];
}

int
tape_keep(bridge_tape *tape, PyObject *object)
{
    if (tape->kept_count == tape->kept_capacity
        && grow((void **)&tape->kept, &tape->kept_capacity, sizeof(PyObject *)) < 0) {
        Py_DECREF(object);
        return -1;
    }
    tape->kept[tape->kept_count++] = object;
    return 0;
}
