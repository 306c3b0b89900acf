#include "assistant/linear.h"

#include "base/memory.h"

#define FIRST_SQUARE 0.01f
#define BIAS_SHARE 0.1f

/* What learning one needs beside it. */
struct bench {
    struct linear *linear;
    const struct linear_settings *settings;
    struct random random;
    float *table, *squares, *shares;
    struct feature *active;
};

static void learn_sample(void *learner, const struct sample *sample, float rate)
{
    struct bench *bench = learner;
    struct linear *linear = bench->linear;
    size_t width = linear->width;
    size_t count = learning_drop(bench->active, sample->vector->items, sample->vector->count, bench->settings->drop_features,
                                 &bench->random);
    memcpy(bench->shares, linear->bias, width * sizeof *bench->shares);
    lanes_gather(bench->shares, bench->table, width, bench->active, count);
    lanes_softmax(bench->shares, linear->classes, width);
    if (!learning_error(bench->shares, linear->classes, sample->class))
        return;
    learning_step(bench->table, bench->squares, width, bench->active, count, bench->shares, rate);
    for (size_t k = 0; k < linear->classes; k++)
        linear->bias[k] -= BIAS_SHARE * rate * bench->shares[k];
}

static void bench_free(struct bench *bench)
{
    memory_free(bench->table);
    memory_free(bench->squares);
    memory_free(bench->shares);
    memory_free(bench->active);
}

void linear_learn(struct linear *linear, const struct lesson *lesson, const struct linear_settings *settings)
{
    size_t width = lanes_width(lesson->classes);
    *linear = (struct linear){ .features = lesson->features, .classes = lesson->classes, .width = width,
                               .bias = MEMORY_NEW_ARRAY(float, width) };
    struct bench bench = { .linear = linear, .settings = settings, .random = { lesson->seed },
                           .table = MEMORY_NEW_ARRAY(float, lesson->features * width + 1),
                           .squares = learning_filled(lesson->features, FIRST_SQUARE),
                           .shares = MEMORY_NEW_ARRAY(float, width),
                           .active = MEMORY_NEW_ARRAY(struct feature, learning_most(lesson) + 1) };
    learning_rounds(lesson, settings->rounds, settings->rate, &bench.random, learn_sample, &bench);
    linear->weights = lanes_shorten(bench.table, lesson->features, width);
    bench_free(&bench);
}

void linear_free(struct linear *linear)
{
    memory_free(linear->weights);
    memory_free(linear->bias);
    *linear = (struct linear){ 0 };
}

float linear_shares(const struct linear *linear, const struct vector *vector, float *shares)
{
    memcpy(shares, linear->bias, linear->width * sizeof *shares);
    lanes_gather_short(shares, linear->weights, linear->width, vector->items, vector->count);
    return lanes_softmax(shares, linear->classes, linear->width);
}
