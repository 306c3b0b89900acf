/* languages.h - which language a text is in.
 *
 * Every language has a model of how its words are spelled (characters, each given the three before it)
 * and a list of its common words; both come from a built-in sample (language_samples.h) and, for the
 * workspace's own languages, from its texts too. Languages that the workspace does not speak compete
 * as well, so that a text in one of those is known as that and not taken for a neighbour. Unsure
 * gives nothing: a wrong language is worse than none. */
#ifndef ASSISTANT_LANGUAGES_H
#define ASSISTANT_LANGUAGES_H

#include "assistant/tokens.h"

struct languages;

/* Learns nothing yet; languages_learn adds text of the workspace, languages_end makes it ready, and
 * immutable. `codes` are the workspace's languages; there may be none. */
struct languages *languages_new(const struct str *codes, size_t count);
void languages_learn(struct languages *languages, struct arena *scratch, struct str code, struct str text);
void languages_end(struct languages *languages);
void languages_free(struct languages *languages);

struct language_found {
    struct str code; /* the workspace's if it is one of those, else ISO 639-1; empty if unsure */
    bool own;        /* one of the workspace's */
    double lead;     /* how much likelier than the next, in nats */
};

struct language_found languages_find(const struct languages *languages, struct arena *arena, struct str text);

/* One of the workspace's codes, or empty: if unsure, and for a language that it does not speak.
 * *margin, if given, is the lead. */
struct str languages_guess(const struct languages *languages, struct arena *arena, struct str text, double *margin);

/* True for words that carry no matter: the, och, nicht, para. */
bool languages_is_small_word(struct str language, struct str word);

/* True for a word that is common in one of the four languages whose answers are checked word by word. */
bool languages_is_common_word(struct str word);

/* "Swedish"; NULL for a code that is not among the samples. */
const char *languages_name(struct str code);

#endif
