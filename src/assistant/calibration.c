#include "assistant/calibration.h"

#include <math.h>

#define LEAST 1e-4
#define PULL 2.0 /* towards slope 1 and shift 0, in examples */
#define STEPS 50

double calibration_logit(double probability)
{
    double p = probability < LEAST ? LEAST : probability > 1 - LEAST ? 1 - LEAST : probability;
    return log(p / (1 - p));
}

double calibration_probability(const struct calibration *calibration, double logit)
{
    return 1 / (1 + exp(-(calibration->slope * logit + calibration->shift)));
}

/* Newton's steps, halved while they overshoot: the loss is convex, so this ends. */
static double loss(const struct calibration *at, const struct calibration_example *examples, size_t count)
{
    double sum = PULL / 2 * ((at->slope - 1) * (at->slope - 1) + at->shift * at->shift);
    for (size_t i = 0; i < count; i++) {
        double score = at->slope * examples[i].logit + at->shift, against = examples[i].right ? -score : score;
        sum += against > 30 ? against : log1p(exp(against));
    }
    return sum;
}

struct calibration calibration_fit(const struct calibration_example *examples, size_t count)
{
    struct calibration at = { 1, 0 };
    double now = loss(&at, examples, count);
    for (int step = 0; step < STEPS; step++) {
        double g0 = PULL * (at.slope - 1), g1 = PULL * at.shift, h00 = PULL, h01 = 0, h11 = PULL;
        for (size_t i = 0; i < count; i++) {
            double x = examples[i].logit, p = calibration_probability(&at, x), off = p - (examples[i].right ? 1 : 0);
            double curve = p * (1 - p);
            g0 += off * x;
            g1 += off;
            h00 += curve * x * x;
            h01 += curve * x;
            h11 += curve;
        }
        double determinant = h00 * h11 - h01 * h01, d0 = (h11 * g0 - h01 * g1) / determinant, d1 = (h00 * g1 - h01 * g0) / determinant;
        struct calibration next = at;
        double size = 1, then = now;
        do {
            next = (struct calibration){ at.slope - size * d0, at.shift - size * d1 };
            then = loss(&next, examples, count);
            size /= 2;
        } while (then > now && size > 1e-6);
        if (!(then < now - 1e-9))
            break;
        at = next;
        now = then;
    }
    return at;
}

void calibration_count(struct calibration_bins *bins, double probability, bool right)
{
    int bin = probability >= 1 ? CALIBRATION_BINS - 1 : probability <= 0 ? 0 : (int)(probability * CALIBRATION_BINS);
    bins->said[bin] += probability;
    bins->right[bin] += right ? 1 : 0;
    bins->count++;
}

double calibration_error(const struct calibration_bins *bins)
{
    double error = 0;
    for (int b = 0; b < CALIBRATION_BINS && bins->count; b++)
        error += fabs(bins->said[b] - bins->right[b]) / (double)bins->count;
    return error;
}
