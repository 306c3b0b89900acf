/* trial.h - models that are learned only to be examined, on what they have not seen.
 *
 * A model on trial learns from a part of the examples. Examples that were held out show how often it
 * is right; whole topics that were taken away stand for what customers ask and nobody has written
 * down. What comes out is a list of rows, from which intent_train.c makes the gate, the calibration
 * and the threshold. For intent_*.c only. */
#ifndef ASSISTANT_TRIAL_H
#define ASSISTANT_TRIAL_H

#include "assistant/intent_parts.h"

enum trial_kind {
    TRIAL_HELD_OUT,  /* an example of a topic that was learned */
    TRIAL_AWAY,      /* an example of a topic that was taken away */
    TRIAL_OUTSIDE,   /* marked as outside by whoever wrote the examples */
    TRIAL_GENERAL,   /* about nothing that anybody serves */
    TRIAL_KINDS
};

struct trial_row {
    double signals[GATE_SIGNALS];
    enum trial_kind kind;
    bool right; /* held out and understood */
};

struct trial_rows {
    struct trial_row *items;
    size_t count, capacity;
};
void trial_rows_free(struct trial_rows *rows);

/* The examples as bags, and how they are parted. */
struct training {
    const struct intent_lesson *lesson;
    struct lexicon *lexicon;
    struct bag *bags;       /* of examples inside, in their order */
    uint32_t *topics, *places; /* by example inside: its topic, and its place among the topic's; doubles share one */
    uint32_t *sizes;        /* by topic: of places */
    size_t count;
    struct bag *outside, *general, *check;
    size_t outside_count;
    struct arena arena;     /* of the whole training */
};

/* Learns the features of all examples. */
void training_read(struct training *training);

/* A model of the chosen examples: `chosen` are places in training->bags. */
void training_learn(const struct training *training, const uint32_t *chosen, size_t count, uint64_t seed,
                    struct understanding *out);

/* One prediction becomes a row. */
void trial_look(const struct understanding *understanding, const struct bag *bag, size_t topic, enum trial_kind kind,
                struct trial_rows *rows);

/* All trials; none if there are too few examples. */
void trial_run(const struct training *training, struct trial_rows *rows);

#endif
