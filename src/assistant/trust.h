/* trust.h - how far a model may be trusted, learned from the rows of trials.
 *
 * Three things: the gate (is the text about any topic at all), the threshold below which it says no,
 * and the calibration (if it is, how often is the likeliest topic the right one). */
#ifndef ASSISTANT_TRUST_H
#define ASSISTANT_TRUST_H

#include "assistant/calibration.h"
#include "assistant/gate.h"

struct trial_rows;

#define TRUST_FEWEST_HELD_OUT 8 /* rows of intents, to learn anything from */

struct trust {
    struct gate inside;
    struct calibration right;
    double threshold; /* of the gate's probability */
};

struct trust_figures {
    size_t held_out;
    double held_out_accuracy, calibration_error;
};

/* `check` are rows of the final model itself on texts put aside: where there are any, threshold and
 * calibration come from them. Without enough rows it trusts only what is all but an example. */
void trust_learn(struct trust *trust, const struct trial_rows *trials, const struct trial_rows *check, struct trust_figures *figures);

#endif
