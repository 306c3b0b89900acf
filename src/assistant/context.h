/* context.h - what a message means because of what was said before it.
 *
 * Lists of words in English, Swedish, German and Spanish; no model. A message may go on with the matter
 * ("and how long does that take?") or take something back ("no, the other order"). */
#ifndef ASSISTANT_CONTEXT_H
#define ASSISTANT_CONTEXT_H

#include "assistant/tokens.h"

/* True if the message leans on the one before: begins with "and", "but", "what about", or is short and
 * speaks of "it" or "that". */
bool context_follows(struct arena *arena, struct str text);

/* True if it is so short and speaks of "it" or "that", or asks why ("why so little?"): its subject is the
 * last one's. */
bool context_leans(struct arena *arena, struct str text);

/* "I have a problem with my card": that there is something, and with what, but not what. */
bool context_is_vague(struct arena *arena, struct str text, struct str language);

/* True if the message asks something: it has the mark, or begins as questions do. */
bool context_asks(struct arena *arena, struct str text);

/* What a message takes back, and what it says instead (may be empty). */
struct correction {
    bool found;
    bool other;       /* "the other one": of the same kind, not said which */
    bool bare;        /* and says nothing else: at most one word */
    struct str rest;  /* in the message, behind "no, I meant" */
};

struct correction context_correction(struct arena *arena, struct str text);

#endif
