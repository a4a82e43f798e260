#include "environ.h"

#include <stddef.h>

static char *no_environment[] = {NULL};

char **__environ = no_environment;
extern char **environ __attribute__((alias("__environ")));
extern char **_environ __attribute__((alias("__environ")));
extern char **___environ __attribute__((alias("__environ")));

void
coil_environ_set(char **environment)
{
    __environ = environment;
}
