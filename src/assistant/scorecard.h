/* scorecard.h - a model examined on texts whose intents are known.
 *
 * A text that the model rejects is answered "outside"; a row marked `oos` is right if it is rejected.
 *   accuracy           share of rows that are right, outside counting as one more class
 *   macro_f1           mean over the classes of the rows of the harmonic mean of precision and recall
 *   in_scope_accuracy  share right among rows of an intent
 *   oos_recall         share rejected among rows marked oos
 *   oos_precision      share marked oos among those rejected
 *   calibration_error  of the probability that the likeliest intent is right, over rows of an intent,
 *                      whether rejected or not (calibration.h)
 * Times are the thread's processor time from text to intent. */
#ifndef ASSISTANT_SCORECARD_H
#define ASSISTANT_SCORECARD_H

#include "assistant/examples.h"

#define SCORECARD_OUTSIDE SIZE_MAX /* instead of an intent of the examples */
#define SCORECARD_STRANGE (SIZE_MAX - 1) /* an intent of the model that the examples do not name */

struct confusion {
    size_t intent, taken_for; /* of the examples, or the above */
    size_t count;
    size_t example;           /* one of them */
    struct str name;          /* of what it was taken for */
};

struct scorecard {
    size_t rows, in_scope, outside;
    double accuracy, macro_f1, calibration_error;
    double in_scope_accuracy;     /* negative if there is nothing that it is a share of, like these */
    double oos_recall, oos_precision; /* negative if there is nothing that they are a share of */
    double text_us_p50, text_us_p99;
    struct confusion *confusions; /* the most frequent first */
    size_t confusion_count;
    size_t unknown_intents;       /* of the examples that the model does not have */
};

void scorecard_make(struct scorecard *scorecard, const struct intent *intent, const struct examples *examples);
void scorecard_free(struct scorecard *scorecard);

#endif
