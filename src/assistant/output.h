/* output.h - the last layer of the networks: hidden units to shares of the classes.
 *
 * Softmax of a table [unit, class] with a bias. Only units that are active (above 0 and not dropped)
 * are read or changed. Every entry has its own sum of squares. */
#ifndef ASSISTANT_OUTPUT_H
#define ASSISTANT_OUTPUT_H

#include "assistant/lanes.h"
#include "base/random.h"

#include <stdbool.h>

struct output {
    float *weights, *bias;
    float *squares; /* while learning */
    size_t units, classes, width;
};

void output_make(struct output *output, size_t units, size_t classes, struct random *random);
void output_learned(struct output *output); /* no more steps */
void output_free(struct output *output);

/* `shares` has output->width places. Gives the greatest score. */
float output_shares(const struct output *output, const struct feature *active, size_t count, float *shares);

/* Gives what each active unit's gradient is, and steps. */
void output_step(struct output *output, struct feature *active, size_t count, const float *error, float rate,
                 float *unit_gradients);

#endif
