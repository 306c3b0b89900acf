/* training.h - the examples of a lesson as bags of features, and models of some of them.
 *
 * Examples of topics come first, then the pool: texts that nobody has sorted, of which some are
 * adopted (adopt.h), that is learned from as if somebody had. For intent_*.c and its parts only. */
#ifndef ASSISTANT_TRAINING_H
#define ASSISTANT_TRAINING_H

#include "assistant/intent_parts.h"

/* What a model learns from, by number: for one on trial not all there is. */
struct chosen {
    const uint32_t *items;   /* of training->bags: examples of topics */
    size_t count;
    const uint32_t *outside; /* of training->outside */
    size_t outside_count;
};

/* Examples that a person gave count as often as this when the pool is learned from too. */
#define TRAINING_REPEAT 4

struct training {
    const struct intent_lesson *lesson;
    struct lexicon *lexicon;
    struct bag *bags;       /* of examples of topics, in their order, and behind them of the pool */
    uint32_t *topics;       /* by bag; of the pool: what it was taken for */
    uint32_t *places;       /* by example: its place among the topic's; doubles share one */
    uint32_t *sizes;        /* by topic: of places */
    size_t count;           /* of examples of topics */
    bool *adopted;          /* by text of the pool: it is learned from */
    bool *barred;           /* by text of the pool: it must not be, since a trial has put its twin aside */
    uint64_t *keys;         /* by bag: the text as its words read */
    size_t adopted_count;
    struct bag *outside, *check; /* of examples outside and the lesson's `outside` behind them; of its `check` */
    size_t marked_count, outside_count; /* marked as outside among the examples; all of `outside` */
    struct arena arena;     /* of the whole training */
};

/* Learns the features of all examples and of the pool. */
void training_read(struct training *training);

/* A model of what is chosen and of what was adopted of the pool. */
void training_learn(const struct training *training, const struct chosen *chosen, const struct ensemble_settings *settings,
                    uint64_t seed, struct understanding *out);

/* As good as the lesson wants it. */
void training_learn_well(const struct training *training, const struct chosen *chosen, uint64_t seed, struct understanding *out);

#endif
