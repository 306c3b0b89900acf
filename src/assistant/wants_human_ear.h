/* wants_human_ear.h - a second ear, for what no rule foresaw: learned, linear, a few kilobytes.
 *
 * The rules of wants_human say with certainty what they know; people say the same in ways that nobody
 * wrote down. So every sentence is also weighed: its words, pairs of words and pieces of words have weights
 * for each class, learned at build time from src/assistant/wants_human/sentences.tsv
 * (tools/wants-human-ear.c). It only ever adds a person, never takes one away. */
#ifndef ASSISTANT_WANTS_HUMAN_EAR_H
#define ASSISTANT_WANTS_HUMAN_EAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EAR_BUCKETS 65536
#define EAR_WORDS_MIN 4     /* fewer say too little */
#define EAR_WORDS_MAX 40    /* a longer sentence is weighed in parts */

/* X(CLASS, name in sentences.tsv): what a sentence can be, beside nothing. */
#define EAR_CLASSES(X) X(WORDS, "words") X(COMPLAINT, "complaint") X(VULNERABLE, "vulnerable") X(HARM, "harm") X(FRAUD, "fraud")

enum ear_class {
#define X(class, name) EAR_##class,
    EAR_CLASSES(X)
#undef X
    EAR_COUNT
};

extern const int8_t ear_weights[EAR_BUCKETS][8]; /* the first EAR_COUNT are used */
extern const float ear_scale;                    /* of one step of a weight */
extern const float ear_threshold;                /* of the logarithm of the odds that it is anything at all */

/* A sentence while its words come in. */
struct ear {
    int32_t sums[EAR_COUNT];
    float squares;
    uint32_t last, before;     /* the words behind, as hashes */
    unsigned words;
    float excess;              /* over the threshold: the greatest of any sentence; heard if above 0 */
    enum ear_class heard;      /* as what */
    uint64_t steps;
};

/* Calls feature(context, bucket, weight) for each feature of the word behind `last` and `before` (0 for none), and for the end of a sentence. */
typedef void ear_feature_fn(void *context, uint32_t bucket, int weight);
void ear_features(const uint16_t *letters, size_t len, uint32_t last, uint32_t before, ear_feature_fn *feature, void *context);
void ear_end_features(uint32_t last, ear_feature_fn *feature, void *context);
uint32_t ear_word_hash(const uint16_t *letters, size_t len);

void ear_start(struct ear *ear);
void ear_word(struct ear *ear, const uint16_t *letters, size_t len);
void ear_end_sentence(struct ear *ear);

/* Log odds of each class for words that nobody has heard before: nothing is the likeliest. */
#define EAR_PRIOR -2.0f

#define EAR_WHOLE 4 /* weights of features in quarters: a word is 4 */

#endif
