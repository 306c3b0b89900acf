/* phrases.h - what stands beside what: a convolution over the words.
 *
 * A word is a row of numbers, the sum of those of its spelling (the word, its stem, its n-grams), so
 * that words never seen are still like those that are spelled like them. Filters look at one, two
 * or three neighbouring words, and each gives the greatest value that it finds anywhere in the text
 * (Kim 2014). It is weaker than the bag of features by itself, and makes other mistakes: the
 * two together are better than either. Reads the first PHRASES_WORDS words. */
#ifndef ASSISTANT_PHRASES_H
#define ASSISTANT_PHRASES_H

#include "assistant/common.h"
#include "assistant/output.h"

#define PHRASES_WORDS 64
#define PHRASES_SPANS 3

/* What a filter makes of a window is the sum of what it makes of each word in it: its parts. For
 * looking, the parts of all filters lie side by side: span by span, place in the window by place. */
struct phrases {
    int8_t *spelling;             /* [feature, depth], 8 bits an entry (lanes.h) */
    float *parts;                 /* [depth, part] */
    float *bias;                  /* by filter, the shortest first */
    float *book;                  /* [common word, part]: worked out beforehand */
    size_t features, depth, counts[PHRASES_SPANS], part_count;
    struct output output;
};

struct phrases_settings {
    size_t depth; /* a multiple of LANES, as the next */
    size_t counts[PHRASES_SPANS];
    int rounds;
    double rate, drop_spelling, drop_filters;
};

void phrases_learn(struct phrases *phrases, const struct lesson *lesson, const struct phrases_settings *settings);
void phrases_free(struct phrases *phrases);

/* Parts of filters with so many of each span. */
size_t phrases_parts(const size_t counts[PHRASES_SPANS]);

/* Works out the parts of common words, which must stay the same. */
void phrases_prepare(struct phrases *phrases, const struct common *common);

/* `shares` has phrases->output.width places. Gives the greatest score. */
float phrases_shares(const struct phrases *phrases, const struct common *common, struct arena *arena, const struct vector *vector,
                     float *shares);

#endif
