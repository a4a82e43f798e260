/* The collection of cycles through both heaps; js/cycles.ts decides when. */
#ifndef COIL_BRIDGE_CYCLES_H
#define COIL_BRIDGE_CYCLES_H

#include "slot.h"

/* What ends a report of bridge_py_cycles(). */
#define BRIDGE_CYCLES_END 0xffffffffU

#endif
