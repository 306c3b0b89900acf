#include "log/fatal.h"

#include <stdio.h>
#include <unistd.h>

static void end_process(const char *sentence)
{
    fprintf(stderr, "beckon: %s\n", sentence);
    fflush(stderr);
    _exit(LOG_FATAL_STATUS);
}

log_fatal_fn *log_on_fatal = end_process;
