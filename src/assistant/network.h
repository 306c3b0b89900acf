/* network.h - features to a row of hidden units (ReLU), those to the classes.
 *
 * While it learns, a part of each text's features and of the hidden units is dropped, so that nothing
 * relies on one word. Table [feature, unit] of 8-bit entries (lanes.h) once it is learned. */
#ifndef ASSISTANT_NETWORK_H
#define ASSISTANT_NETWORK_H

#include "assistant/learning.h"
#include "assistant/output.h"

struct network {
    int8_t *weights;
    float *bias;
    size_t features, units;
    struct output output;
};

struct network_settings {
    size_t units; /* a multiple of LANES */
    int rounds;
    double rate, drop_features, drop_units;
};

void network_learn(struct network *network, const struct lesson *lesson, const struct network_settings *settings);
void network_free(struct network *network);

/* `shares` has network->output.width places. Gives the greatest score. */
float network_shares(const struct network *network, struct arena *arena, const struct vector *vector, float *shares);

#endif
