/* restated.h - does a text only say again, sentence by sentence, what a source says?
 *
 * For a language model's wording of an answer, beside ground_facts: facts alone would let "Your refund has been
 * sent" pass where the source speaks of refunds. A clause stands if one sentence of the source has all its words
 * that carry weight, in their order (its end may come first), by their stems: everything but a short list of small
 * words. Numbers, "have", "will", "yes", and who it is about (you, we, they) carry weight. What is said of a statement (a
 * sentence, or what a semicolon or ", and" parts from it) is said whole: "a payment costs 5" says more than "a late payment
 * costs 5 €". Only who it is about may be left out. Words that turn the source's sentence (if, until, only, not, at least,
 * stop ...) must be in the one that says it again. And every number and every link of the source must come again.
 *
 * Errs towards refusing: then the approved text itself is sent.
 * English, Swedish, German and Spanish; in other languages nothing stands. */
#ifndef ASSISTANT_RESTATED_H
#define ASSISTANT_RESTATED_H

#include "base/arena.h"
#include "base/err.h"

bool restated_is(struct err *err, struct str text, struct str source, struct str language) WARN_UNUSED;

/* Whether it knows the language's small words. */
bool restated_knows(struct str language);

#endif
