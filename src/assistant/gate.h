/* gate.h - from what the classifier says to the probability that it is right.
 *
 * A logistic regression over a few signals of one prediction, each oriented so that more of it
 * means surer, with weights that are not negative: so the gate keeps their order and a strange text
 * cannot turn it round. Trained on predictions for examples that the classifier had not seen, on
 * examples of topics that had been taken away, and on texts about nothing that a company serves. */
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
    GATE_NEAREST,    /* cosine to the nearest example of the predicted class */
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

/* Expected calibration error in `bins` equal bins. */
double gate_calibration_error(const struct gate *gate, const struct gate_example *examples, size_t count, int bins);

#endif
