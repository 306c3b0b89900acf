/* intent.h - which topic is meant, and how sure that is.
 *
 * Trained from the topics' example utterances; titles are examples too. The model is immutable and
 * owns all that it needs: texts are not kept. */
#ifndef ASSISTANT_INTENT_H
#define ASSISTANT_INTENT_H

#include "assistant/tokens.h"

struct intent_example {
    struct str text, language;
    size_t topic;
};

struct intent_figures {
    size_t examples, features, folds;
    double train_ms, held_out_accuracy, calibration_error;
};

struct intent;

/* `outside` are texts about nothing that the topics cover, to learn rejection from. */
struct intent *intent_train(const struct intent_example *examples, size_t count, size_t topics,
                            const struct intent_example *outside, size_t outside_count, struct intent_figures *figures);
void intent_free(struct intent *intent);

#define INTENT_TOP 5

struct intent_guess {
    size_t topic;
    double probability; /* of the classifier; of all topics they add up to 1 */
};

struct intent_result {
    struct intent_guess top[INTENT_TOP]; /* best first */
    size_t count;
    double confidence;  /* calibrated: that top[0] is what is meant */
    double known, covered, nearest, entropy;
};

void intent_predict(const struct intent *intent, struct arena *arena, struct str text, struct str language,
                    struct intent_result *out);

#endif
