/* features.h - what a text is made of, as numbers for the models.
 *
 * Words, their stems, pairs of neighbouring stems, and character 2- to 4-grams inside words, each kind
 * hashed with its own seed. A lexicon numbers all features of the examples once; a text is then a
 * bag of numbers, and a row of words each of which has its own. What a feature weighs depends on the
 * examples that are learned from (all of them, or those of a fold): (1 + ln n) * idf; words and
 * characters are two groups, each scaled to length 1, then characters by FEATURES_CHARACTERS. */
#ifndef ASSISTANT_FEATURES_H
#define ASSISTANT_FEATURES_H

#include "assistant/lanes.h"
#include "assistant/tokens.h"
#include "base/map.h"

#define FEATURES_CHARACTERS 0.7

enum feature_kind { FEATURE_WORD = 1, FEATURE_PAIR, FEATURE_STEM, FEATURE_CHARACTERS };

/* Owns its tables. Numbers are from 0. */
struct lexicon {
    struct map numbers; /* hash of a feature -> its number + 1 */
    uint8_t *kinds;     /* by number */
    size_t count, capacity;
};

void lexicon_free(struct lexicon *lexicon);
/* A feature that is not there yet; the kind is in the hash. */
void lexicon_add(struct lexicon *lexicon, uint64_t hash);

/* One text: numbers and how often they come, each once, words first. */
struct bag {
    uint32_t *numbers, *times;
    size_t words, count; /* [0, words) are of the words' group, the rest characters */
    uint32_t *stems;     /* numbers of the words' stems, without those of digits */
    size_t stem_count, unknown_stems;
    uint32_t *spelled;   /* word by word: numbers of the word, its stem and its characters */
    uint32_t *ends;      /* by word: where its numbers end in `spelled` */
    size_t length;       /* in words */
};

/* New features get a number. */
void bag_learn(struct bag *bag, struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer);
/* New features are left out. */
void bag_read(struct bag *bag, const struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer);

/* A text for the models: indexes are of the weighing, from 0. */
struct vector {
    struct feature *items;
    size_t count;
    uint32_t *spelled; /* as the bag's, without what has no index */
    uint32_t *ends;
    size_t words;
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

/* `words`: with how each is spelled, which only phrases read. */
struct vector weighing_vector(const struct weighing *weighing, const struct bag *bag, struct arena *arena, bool words);

#endif
