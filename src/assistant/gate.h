/* gate.h - from signs of one prediction to the probability that it is to be trusted.
 *
 * A logistic regression over a few signals, each oriented so that more of it means surer, with
 * weights that are not negative: so a strange text cannot turn it round. intent.h asks it whether a
 * text is about one of the topics at all; it learns that from held-out examples, from examples of
 * topics that were taken away, and from texts that are known to be outside. */
#ifndef ASSISTANT_GATE_H
#define ASSISTANT_GATE_H

#include <stdbool.h>
#include <stddef.h>

enum gate_signal {
    GATE_LOGIT,      /* of the greatest probability */
    GATE_MARGIN,     /* greatest less second probability */
    GATE_ENTROPY,    /* 1 - entropy / ln(classes) */
    GATE_KNOWN,      /* share of known words, by idf */
    GATE_COVERED,    /* share of words that the predicted class's examples have, by idf */
    GATE_LEAST,      /* what the least sure model thinks of the predicted class */
    GATE_SCORE,      /* the greatest score before it became a share, mean of the models: how much speaks for any class */
    GATE_SIGNALS
};

struct gate {
    double weights[GATE_SIGNALS], bias;
};

struct gate_example {
    double signals[GATE_SIGNALS];
    double weight;
    bool right;
};

void gate_train(struct gate *gate, const struct gate_example *examples, size_t count);
double gate_probability(const struct gate *gate, const double signals[GATE_SIGNALS]);

#endif
