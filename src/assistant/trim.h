/* trim.h - of a passage, the sentences and items of lists that a question is about.
 *
 * What belongs together stays together: a paragraph with a condition in it ("if", "only", "but" ...), a
 * sentence that points back ("This", "However") and the one before it, a list and the line that leads
 * into it, the steps of a numbered list, tables and code. Where the language has no list of such words
 * (trim_words.c: English, Swedish, German, Spanish), or hardly anything would go, the passage stays whole.
 * The result is made of whole sentences of the passage, in its order. */
#ifndef ASSISTANT_TRIM_H
#define ASSISTANT_TRIM_H

#include "base/arena.h"

/* Which words of the question (a bit each) a piece of text has. */
typedef uint64_t trim_match_fn(void *context, struct str text);

/* The passage's own text, or a shorter one in the arena. */
struct str trim_passage(struct arena *arena, struct str markdown, struct str language, trim_match_fn *match, void *context);

/* A word that begins a condition or takes something back; one that points back at the sentence before. */
bool trim_is_condition(struct str language, struct str word);
bool trim_points_back(struct str language, struct str word);
/* A word that says that all items of a list belong together: all, both, following. */
bool trim_is_collective(struct str language, struct str word);
bool trim_knows(struct str language);

#endif
