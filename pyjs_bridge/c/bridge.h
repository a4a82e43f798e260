/* The bridge as the rest of the interpreter sees it. */
#ifndef COIL_BRIDGE_H
#define COIL_BRIDGE_H

#include <Python.h>

/* Makes `_pyodide_core` a built-in module; to be called before Python starts. Returns 0, or -1
   without memory. */
int bridge_register(void);

#endif
