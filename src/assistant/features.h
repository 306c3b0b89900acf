/* features.h - what a text is made of, as numbers for the classifier.
 *
 * Words, pairs of neighbouring words, stems, and character 3- and 4-grams inside words, each kind
 * hashed with its own seed and looked up in an exact table of numbered features. Weights are
 * (1 + ln n) * idf; words and characters are two groups, each scaled to length 1, then characters
 * by FEATURES_CHARACTERS. Unknown features are skipped. */
#ifndef ASSISTANT_FEATURES_H
#define ASSISTANT_FEATURES_H

#include "assistant/tokens.h"
#include "base/map.h"

#define FEATURES_CHARACTERS 1.0

struct feature {
    uint32_t index; /* from 0 */
    float weight;
};

struct vector {
    struct feature *items; /* by ascending index */
    size_t count;
    double length; /* Euclidean */
};

struct feature_table {
    struct map numbers;    /* hash of a feature -> its index + 1 */
    float *idf;            /* by index */
    uint32_t *documents;   /* in how many examples it is */
    size_t count, capacity, examples;
};

/* Raw features of one text: hashes, doubles included, words first. */
struct raw_features {
    uint64_t *hashes;
    size_t words, count;   /* [0, words) are of the words' group, the rest characters */
    uint64_t *stems;       /* the hashes of the stems alone, without those of digits */
    size_t stem_count;
};

void features_raw(struct arena *arena, struct tokens tokens, struct stemmer *stemmer, struct raw_features *out);

/* Numbers the features of one example and counts it. */
void features_learn(struct feature_table *table, const struct raw_features *raw, struct arena *scratch);
void features_end_learning(struct feature_table *table);
void features_free(struct feature_table *table);

struct vector features_vector(const struct feature_table *table, const struct raw_features *raw, struct arena *arena);

/* Index of a hash, or -1 if it is unknown; and what an unknown word weighs. */
ptrdiff_t features_find(const struct feature_table *table, uint64_t hash);
double features_idf_of_unknown(const struct feature_table *table);

#endif
