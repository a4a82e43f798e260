#ifndef COIL_MAIN_LOAN_H
#define COIL_MAIN_LOAN_H

/* Plain calls run in Python's main thread. When a suspended fiber is in the middle of using that
   thread's state, a plain call, which ends before the fiber goes on, is a guest of it, as a
   signal's handler would be; what would show (the exceptions being handled, the context, signals
   that it has not handled yet) is put aside. A state of its own was rejected: what it made would
   then belong to another thread each time. */

#include <stdbool.h>

/* Begins the use of the main thread's state, which is the current one. `suspended`: the main
   program itself is suspended; otherwise a fiber may be that has its part. Returns whether
   something was put aside: not below a plain call for which it was. */
bool coil_main_loan_take(bool suspended);

/* Ends what a coil_main_loan_take() that returned true has begun. Returns nothing. */
void coil_main_loan_give_back(void);

#endif
