#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_fail(const char *file, int line, const char *expression)
{
    fprintf(stderr, "beckon: %s:%d: this must hold but does not: %s\n", file, line, expression);
    fflush(stderr);
    abort();
}
