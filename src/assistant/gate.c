#include "assistant/gate.h"

#include <math.h>

#include "base/memory.h"
#include "base/must.h"

#define ROUNDS 200
#define PRIOR 0.02 /* pull of the weights towards 0, in examples */

double gate_probability(const struct gate *gate, const double signals[GATE_SIGNALS])
{
    double sum = gate->bias;
    for (int k = 0; k < GATE_SIGNALS; k++)
        sum += gate->weights[k] * signals[k];
    return 1 / (1 + exp(-sum));
}

struct scale {
    double mean[GATE_SIGNALS], deviation[GATE_SIGNALS], weight;
};

static void measure(struct scale *scale, const struct gate_example *examples, size_t count)
{
    *scale = (struct scale){ .weight = 1e-9 };
    for (size_t i = 0; i < count; i++) {
        scale->weight += examples[i].weight;
        for (int k = 0; k < GATE_SIGNALS; k++)
            scale->mean[k] += examples[i].weight * examples[i].signals[k];
    }
    for (int k = 0; k < GATE_SIGNALS; k++) {
        scale->mean[k] /= scale->weight;
        for (size_t i = 0; i < count; i++) {
            double d = examples[i].signals[k] - scale->mean[k];
            scale->deviation[k] += examples[i].weight * d * d;
        }
        scale->deviation[k] = sqrt(scale->deviation[k] / scale->weight) + 1e-3;
    }
}

/* Projected gradient with a fixed step on standardised signals: the function is smooth with a
 * curvature of at most (GATE_SIGNALS + 1) / 4, so the step below always goes downhill. */
static void descend(struct gate *gate, const struct gate_example *examples, size_t count, double weight)
{
    const double step = 4.0 / (GATE_SIGNALS + 1);
    for (int round = 0; round < ROUNDS; round++) {
        double slope[GATE_SIGNALS] = { 0 }, bias_slope = 0;
        for (size_t i = 0; i < count; i++) {
            double off = examples[i].weight * (gate_probability(gate, examples[i].signals) - (examples[i].right ? 1 : 0));
            bias_slope += off;
            for (int k = 0; k < GATE_SIGNALS; k++)
                slope[k] += off * examples[i].signals[k];
        }
        gate->bias -= step * bias_slope / weight;
        for (int k = 0; k < GATE_SIGNALS; k++) {
            gate->weights[k] -= step * (slope[k] / weight + PRIOR * gate->weights[k]);
            if (gate->weights[k] < 0)
                gate->weights[k] = 0;
        }
    }
}

void gate_train(struct gate *gate, const struct gate_example *examples, size_t count)
{
    struct scale scale;
    struct gate inner = { .weights = { 0 }, .bias = 0 };
    struct gate_example *standard = memory_copy(examples, count * sizeof *examples);
    measure(&scale, examples, count);
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < GATE_SIGNALS; k++)
            standard[i].signals[k] = (examples[i].signals[k] - scale.mean[k]) / scale.deviation[k];
    descend(&inner, standard, count, scale.weight);
    memory_free(standard);
    gate->bias = inner.bias;
    for (int k = 0; k < GATE_SIGNALS; k++) {
        gate->weights[k] = inner.weights[k] / scale.deviation[k];
        gate->bias -= gate->weights[k] * scale.mean[k];
    }
}
