#ifndef COIL_STANDARD_STREAMS_H
#define COIL_STANDARD_STREAMS_H

/* The standard streams of the host's process. This file's .c also replaces the import under libc's
   read() by one that suspends while a terminal, pipe or socket has nothing to give. */

/* Puts the host's descriptors 0, 1 and 2 in the place of the file system's own standard streams,
   where the host has descriptors. Returns nothing. */
void coil_streams_open(void);

#endif
