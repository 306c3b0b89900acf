/* quoted.h - is a text made of whole sentences of the sources, with values only where they have a place for one?
 *
 * The sources are read as one row of marks, the text is followed through it: a mark fits the same mark,
 * a place for a value takes one whole value. Where a sentence ends it may go on at a later one of the
 * same paragraph or item; only where the text begins a paragraph or an item of its own may it go on
 * anywhere. So no word, number or "not" can be changed, added or lost within a sentence, and no
 * sentence slips under another's subject, whatever else the sources say. Whether a condition was left
 * out with a whole sentence is not seen here: trim.h takes care of that. */
#ifndef ASSISTANT_QUOTED_H
#define ASSISTANT_QUOTED_H

#include "assistant/facts.h"

struct quoted {
    const struct marks *text;
    const struct facts_run *runs; /* of the text: what may stand in a place for a value */
    size_t run_count;
    const struct marks *sources;
    size_t source_count;
};

/* On failure *stuck is the mark of the text behind which it could not be followed. */
bool quoted_is(struct arena *arena, const struct quoted *quoted, size_t *stuck);

#endif
