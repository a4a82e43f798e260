#define Py_BUILD_CORE
#include "js_method.h"

#include "js_call.h"

#include <internal/pycore_frame.h>
#include <internal/pycore_opcode_metadata.h>
#include <internal/pycore_pystate.h>

#include <stddef.h>

/* Only the interpreter's own LOAD_ATTR with the bit for methods is sure to call what it reads and
   to show it to nobody else: getattr() and attributes that are kept must give a JsProxy. Rejected:
   the same for every function, made a proxy when it is first used as one, since then each use of a
   proxy would have to ask. */
bool
js_method_is_wanted(PyObject *name)
{
    _PyInterpreterFrame *frame = _PyThreadState_GET()->current_frame;
    if (!frame || frame->owner == FRAME_OWNED_BY_CSTACK) {
        return false;
    }
    _Py_CODEUNIT *instruction = frame->instr_ptr;
    PyCodeObject *code = (PyCodeObject *)frame->f_executable;
    if (instruction->op.code != LOAD_ATTR || !(instruction->op.arg & 1)
        || instruction == _PyCode_CODE(code) || instruction[-1].op.code == EXTENDED_ARG) {
        return false;
    }
    Py_ssize_t index = instruction->op.arg >> 1;
    return index < PyTuple_GET_SIZE(code->co_names)
           && PyTuple_GET_ITEM(code->co_names, index) == name;
}

/* Most live for one call, one inside the other. */
#define KEPT 8
static JsMethod *kept[KEPT];
static int kept_count;

PyObject *
js_method_new(PyObject *receiver, int name, int ticket)
{
    JsMethod *self;
    if (kept_count) {
        self = kept[--kept_count];
        _Py_NewReference((PyObject *)self);
    }
    else {
        self = PyObject_New(JsMethod, &JsMethod_Type);
    }
    if (self) {
        self->receiver = Py_NewRef(receiver);
        self->name = name;
        self->ticket = ticket;
        self->vectorcall = js_call_method;
    }
    return (PyObject *)self;
}

static void
method_dealloc(PyObject *op)
{
    Py_DECREF(((JsMethod *)op)->receiver);
    if (kept_count < KEPT) {
        kept[kept_count++] = (JsMethod *)op;
    }
    else {
        PyObject_Free(op);
    }
}

PyTypeObject JsMethod_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pyodide.ffi._JsMethod",
    .tp_basicsize = sizeof(JsMethod),
    .tp_dealloc = method_dealloc,
    .tp_vectorcall_offset = offsetof(JsMethod, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_doc = "A method of a JavaScript object that is being called.",
};

int
js_method_init(PyObject *module)
{
    return PyType_Ready(&JsMethod_Type);
}
