/* checks.h - checks of a system test: each prints ok or not ok and its name; checks_end prints the sum. */
#ifndef SUPPORT_CHECKS_H
#define SUPPORT_CHECKS_H

#include <stdbool.h>

#include "base/must.h"

struct checks {
    int passed, failed;
};

/* Prints "ok NAME" or "not ok NAME". Gives back `holds`. */
bool check(struct checks *checks, bool holds, const char *format, ...) PRINTF_LIKE(3, 4);
/* Prints "system: N passed, N failed"; the exit status of the program. */
int checks_end(const struct checks *checks);

#endif
