#include "assistant/output.h"

#include <math.h>

#include "assistant/learning.h"
#include "base/memory.h"

#define BIAS_SHARE 0.05f   /* of the rate, for plain steps of the bias */
#define FIRST_SQUARE 0.001f

void output_make(struct output *output, size_t units, size_t classes, struct random *random)
{
    size_t width = lanes_width(classes);
    *output = (struct output){ .units = units, .classes = classes, .width = width };
    output->weights = learning_spread(units, width, classes, sqrt(3.0 / (double)units), random);
    output->squares = learning_filled(units, FIRST_SQUARE);
    output->bias = MEMORY_NEW_ARRAY(float, width);
}

void output_learned(struct output *output)
{
    memory_free(output->squares);
    output->squares = NULL;
}

void output_free(struct output *output)
{
    memory_free(output->weights);
    memory_free(output->bias);
    memory_free(output->squares);
    *output = (struct output){ 0 };
}

float output_shares(const struct output *output, const struct feature *active, size_t count, float *shares)
{
    memcpy(shares, output->bias, output->width * sizeof *shares);
    lanes_gather(shares, output->weights, output->width, active, count);
    return lanes_softmax(shares, output->classes, output->width);
}

void output_step(struct output *output, struct feature *active, size_t count, const float *error, float rate,
                 float *unit_gradients)
{
    for (size_t i = 0; i < count; i++)
        unit_gradients[i] = lanes_dot(output->weights + active[i].index * output->width, error, output->width);
    learning_step(output->weights, output->squares, output->width, active, count, error, rate);
    for (size_t k = 0; k < output->classes; k++)
        output->bias[k] -= BIAS_SHARE * rate * error[k];
}
