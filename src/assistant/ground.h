/* ground.h - no tales: everything in an answer must stand in a source.
 *
 * Independent of how the answer was made: it looks only at the final text and at what it may have
 * been taken from. Every number, month, currency, address and word of the text must be in one of
 * the sources. Numbers are compared by their digits, so that 4990 hundredths ground "€49.90", and
 * an ISO date grounds its day, its year and its month's name. */
#ifndef ASSISTANT_GROUND_H
#define ASSISTANT_GROUND_H

#include "base/arena.h"
#include "base/err.h"

/* False: *err names the first thing that no source has. */
bool ground_check(struct err *err, struct str text, const struct str *sources, size_t count) WARN_UNUSED;

#endif
