/* vocabulary.h - the words that a library knows, with their stems and n-grams as small numbers.
 *
 * A word belongs to a language, since its stem does. Words that the vocabulary does not know can be
 * looked up by their letters: those within one edit (two for long words; an edit is a letter put in,
 * left out, changed, or swapped with its neighbour) are what was probably meant. Grows while the
 * library is built; vocabulary_end makes it ready for looking up, and immutable. */
#ifndef ASSISTANT_VOCABULARY_H
#define ASSISTANT_VOCABULARY_H

#include "assistant/terms.h"
#include "base/map.h"

#define VOCABULARY_NONE UINT32_MAX
#define VOCABULARY_GRAM_LEAST 3
#define VOCABULARY_GRAM_MOST 4

struct vocabulary_word {
    struct str text;
    uint32_t stem;
    uint32_t gram_from, gram_count; /* in `grams`; a gram twice in the word stands there twice */
    uint32_t times;                 /* how often it was added */
};

struct vocabulary {
    struct arena arena;
    struct vocabulary_word *words;
    size_t count, capacity;
    uint32_t *grams;
    size_t gram_total, gram_capacity;
    struct map by_word, by_stem, by_gram; /* number + 1 */
    size_t stems, gram_kinds;
    uint32_t *near_from, *near;           /* of each gram: the words that have it */
};

/* The number of the word; `language` is any number that tells languages apart. */
uint32_t vocabulary_add(struct vocabulary *vocabulary, struct stemmer *stemmer, unsigned language, struct str word);
void vocabulary_end(struct vocabulary *vocabulary);
void vocabulary_free(struct vocabulary *vocabulary);

/* VOCABULARY_NONE if there is none. */
uint32_t vocabulary_word(const struct vocabulary *vocabulary, unsigned language, struct str word);
uint32_t vocabulary_stem(const struct vocabulary *vocabulary, struct stemmer *stemmer, struct arena *arena, struct str word);
uint32_t vocabulary_gram(const struct vocabulary *vocabulary, uint64_t key);

struct vocabulary_near {
    uint32_t word;
    int edits; /* 0: the same but for accents */
};

#define VOCABULARY_NEAR 3

/* The known words that an unknown one is probably meant to be, the nearest first; only those with the
 * fewest edits. Words of fewer than four letters are never guessed (but accents are). */
size_t vocabulary_guess(const struct vocabulary *vocabulary, struct arena *arena, struct str word, struct vocabulary_near near[VOCABULARY_NEAR]);

/* Optimal string alignment distance of two words by their letters; more than `most` gives most + 1. */
int vocabulary_edits(const int32_t *a, size_t a_count, const int32_t *b, size_t b_count, int most);

#endif
