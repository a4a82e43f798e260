#ifndef COIL_MAIN_ABSENT_H
#define COIL_MAIN_ABSENT_H

/* The Ctrl-C that a thread raises (_thread.interrupt_main(), signal.raise_signal()) while no
   program has the main program's part: programs await, or there are none, and the event loop's
   callbacks borrow it for moments. Left in Python's main thread it would end whatever the event
   loop calls next, and with it the host's program. */

/* To be called when a fiber has stopped running, for a while or for good. Hands a Ctrl-C to the
   latest call that waits, or else to the run that awaits; without any it is dropped, since whom it
   was meant for has ended. Handlers of the program's own stay for the next call. Returns nothing.
 */
void coil_main_absent_interrupt(void);

#endif
