/* calibration.h - a score that says how often it is right.
 *
 * Platt scaling: probability = 1 / (1 + exp(-(slope * logit + shift))), fitted by Newton's method with
 * a little pull towards the score as it is, which few examples do not overcome. Monotone, so it
 * keeps the order of scores (Platt 1999; Lin, Lin, Weng 2007). */
#ifndef ASSISTANT_CALIBRATION_H
#define ASSISTANT_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

struct calibration {
    double slope, shift;
};

struct calibration_example {
    double logit;
    bool right;
};

double calibration_logit(double probability); /* bounded */
struct calibration calibration_fit(const struct calibration_example *examples, size_t count);
double calibration_probability(const struct calibration *calibration, double logit);

/* Expected calibration error: |said - was| in bins of equal width, by their share of all. */
#define CALIBRATION_BINS 15
struct calibration_bins {
    double said[CALIBRATION_BINS], right[CALIBRATION_BINS];
    size_t count;
};
void calibration_count(struct calibration_bins *bins, double probability, bool right);
double calibration_error(const struct calibration_bins *bins);

#endif
