#include "checks.h"

#include <stdarg.h>
#include <stdio.h>

bool check(struct checks *checks, bool holds, const char *format, ...)
{
    va_list list;
    fputs(holds ? "ok " : "not ok ", stdout);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
    fflush(stdout);
    if (holds) checks->passed++;
    else checks->failed++;
    return holds;
}

int checks_end(const struct checks *checks)
{
    printf("system: %d passed, %d failed\n", checks->passed, checks->failed);
    return checks->failed || !checks->passed;
}
