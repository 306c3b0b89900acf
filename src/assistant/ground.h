/* ground.h - no tales: everything in an answer must stand in a source.
 *
 * Independent of how the answer was made: it looks only at the final text and at what it may have
 * been taken from: approved texts, and the values of an action's result. Every number, month,
 * currency, address and word of the text must be in one of them, and a number of an approved text
 * must have a neighbour there that it has here: the 30 of "within 30 days" grounds no "30 kronor".
 * Numbers are compared by their digits, so that 4990 hundredths ground "€49.90", and an ISO date
 * grounds its day, its year and its month's name. */
#ifndef ASSISTANT_GROUND_H
#define ASSISTANT_GROUND_H

#include "base/arena.h"
#include "base/err.h"

/* `values` as fill_flatten writes them, or empty. False: *err names the first thing that no source has. */
bool ground_check(struct err *err, struct str text, const struct str *approved, size_t count, struct str values) WARN_UNUSED;

#endif
