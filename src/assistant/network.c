#include "assistant/network.h"

#include "base/memory.h"

#define FIRST_SQUARE 0.001f
#define FIRST_WEIGHT 0.25
#define BIAS_SHARE 0.05f

/* What learning one network needs beside it. */
struct bench {
    struct network *network;
    const struct network_settings *settings;
    struct random random;
    float *table, *squares;
    struct feature *active, *units, *units_kept;
    float *hidden, *shares, *unit_gradients, *gradient;
};

static size_t above_zero(const float *hidden, size_t count, struct feature *units)
{
    size_t active = 0;
    for (size_t i = 0; i < count; i++)
        if (hidden[i] > 0)
            units[active++] = (struct feature){ (uint32_t)i, hidden[i] };
    return active;
}

static void learn_sample(void *learner, const struct sample *sample, float rate)
{
    struct bench *bench = learner;
    struct network *network = bench->network;
    const struct network_settings *settings = bench->settings;
    size_t width = network->units;
    size_t count = learning_drop(bench->active, sample->vector->items, sample->vector->count, settings->drop_features,
                                 &bench->random);
    memcpy(bench->hidden, network->bias, width * sizeof *bench->hidden);
    lanes_gather(bench->hidden, bench->table, width, bench->active, count);
    size_t units = above_zero(bench->hidden, width, bench->units);
    units = learning_drop(bench->units_kept, bench->units, units, settings->drop_units, &bench->random);
    output_shares(&network->output, bench->units_kept, units, bench->shares);
    if (!learning_error(bench->shares, network->output.classes, sample->class))
        return;
    output_step(&network->output, bench->units_kept, units, bench->shares, rate, bench->unit_gradients);
    memset(bench->gradient, 0, width * sizeof *bench->gradient);
    float scale = (float)(1 / (1 - settings->drop_units));
    for (size_t i = 0; i < units; i++)
        bench->gradient[bench->units_kept[i].index] = bench->unit_gradients[i] * scale;
    learning_step(bench->table, bench->squares, width, bench->active, count, bench->gradient, rate);
    for (size_t i = 0; i < units; i++)
        network->bias[bench->units_kept[i].index] -= BIAS_SHARE * rate * bench->gradient[bench->units_kept[i].index];
}

static void bench_free(struct bench *bench)
{
    memory_free(bench->table);
    memory_free(bench->squares);
    memory_free(bench->active);
    memory_free(bench->units);
    memory_free(bench->units_kept);
    memory_free(bench->hidden);
    memory_free(bench->shares);
    memory_free(bench->unit_gradients);
    memory_free(bench->gradient);
}

void network_learn(struct network *network, const struct lesson *lesson, const struct network_settings *settings)
{
    size_t units = settings->units;
    must(units % LANES == 0);
    struct bench bench = { .network = network, .settings = settings, .random = { lesson->seed } };
    *network = (struct network){ .features = lesson->features, .units = units, .bias = MEMORY_NEW_ARRAY(float, units) };
    bench.table = learning_spread(lesson->features, units, units, FIRST_WEIGHT, &bench.random);
    bench.squares = learning_filled(lesson->features, FIRST_SQUARE);
    output_make(&network->output, units, lesson->classes, &bench.random);
    bench.active = MEMORY_NEW_ARRAY(struct feature, learning_most(lesson) + 1);
    bench.units = MEMORY_NEW_ARRAY(struct feature, units + 1);
    bench.units_kept = MEMORY_NEW_ARRAY(struct feature, units + 1);
    bench.hidden = MEMORY_NEW_ARRAY(float, units);
    bench.gradient = MEMORY_NEW_ARRAY(float, units);
    bench.unit_gradients = MEMORY_NEW_ARRAY(float, units);
    bench.shares = MEMORY_NEW_ARRAY(float, network->output.width);
    learning_rounds(lesson, settings->rounds, settings->rate, &bench.random, learn_sample, &bench);
    network->weights = lanes_shorten(bench.table, lesson->features, units);
    output_learned(&network->output);
    bench_free(&bench);
}

void network_free(struct network *network)
{
    memory_free(network->weights);
    memory_free(network->bias);
    output_free(&network->output);
    *network = (struct network){ 0 };
}

float network_shares(const struct network *network, struct arena *arena, const struct vector *vector, float *shares)
{
    float *hidden = ARENA_NEW_ARRAY(arena, float, network->units);
    struct feature *units = ARENA_NEW_ARRAY(arena, struct feature, network->units + 1);
    memcpy(hidden, network->bias, network->units * sizeof *hidden);
    lanes_gather_short(hidden, network->weights, network->units, vector->items, vector->count);
    return output_shares(&network->output, units, above_zero(hidden, network->units, units), shares);
}
