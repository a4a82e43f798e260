#ifndef COIL_BRIDGE_ON_IMPORT_H
#define COIL_BRIDGE_ON_IMPORT_H

/* Has the bridge started when a program first imports a module that needs it, such as `js`: a
   command line rarely does, and shall not pay for it. Called once, after Python's initialisation.
   Returns 0, or -1 with an exception. */
int coil_bridge_on_import(void);

#endif
