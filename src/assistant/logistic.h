/* logistic.h - one-against-the-rest logistic regression, trained by liblinear.
 *
 * The only file that knows liblinear (whose names clash with ours). Deterministic: the solver is
 * L2R_LR, a trust region Newton method without draws. Weights are kept feature by feature, so that
 * scoring a short text reads few cache lines. */
#ifndef ASSISTANT_LOGISTIC_H
#define ASSISTANT_LOGISTIC_H

#include "assistant/features.h"

struct logistic {
    float *weights; /* [feature * classes + class]; the last row is the bias */
    size_t features, classes;
};

struct logistic_example {
    const struct vector *vector;
    size_t class;
};

/* A class without an example has probability 0. */
void logistic_train(struct logistic *model, const struct logistic_example *examples, size_t count, size_t features,
                    size_t classes);
void logistic_free(struct logistic *model);

/* Probabilities of all classes, which add up to 1. */
void logistic_predict(const struct logistic *model, const struct vector *vector, double *probabilities);

#endif
