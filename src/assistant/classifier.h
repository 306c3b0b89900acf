/* classifier.h - one-against-the-rest linear classification, trained by liblinear.
 *
 * The only file that knows liblinear (whose names clash with ours): a support vector machine with
 * squared hinge loss in the dual (L2R_L2LOSS_SVC_DUAL), which on small sets of short texts was as
 * accurate as logistic regression and three times as fast. Weights are kept feature by feature, so
 * that scoring a short text reads few cache lines. Not to be trained by two threads at once:
 * liblinear draws from the C library's rand(), which is seeded anew so that the same examples
 * always give the same weights. */
#ifndef ASSISTANT_CLASSIFIER_H
#define ASSISTANT_CLASSIFIER_H

#include "assistant/features.h"

struct classifier {
    float *weights; /* [feature * classes + class]; the last row is the bias */
    size_t features, classes;
};

struct classifier_example {
    const struct vector *vector;
    size_t class;
};

/* A class without an example has probability 0. */
void classifier_train(struct classifier *model, const struct classifier_example *examples, size_t count, size_t features,
                      size_t classes);
void classifier_free(struct classifier *model);

/* A share for each class, which add up to 1: ordered as the scores, not calibrated (gate.h is). */
void classifier_predict(const struct classifier *model, const struct vector *vector, double *probabilities);

#endif
