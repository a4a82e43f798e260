#include "main.h"

#include "bridge.h"

#include <stdio.h>

int
coil_main_run(int argc, char **argv)
{
    if (bridge_register() < 0) {
        return 1;
    }
    /* CPython's own main, so that options, PYTHON* variables, path computation and exit statuses
       are its own too. A PyConfig of ours would have to follow each of them. */
    int status = Py_BytesMain(argc, argv);
    /* libc's own streams: extension modules and ctypes may have printed. */
    fflush(NULL);
    return status;
}
