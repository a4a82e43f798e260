/* A crossing takes more of the engine's stack than a level of C recursion does. */
#ifndef COIL_BRIDGE_DEPTH_H
#define COIL_BRIDGE_DEPTH_H

/* Counts a crossing; `where` ends the message. Returns 0, or -1 with RecursionError set; then
   nothing was counted. */
int bridge_enter(const char *where);

/* Ends what bridge_enter began. Returns nothing. */
void bridge_leave(void);

#endif
