#ifndef COIL_SIGNATURES_H
#define COIL_SIGNATURES_H

/* What CPython expects of the C functions that extension modules give it. CPython's patch 0040
   declares and calls these where a pointer enters the interpreter. Each replaces, in place, a
   function of another wasm type by one that can be called; natively such mismatches are forgiven.
   A function whose type cannot be adapted (64-bit or floating-point parameters) is replaced by one
   that raises SystemError. */

#include <Python.h>

/* Adapts the function of a method or module function. Returns nothing, raises nothing. */
void coil_adapt_method(PyMethodDef *method);

/* Adapts getter and setter. Returns nothing, raises nothing. */
void coil_adapt_getset(PyGetSetDef *getset);

/* Adapts every slot that `type` fills, before it inherits others. Returns nothing, raises
   nothing. */
void coil_adapt_type(PyTypeObject *type);

/* Adapts the module's own functions: execution slots, traverse, clear, free. Returns nothing,
   raises nothing. */
void coil_adapt_module(PyModuleDef *module);

/* Returns a destructor of the type that capsules call, or NULL for NULL. Raises nothing. */
PyCapsule_Destructor coil_adapt_destructor(PyCapsule_Destructor destructor);

#endif
