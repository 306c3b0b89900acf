/* trial.h - models that are learned only to be examined, on what they have not seen.
 *
 * A model on trial learns from a part of the examples. Examples that were held out show how often it
 * is right; whole topics that were taken away stand for what customers ask and nobody has written
 * down. What comes out is a list of rows, from which trust.h makes the gate, the calibration and the
 * threshold. */
#ifndef ASSISTANT_TRIAL_H
#define ASSISTANT_TRIAL_H

#include "assistant/training.h"

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

/* One prediction becomes a row. */
void trial_look(const struct understanding *understanding, const struct bag *bag, size_t topic, enum trial_kind kind,
                struct trial_rows *rows);

/* All trials; none if there are too few examples. */
void trial_run(const struct training *training, struct trial_rows *rows);

/* One trial that learns from the pool as well: what is held out or taken away is so from the start. */
void trial_run_with_pool(struct training *training, const struct trust *trust, struct trial_rows *rows);

#endif
