/* advice.h - which intents are weak or overlap, and what to write more of, with the texts that show it.
 *
 * Every example is answered once by a model that learned from the others (in folds). An intent is weak
 * if too many of its own examples are not recognised; two overlap if examples of one are taken for
 * the other again and again. Examples that stand in two intents are listed first of all: no model
 * can learn those. */
#ifndef ASSISTANT_ADVICE_H
#define ASSISTANT_ADVICE_H

#include "assistant/examples.h"

#define ADVICE_FEW 10       /* examples: below, write more before anything else */
#define ADVICE_WEAK 0.6     /* share recognised: below, an intent is weak */
#define ADVICE_OVERLAP 0.1  /* of the smaller one's examples, taken for the other */

struct advice_topic {
    size_t topic, examples, recognised;
    size_t taken_for, taken;     /* the intent that its examples are most often taken for, and how often; INTENT_NONE: none */
    size_t write_more;           /* examples; 0: enough */
};

struct advice_pair {
    size_t a, b;
    size_t mistaken;             /* examples of either taken for the other */
    size_t shown[4], shown_count; /* examples that show it */
};

struct advice_double {
    size_t first, second;        /* examples with the same words in two intents */
};

struct advice {
    size_t examples, recognised;
    struct advice_topic *topics; /* the weakest first */
    size_t topic_count;
    struct advice_pair *pairs;   /* those that overlap, the most mistaken first */
    size_t pair_count;
    struct advice_double *doubles;
    size_t double_count;
    size_t *answers;             /* by example: what it was taken for; INTENT_NONE: not asked */
};

void advice_make(struct advice *advice, const struct examples *examples);
void advice_free(struct advice *advice);

#endif
