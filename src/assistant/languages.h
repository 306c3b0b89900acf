/* languages.h - which language a text is in.
 *
 * Every language has a model of its character trigrams and a list of small words; both come from a
 * built-in sample and, for the workspace's own languages, from its texts too. Languages that the
 * workspace does not speak compete as well: a text in one of those is "unsure". */
#ifndef ASSISTANT_LANGUAGES_H
#define ASSISTANT_LANGUAGES_H

#include "assistant/tokens.h"

struct languages;

/* Learns nothing yet; languages_learn adds text of the workspace, languages_end makes it ready. */
struct languages *languages_new(const struct str *codes, size_t count);
void languages_learn(struct languages *languages, struct arena *scratch, struct str code, struct str text);
void languages_end(struct languages *languages);
void languages_free(struct languages *languages);

/* One of the workspace's codes, or empty if unsure. *margin, if given, is by how much (in nats). */
struct str languages_guess(const struct languages *languages, struct arena *arena, struct str text, double *margin);

/* True for words that carry no matter: the, och, nicht, para. */
bool languages_is_small_word(struct str language, struct str word);

#endif
