#include "assistant/linear.h"

#include "base/memory.h"

#define FIRST_SQUARE 0.01f
#define BIAS_SHARE 0.1f

static void learn_sample(struct linear *linear, float *table, float *squares, const struct sample *sample, float rate,
                         float *shares, struct feature *active)
{
    size_t width = linear->width;
    memcpy(shares, linear->bias, width * sizeof *shares);
    memcpy(active, sample->vector->items, sample->vector->count * sizeof *active);
    lanes_gather(shares, table, width, active, sample->vector->count);
    lanes_softmax(shares, linear->classes, width);
    if (!learning_error(shares, linear->classes, sample->class))
        return;
    learning_step(table, squares, width, active, sample->vector->count, shares, rate);
    for (size_t k = 0; k < linear->classes; k++)
        linear->bias[k] -= BIAS_SHARE * rate * shares[k];
}

void linear_learn(struct linear *linear, const struct lesson *lesson, const struct linear_settings *settings)
{
    size_t width = lanes_width(lesson->classes);
    *linear = (struct linear){ .features = lesson->features, .classes = lesson->classes, .width = width };
    struct random random = { lesson->seed };
    float *table = MEMORY_NEW_ARRAY(float, lesson->features * width + 1);
    float *squares = learning_filled(lesson->features, FIRST_SQUARE), *shares = MEMORY_NEW_ARRAY(float, width);
    struct feature *active = MEMORY_NEW_ARRAY(struct feature, learning_most(lesson) + 1);
    uint32_t *order = learning_order(lesson->count);
    linear->bias = MEMORY_NEW_ARRAY(float, width);
    for (int round = 0; round < settings->rounds && !learning_stopped(lesson->stop); round++) {
        float rate = learning_rate(settings->rate, round, settings->rounds);
        learning_shuffle(order, lesson->count, &random);
        for (size_t i = 0; i < lesson->count; i++)
            learn_sample(linear, table, squares, &lesson->samples[order[i]], rate, shares, active);
    }
    linear->weights = lanes_shorten(table, lesson->features, width);
    memory_free(table);
    memory_free(squares);
    memory_free(shares);
    memory_free(active);
    memory_free(order);
}

void linear_free(struct linear *linear)
{
    memory_free(linear->weights);
    memory_free(linear->bias);
    *linear = (struct linear){ 0 };
}

void linear_shares(const struct linear *linear, const struct vector *vector, float *shares)
{
    memcpy(shares, linear->bias, linear->width * sizeof *shares);
    lanes_gather_short(shares, linear->weights, linear->width, vector->items, vector->count);
    lanes_softmax(shares, linear->classes, linear->width);
}
