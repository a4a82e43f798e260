#ifndef COIL_MMAP_H
#define COIL_MMAP_H

/* Writes what is left of shared mappings to their files: the process ends. Raises
   nothing; what cannot be written is lost. */
void coil_mmap_store_all(void);

#endif
