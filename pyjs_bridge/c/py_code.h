/* Running source text for JavaScript. */
#ifndef COIL_BRIDGE_PY_CODE_H
#define COIL_BRIDGE_PY_CODE_H

/* Prepares what is kept of compiled sources. Returns 0, or -1 with an exception set. */
int py_code_init(void);

#endif
