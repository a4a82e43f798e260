#include "standard_streams.h"

/* Defined in standard_streams.js. */
void coil_streams_open_js(void);

void
coil_streams_open(void)
{
    coil_streams_open_js();
}
