/* runPython: compiles with CPython's parser and keeps what was compiled, since pages run the same
   lines again and again. `_pyodide._base` is the full form, which api.md calls eval_code(); it is
   used for everything but the default file name. */
#define Py_BUILD_CORE
#include "py_code.h"
#include "convert.h"
#include "depth.h"
#include "errors.h"

#include <internal/pycore_ast.h>
#include <internal/pycore_compile.h>
#include <internal/pycore_parser.h>
#include <internal/pycore_pyarena.h>
#include <stdbool.h>

/* How many sources are kept, and up to which length: longer ones take long anyway. */
#define MAX_KEPT   256
#define MAX_LENGTH 8192

#define FILENAME   "<exec>"

/* str -> (code of the statements or None, code of the last expression or None), oldest first. */
static PyObject *kept;

/* --- compiling --- */

/* Whether a semicolon follows the last statement: then its value is not wanted. */
static bool
ends_in_semicolon(const char *source, stmt_ty last)
{
    for (int line = 1; line < last->end_lineno; line++) {
        /* A lone \r ends a line as well, for the parser. */
        source += strcspn(source, "\r\n");
        source += source[0] == '\r' && source[1] == '\n' ? 2 : 1;
    }
    source += last->end_col_offset;
    return source[strspn(source, " \t\f\\\r\n")] == ';';
}

/* Compiles a module, or None for NULL. Returns a new reference, or NULL with an exception set. */
static PyObject *
compile_part(mod_ty module, PyObject *filename, PyArena *arena)
{
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    if (!module) {
        Py_RETURN_NONE;
    }
    return (PyObject *)_PyAST_Compile(module, filename, &flags, -1, arena);
}

/* Returns the pair for `kept`, or NULL with an exception set. */
static PyObject *
compile_parts(mod_ty module, const char *source, PyObject *filename, PyArena *arena)
{
    asdl_stmt_seq *body = module->v.Module.body;
    Py_ssize_t count = asdl_seq_LEN(body);
    stmt_ty last = count ? asdl_seq_GET(body, count - 1) : NULL;
    mod_ty expression = NULL;
    if (last && last->kind == Expr_kind && !ends_in_semicolon(source, last)) {
        expression = _PyAST_Expression(last->v.Expr.value, arena);
        if (!expression) {
            return NULL;
        }
        body->size--;
    }
    PyObject *first = compile_part(asdl_seq_LEN(body) ? module : NULL, filename, arena);
    PyObject *second = first ? compile_part(expression, filename, arena) : NULL;
    PyObject *parts = second ? PyTuple_Pack(2, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return parts;
}

static PyObject *
parse_and_compile(const char *source, PyObject *filename)
{
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    PyObject *parts = NULL;
    PyArena *arena = _PyArena_New();
    if (!arena) {
        return NULL;
    }
    flags.cf_flags |= PyCF_IGNORE_COOKIE; /* it is text already */
    mod_ty module = _PyParser_ASTFromString(source, filename, Py_file_input, &flags, arena);
    if (module) {
        parts = compile_parts(module, source, filename, arena);
    }
    _PyArena_Free(arena);
    return parts;
}

/* Returns a new reference to the text without common indentation, or NULL with an exception set. */
static PyObject *
dedented(PyObject *source)
{
    Py_ssize_t i = 0;
    Py_ssize_t length = PyUnicode_GET_LENGTH(source);
    while (i < length && Py_UNICODE_ISLINEBREAK(PyUnicode_READ_CHAR(source, i))) {
        i++;
    }
    if (i == length || !Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(source, i))) {
        return Py_NewRef(source);
    }
    PyObject *base = PyImport_ImportModule("_pyodide._base");
    PyObject *result = base ? PyObject_CallMethod(base, "dedent", "O", source) : NULL;
    Py_XDECREF(base);
    return result;
}

static PyObject *
compile_source(PyObject *source)
{
    PyObject *text = dedented(source);
    PyObject *filename = text ? PyUnicode_FromString(FILENAME) : NULL;
    Py_ssize_t size;
    const char *utf8 = filename ? PyUnicode_AsUTF8AndSize(text, &size) : NULL;
    PyObject *parts = NULL;
    if (utf8 && strlen(utf8) != (size_t)size) {
        PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
    }
    else if (utf8) {
        parts = parse_and_compile(utf8, filename);
    }
    Py_XDECREF(filename);
    Py_XDECREF(text);
    return parts;
}

/* Returns 0, or -1 with an exception set. */
static int
keep(PyObject *source, PyObject *parts)
{
    if (PyUnicode_GET_LENGTH(source) > MAX_LENGTH) {
        return 0;
    }
    if (PyDict_GET_SIZE(kept) >= MAX_KEPT) {
        Py_ssize_t position = 0;
        PyObject *oldest;
        if (PyDict_Next(kept, &position, &oldest, NULL) && PyDict_DelItem(kept, oldest) < 0) {
            return -1;
        }
    }
    return PyDict_SetItem(kept, source, parts);
}

