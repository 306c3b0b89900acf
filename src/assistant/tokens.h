/* tokens.h - text to words: NFKC, case folded, cut at what is not letter, digit or mark.
 *
 * Apostrophes inside a word are dropped (what's is whats), words of digits only become "#", since
 * an order's number says nothing about the topic. Words live in the arena. Stems are words without
 * their endings by the language's Snowball stemmer; unknown languages have none. */
#ifndef ASSISTANT_TOKENS_H
#define ASSISTANT_TOKENS_H

#include "base/arena.h"

#define TOKENS_MAX 2000
#define LIMIT_TOKENS_TEXT 16384 /* bytes looked at: twice a message */

struct tokens {
    struct str *words;
    size_t count;
};

struct tokens tokens_of(struct arena *arena, struct str text);

/* The same, but numbers stay as they are: for searching, where "error 404" is about that number. */
struct tokens tokens_with_numbers(struct arena *arena, struct str text);

/* The text folded as its words are, single spaces between them: two texts that read the same are
 * the same bytes. */
struct str tokens_join(struct arena *arena, struct tokens tokens);

struct stemmer;
struct stemmer *stemmer_new(struct str language); /* NULL if there is none for it: then a stem is the word */
void stemmer_free(struct stemmer *stemmer);
struct str stemmer_stem(struct stemmer *stemmer, struct arena *arena, struct str word);

#endif
