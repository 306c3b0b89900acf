/* ground.h - no tales: everything in an answer must stand in a source.
 *
 * Independent of how the answer was made: it looks only at the final text and at what it may have
 * been taken from: approved texts, and the values of an action's result. docs/retrieval.md says what
 * is compared and how. Two strengths:
 *
 * ground_check is for answers made of approved text: whole sentences of it, values only where it has
 * a place for them, and every fact besides.
 * ground_facts is for a text that says it in other words (a language model's): every number, date,
 * amount, name, address and promise must stand in a source, and nothing that a source denies is said. */
#ifndef ASSISTANT_GROUND_H
#define ASSISTANT_GROUND_H

#include "base/arena.h"
#include "base/err.h"

/* `values` as fill_flatten writes them, or empty. False: *err names the first thing that no source has. */
bool ground_check(struct err *err, struct str text, const struct str *approved, size_t count, struct str values) WARN_UNUSED;
bool ground_facts(struct err *err, struct str text, const struct str *approved, size_t count, struct str values) WARN_UNUSED;

/* For a translation: what the text promises, the source promises, in whichever of the languages that fact_words.h knows. */
bool ground_promises(struct err *err, struct str text, struct str source) WARN_UNUSED;

#endif
