/* intent.h - which topic is meant, how sure that is, and whether it is any of them.
 *
 * Trained from the topics' example utterances; titles are examples too. The model is immutable and
 * owns all that it needs: texts are not kept. Two questions, two scores: `inside` says whether the
 * text is about one of the topics at all, `right` whether, if it is, the likeliest topic is the one.
 * Both are calibrated on predictions for examples that a model on trial had not seen. */
#ifndef ASSISTANT_INTENT_H
#define ASSISTANT_INTENT_H

#include "assistant/ensemble.h"

#define INTENT_NONE SIZE_MAX /* instead of a topic: a text outside all of them */

struct intent_example {
    struct str text, language; /* language empty: the lesson's */
    size_t topic;
};

/* What to learn from. Nothing of it is needed afterwards. */
struct intent_lesson {
    const struct intent_example *examples; /* with INTENT_NONE as topic: known to be outside */
    size_t count;
    const struct str *names;               /* of the topics */
    size_t topics;
    const struct intent_example *outside;  /* texts about nothing that anybody serves */
    size_t outside_count;
    const struct str *pool;                /* texts without a topic: what customers wrote before */
    size_t pool_count;
    const struct intent_example *check;    /* not learned from: if there are any, calibration and */
    size_t check_count;                    /* threshold are chosen on these instead of on trials */
    struct str language;                   /* of texts that do not say theirs; may be empty */
    enum ensemble_effort effort;
    uint64_t seed;
    const bool *stop;                      /* see learning.h */
};

struct intent_figures {
    size_t examples, features, held_out, adopted;
    double learn_ms;
    double held_out_accuracy;  /* of models on trial, which saw less than the final one */
    double calibration_error;  /* of `right`, on the same */
    size_t bytes;              /* of the model in memory */
};

struct intent;

/* What the models made of one text of the pool. */
struct intent_adopted {
    size_t topic;      /* INTENT_NONE: it was not learned from */
    double confidence; /* how far the likeliest topic was ahead of the next */
};

/* `adopted`, if not NULL, has a place for each text of the pool. */
struct intent *intent_train(const struct intent_lesson *lesson, struct intent_figures *figures, struct intent_adopted *adopted);
void intent_free(struct intent *intent);

#define INTENT_TOP 5

struct intent_guess {
    size_t topic;
    double probability; /* of the models; of all topics they add up to 1 */
};

struct intent_result {
    struct intent_guess top[INTENT_TOP]; /* best first */
    size_t count;
    const float *shares; /* of every topic, in the arena of the question */
    double inside;      /* calibrated: that it is about one of the topics */
    double right;       /* calibrated: that, if so, it is about top[0] */
    double confidence;  /* both together */
    bool rejected;      /* `inside` is below the model's threshold */
    double known, covered, entropy;
};

void intent_predict(const struct intent *intent, struct arena *arena, struct str text, struct str language,
                    struct intent_result *out);

size_t intent_topics(const struct intent *intent);
struct str intent_name(const struct intent *intent, size_t topic);

#endif
