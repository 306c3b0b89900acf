/* features.h - what a text is made of, as numbers for the classifier.
 *
 * Words, pairs of neighbouring words, stems, and character 3- and 4-grams inside words, each kind
 * hashed with its own seed. A lexicon numbers all features of the examples once; a text is then a
 * bag of numbers. What a feature weighs depends on the examples that are learned from (all of them,
 * or those of a fold): (1 + ln n) * idf; words and characters are two groups, each scaled to length
 * 1, then characters by FEATURES_CHARACTERS. */
#ifndef ASSISTANT_FEATURES_H
#define ASSISTANT_FEATURES_H

#include "assistant/tokens.h"
#include "base/map.h"

#define FEATURES_CHARACTERS 1.0

/* Owns its table. Numbers are from 0. */
struct lexicon {
    struct map numbers; /* hash of a feature -> its number + 1; the hash's lowest bits are its kind */
    size_t count;
};

void lexicon_free(struct lexicon *lexicon);

/* One text: numbers and how often they come, each once, words first. */
struct bag {
    uint32_t *numbers, *times;
    size_t words, count; /* [0, words) are of the words' group, the rest characters */
    uint32_t *stems;     /* numbers of the words' stems, without those of digits */
    size_t stem_count, unknown_stems;
};

/* New features get a number. */
void bag_learn(struct bag *bag, struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer);
/* New features are left out. */
void bag_read(struct bag *bag, const struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer);

struct feature {
    uint32_t index; /* of the weighing, from 0 */
    float weight;
};

struct vector {
    struct feature *items;
    size_t count;
    double length; /* Euclidean */
};

/* What the features weigh after some examples. Pairs and characters met in one example only say
 * little and are most of the lexicon: they have no index. Words keep theirs: to know a word at all
 * is a signal. */
struct weighing {
    uint32_t *index; /* by number: index + 1, or 0 */
    float *idf;      /* by number */
    size_t numbers, count;
    float unknown_idf;
};

void weighing_make(struct weighing *weighing, const struct lexicon *lexicon, const struct bag *const *bags, size_t count);
void weighing_free(struct weighing *weighing);

/* Throws out of the lexicon what the weighing has no index for, and numbers both anew. */
void weighing_compact(struct weighing *weighing, struct lexicon *lexicon);

struct vector weighing_vector(const struct weighing *weighing, const struct bag *bag, struct arena *arena);

#endif
