/* The module _pyodide_core: what pyodide.ffi is made of. */
#include "blocking.h"
#include "bridge.h"
#include "errors.h"
#include "js_bigint.h"
#include "js_exception.h"
#include "js_method.h"
#include "js_null.h"
#include "js_proxy.h"
#include "js_timers.h"
#include "js_to_py_deep.h"
#include "names.h"
#include "py_code.h"
#include "py_proxy.h"

static struct PyModuleDef core_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_pyodide_core",
    .m_doc = "What pyodide.ffi is made of; import that.",
    .m_size = -1,
};

typedef int (*part)(PyObject *module);

/* In this order: later parts use classes of earlier ones. */
static const part parts[] = {
    bridge_errors_init,
    js_null_init,
    js_bigint_init,
    js_proxy_init,
    js_method_init,
    js_exception_init,
    js_proxy_types_init,
    js_to_py_init,
    js_timers_init,
    py_proxy_init,
    bridge_blocking_init,
    py_proxy_create_init,
};

static PyObject *
init_core(void)
{
    PyObject *module = PyModule_Create(&core_module);
    if (!module || bridge_names_init() < 0 || py_code_init() < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        if (parts[i](module) < 0) {
            Py_DECREF(module);
            return NULL;
        }
    }
    return module;
}

int
bridge_register(void)
{
    return PyImport_AppendInittab("_pyodide_core", init_core);
}
