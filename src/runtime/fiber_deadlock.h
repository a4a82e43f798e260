#ifndef COIL_FIBER_DEADLOCK_H
#define COIL_FIBER_DEADLOCK_H

#include <stdbool.h>

/* Nothing is left that JavaScript would do. Reports to standard error that all threads wait for
   each other, with the traceback of each, if a program or a call waits with them. Returns whether
   the main program does: as natively, a signal may still come for it. */
bool coil_fiber_report_deadlock(void);

#endif
