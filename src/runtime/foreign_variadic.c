/* The variadic functions that the program exports.
 *
 * In wasm they take their fixed parameters and the address of the others, where on native machines
 * a call of them is, for most arguments, like any other call. So programs leave it to ctypes, which
 * tells libffi about variable arguments only when argtypes is shorter than the arguments. A
 * function's type does not tell it from one that takes a pointer last: hence a list. Rejected: to
 * have programs set argtypes to the fixed parameters, as documentation never does.
 */
#include "foreign_variadic.h"

#include <Python.h>

#include <err.h>
#include <fcntl.h>
#include <monetary.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <syslog.h>
#include <unistd.h>
#include <wchar.h>

struct variadic {
    void (*function)(void);
    int fixed;
};

typedef void (*any)(void);

/* C's "__isoc99_scanf" and its like are other names of the same functions. */
static const struct variadic variadics[] = {
    {(any)printf, 1},
    {(any)fprintf, 2},
    {(any)dprintf, 2},
    {(any)sprintf, 2},
    {(any)snprintf, 3},
    {(any)asprintf, 2},
    {(any)scanf, 1},
    {(any)fscanf, 2},
    {(any)sscanf, 2},
    {(any)wprintf, 1},
    {(any)fwprintf, 2},
    {(any)swprintf, 3},
    {(any)wscanf, 1},
    {(any)fwscanf, 2},
    {(any)swscanf, 2},
    {(any)strfmon, 3},
    {(any)strfmon_l, 4},
    {(any)open, 2},
    {(any)openat, 3},
    {(any)fcntl, 2},
    {(any)ioctl, 2},
    {(any)mremap, 4},
    {(any)syslog, 2},
    {(any)err, 2},
    {(any)errx, 2},
    {(any)warn, 1},
    {(any)warnx, 1},
    {(any)execl, 2},
    {(any)execle, 2},
    {(any)execlp, 2},
    {(any)PyArg_Parse, 2},
    {(any)PyArg_ParseTuple, 2},
    {(any)PyArg_ParseTupleAndKeywords, 4},
    {(any)PyArg_UnpackTuple, 4},
    {(any)PyBytes_FromFormat, 1},
    {(any)PyErr_Format, 2},
    {(any)PyErr_FormatUnraisable, 1},
    {(any)PyErr_ResourceWarning, 3},
    {(any)PyErr_WarnExplicitFormat, 6},
    {(any)PyErr_WarnFormat, 3},
    {(any)PyOS_snprintf, 3},
    {(any)PyObject_CallFunction, 2},
    {(any)PyObject_CallFunctionObjArgs, 1},
    {(any)PyObject_CallMethod, 3},
    {(any)PyObject_CallMethodObjArgs, 2},
    {(any)PySys_Audit, 2},
    {(any)PySys_FormatStderr, 1},
    {(any)PySys_FormatStdout, 1},
    {(any)PySys_WriteStderr, 1},
    {(any)PySys_WriteStdout, 1},
    {(any)PyTuple_Pack, 1},
    {(any)PyUnicode_FromFormat, 1},
    {(any)Py_BuildValue, 1},
};

int
coil_variadic_fixed(void (*function)(void))
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(variadics); i++) {
        if (variadics[i].function == function) {
            return variadics[i].fixed;
        }
    }
    return -1;
}
