/* pattern.h - whether a regular expression of a file may be used at all. */
#ifndef WORKSPACE_PATTERN_H
#define WORKSPACE_PATTERN_H

#include "base/str.h"

/* What is wrong with a POSIX extended regular expression whatever it is for: it refers back (exponential
 * time) or repeats without measure (memory without end). NULL if nothing. Whether it compiles is the
 * caller's to see. */
const char *pattern_fault(struct str pattern);

#endif
