#ifndef COIL_FIBER_KEY_H
#define COIL_FIBER_KEY_H

/* Runs the destructors of what the running fiber has stored under keys. Returns nothing. */
void coil_fiber_destroy_keys(void);

#endif
