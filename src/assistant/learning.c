#include "assistant/learning.h"

#include <math.h>

#include "base/memory.h"

bool learning_stopped(const bool *stop)
{
    return stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE);
}

uint32_t *learning_order(size_t count)
{
    uint32_t *order = MEMORY_NEW_ARRAY(uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    return order;
}

static void shuffle(uint32_t *order, size_t count, struct random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(random, i);
        uint32_t swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}

/* Falls in a straight line, and never to nothing. */
static float rate_of(double rate, int round, int rounds)
{
    return (float)(rate * (1 - (double)round / rounds) + rate / 50);
}

void learning_rounds(const struct lesson *lesson, int rounds, double rate, struct random *random, learning_step_of *step, void *learner)
{
    uint32_t *order = learning_order(lesson->count);
    for (int round = 0; round < rounds && !learning_stopped(lesson->stop); round++) {
        shuffle(order, lesson->count, random);
        for (size_t i = 0; i < lesson->count; i++)
            step(learner, &lesson->samples[order[i]], rate_of(rate, round, rounds));
    }
    memory_free(order);
}

/* Four decisions of 16 bits are taken from one random number. */
size_t learning_drop(struct feature *out, const struct feature *items, size_t count, double share, struct random *random)
{
    uint64_t limit = (uint64_t)(share * 65536), bits = 0;
    float scale = (float)(1 / (1 - share));
    size_t kept = 0;
    if (limit == 0) {
        memcpy(out, items, count * sizeof *items);
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        bits = i % 4 ? bits >> 16 : random_next(random);
        out[kept] = (struct feature){ items[i].index, items[i].weight * scale };
        kept += (bits & 0xffff) >= limit;
    }
    return kept;
}

bool learning_error(float *shares, size_t classes, uint32_t class)
{
    for (size_t k = 0; k < classes && class == LEARNING_NONE; k++)
        shares[k] -= 1 / (float)classes;
    if (class != LEARNING_NONE)
        shares[class] -= 1;
    return lanes_squares(shares, lanes_width(classes)) > LEARNING_DONE;
}

void learning_step(float *table, float *squares, size_t width, struct feature *active, size_t count, const float *gradient,
                   float rate)
{
    float mean = lanes_squares(gradient, width) / (float)width;
    for (size_t i = 0; i < count; i++) {
        float *sum = &squares[active[i].index], weight = active[i].weight;
        *sum += weight * weight * mean;
        active[i].weight = rate * weight / sqrtf(*sum);
    }
    lanes_scatter(table, width, active, count, gradient);
}

float *learning_spread(size_t rows, size_t width, size_t used, double most, struct random *random)
{
    float *table = memory_new(rows * width + 1, sizeof *table);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < used; k++)
            table[i * width + k] = (float)((random_unit(random) * 2 - 1) * most);
    return table;
}

float *learning_filled(size_t count, float value)
{
    float *table = memory_new(count + 1, sizeof *table);
    for (size_t i = 0; i < count; i++)
        table[i] = value;
    return table;
}

size_t learning_most(const struct lesson *lesson)
{
    size_t most = 0;
    for (size_t i = 0; i < lesson->count; i++)
        if (lesson->samples[i].vector->count > most)
            most = lesson->samples[i].vector->count;
    return most;
}
