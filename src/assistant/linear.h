/* linear.h - softmax regression: one weight for each feature and class.
 *
 * Table [feature, class] of 8-bit entries (lanes.h) once it is learned. */
#ifndef ASSISTANT_LINEAR_H
#define ASSISTANT_LINEAR_H

#include "assistant/learning.h"

struct linear {
    int8_t *weights;
    float *bias;
    size_t features, classes, width;
};

struct linear_settings {
    int rounds;
    double rate;
    double drop_features; /* the share that a sample is learned without: a penalty on rare features (Wager, Wang, Liang 2013) */
};

void linear_learn(struct linear *linear, const struct lesson *lesson, const struct linear_settings *settings);
void linear_free(struct linear *linear);

/* `shares` has linear->width places. Gives the greatest score. */
float linear_shares(const struct linear *linear, const struct vector *vector, float *shares);

#endif