/* Returns a new reference to the compiled pair, or NULL with an exception set. */
static PyObject *
find_or_compile(PyObject *source)
{
    PyObject *parts = PyDict_GetItemWithError(kept, source);
    if (parts || PyErr_Occurred()) {
        return Py_XNewRef(parts);
    }
    parts = compile_source(source);
    if (parts && keep(source, parts) < 0) {
        Py_CLEAR(parts);
    }
    return parts;
}

/* --- running --- */

static PyObject *
run_parts(PyObject *parts, PyObject *globals, PyObject *locals)
{
    PyObject *statements = PyTuple_GET_ITEM(parts, 0);
    PyObject *expression = PyTuple_GET_ITEM(parts, 1);
    if (statements != Py_None) {
        PyObject *nothing = PyEval_EvalCode(statements, globals, locals);
        if (!nothing) {
            return NULL;
        }
        Py_DECREF(nothing);
    }
    if (expression == Py_None) {
        Py_RETURN_NONE;
    }
    return PyEval_EvalCode(expression, globals, locals);
}

/* As exec() does. Returns 0, or -1 with an exception set. */
static int
add_builtins(PyObject *globals)
{
    if (!PyDict_Check(globals)) {
        PyErr_Format(PyExc_TypeError,
                     "globals must be a real dict; try dict(globals), not %.100s",
                     Py_TYPE(globals)->tp_name);
        return -1;
    }
    int present = PyDict_ContainsString(globals, "__builtins__");
    if (present) {
        return present < 0 ? -1 : 0;
    }
    return PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins());
}

static PyObject *
run_source(PyObject *source, PyObject *globals, PyObject *locals)
{
    PyObject *parts = find_or_compile(source);
    PyObject *result = parts ? run_parts(parts, globals, locals) : NULL;
    Py_XDECREF(parts);
    return result;
}

/* The full form, for a file name or a source that must not be dedented. */
static PyObject *
run_in_full(PyObject *source, PyObject *globals, PyObject *locals, bridge_slot *slots)
{
    PyObject *filename = bridge_from_slot(&slots[1]);
    PyObject *dedent = filename ? bridge_from_slot(&slots[2]) : NULL;
    PyObject *base = dedent ? PyImport_ImportModule("_pyodide._base") : NULL;
    PyObject *eval_code = base ? PyObject_GetAttrString(base, "eval_code") : NULL;
    PyObject *kwargs = eval_code
                           ? Py_BuildValue("{s:O,s:O}", "dedent", dedent, "filename", filename)
                           : NULL;
    if (kwargs && filename == Py_None && PyDict_DelItemString(kwargs, "filename") < 0) {
        Py_CLEAR(kwargs);
    }
    PyObject *args = kwargs ? PyTuple_Pack(3, source, globals, locals) : NULL;
    PyObject *result = args ? PyObject_Call(eval_code, args, kwargs) : NULL;
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    Py_XDECREF(eval_code);
    Py_XDECREF(base);
    Py_XDECREF(dedent);
    Py_XDECREF(filename);
    return result;
}

static PyObject *
run(PyObject *globals, PyObject *locals, bridge_slot *slots)
{
    PyObject *source = bridge_from_slot(&slots[0]);
    PyObject *result = NULL;
    if (!source) {
        return NULL;
    }
    if (!PyUnicode_Check(source)) {
        PyErr_Format(
            PyExc_TypeError, "the code must be a string, not %.100s", Py_TYPE(source)->tp_name);
    }
    else if (add_builtins(globals) == 0) {
        bool simple = slots[1].kind == BRIDGE_KIND_NONE && slots[2].kind == BRIDGE_KIND_TRUE;
        result = simple ? run_source(source, globals, locals)
                        : run_in_full(source, globals, locals, slots);
    }
    Py_DECREF(source);
    return result;
}

/* Returns the borrowed dict of __main__, or NULL with an exception set. */
static PyObject *
main_globals(void)
{
    PyObject *module = PyImport_AddModule("__main__");
    return module ? PyModule_GetDict(module) : NULL;
}

int
bridge_py_run(PyObject *globals, PyObject *locals, bridge_slot *slots, int nargs)
{
    if (!globals) {
        globals = main_globals();
    }
    if (!globals || bridge_enter(" while running code from JavaScript")) {
        bridge_clear_slots(slots, nargs);
        return bridge_error_to_slot(slots);
    }
    PyObject *result = run(globals, locals ? locals : globals, slots);
    bridge_leave();
    return bridge_result_to_slot(result, slots);
}

int
py_code_init(void)
{
    kept = PyDict_New();
    return kept ? 0 : -1;
}
