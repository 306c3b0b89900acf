#include "assistant/trust.h"

#include <stdlib.h>

#include "assistant/trial.h"
#include "base/memory.h"

#define OUTSIDE_SHARE 0.15   /* of what is asked, taken to be outside when `inside` is calibrated */
#define REJECTED_SHARE 0.03  /* of what is asked, taken to be outside when the threshold is chosen ... */
#define UNMARKED_SHARE 0.004 /* ... and if nobody has shown what is outside */
#define FEW_ROWS 30.0        /* so many rows inside leave the threshold half as high as they say it should be */
#define MARKED_TRUST 20.0    /* so many rows marked as outside count as much as topics taken away */

/* For sets too small for trials: sure only of what is all but an example. */
static const struct gate small_gate = {
    .weights = { [GATE_LOGIT] = 0.3, [GATE_KNOWN] = 1, [GATE_COVERED] = 4 }, .bias = -3
};
#define SMALL_THRESHOLD 0.2

/* --- the gate ----------------------------------------------------------------------------------- */

struct weights {
    double of[TRIAL_KINDS];
};

/* Rows inside count 1 each; the kinds outside share what is left between them. */
static struct weights weights_of(const struct trial_rows *rows)
{
    double counts[TRIAL_KINDS] = { 0 }, trust[TRIAL_KINDS] = { 0 }, all = 0;
    struct weights weights = { .of = { [TRIAL_HELD_OUT] = 1 } };
    for (size_t i = 0; i < rows->count; i++)
        counts[rows->items[i].kind]++;
    trust[TRIAL_AWAY] = counts[TRIAL_AWAY] > 0 ? 1 : 0;
    trust[TRIAL_GENERAL] = counts[TRIAL_GENERAL] > 0 ? 1 : 0;
    trust[TRIAL_OUTSIDE] = counts[TRIAL_OUTSIDE] / MARKED_TRUST < 1 ? counts[TRIAL_OUTSIDE] / MARKED_TRUST : 1;
    for (int k = 0; k < TRIAL_KINDS; k++)
        all += trust[k];
    for (int k = TRIAL_HELD_OUT + 1; k < TRIAL_KINDS; k++)
        if (counts[k] > 0)
            weights.of[k] = OUTSIDE_SHARE / (1 - OUTSIDE_SHARE) * counts[TRIAL_HELD_OUT] * trust[k] / all / counts[k];
    return weights;
}

static size_t count_inside(const struct trial_rows *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += rows->items[i].kind == TRIAL_HELD_OUT;
    return count;
}

static void make_gate(struct trust *trust, const struct trial_rows *rows)
{
    struct weights weights = weights_of(rows);
    size_t inside = count_inside(rows);
    trust->inside = small_gate;
    if (inside < TRUST_FEWEST_HELD_OUT || inside == rows->count)
        return;
    struct gate_example *examples = MEMORY_NEW_ARRAY(struct gate_example, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) {
        memcpy(examples[i].signals, rows->items[i].signals, sizeof examples[i].signals);
        examples[i].right = rows->items[i].kind == TRIAL_HELD_OUT;
        examples[i].weight = weights.of[rows->items[i].kind];
    }
    gate_train(&trust->inside, examples, rows->count);
    memory_free(examples);
}

/* --- the threshold ------------------------------------------------------------------------------ */

struct scored {
    double inside, gain; /* gain: of rejecting it */
};

static int by_score(const void *a, const void *b)
{
    double x = ((const struct scored *)a)->inside, y = ((const struct scored *)b)->inside;
    return (x > y) - (x < y);
}

/* What is gained by rejecting each row, if so large a share of what is asked is outside. False if there
 * are not both kinds of rows. */
static bool score(const struct trust *trust, const struct trial_rows *rows, struct scored *scored)
{
    struct weights weights = weights_of(rows);
    double inside = 0, outside = 0, share = UNMARKED_SHARE;
    for (size_t i = 0; i < rows->count; i++) {
        *(rows->items[i].kind == TRIAL_HELD_OUT ? &inside : &outside) += weights.of[rows->items[i].kind];
        if (rows->items[i].kind == TRIAL_OUTSIDE || rows->items[i].kind == TRIAL_GENERAL)
            share = REJECTED_SHARE;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const struct trial_row *row = &rows->items[i];
        scored[i].inside = gate_probability(&trust->inside, row->signals);
        scored[i].gain = row->kind != TRIAL_HELD_OUT ? share * weights.of[row->kind] / outside
                         : row->right ? -(1 - share) / inside : 0;
    }
    return inside >= TRUST_FEWEST_HELD_OUT && outside > 0;
}

/* Where most is right, with `outside` as one more answer. */
static void choose_threshold(struct trust *trust, const struct trial_rows *rows)
{
    struct scored *scored = MEMORY_NEW_ARRAY(struct scored, rows->count + 1);
    double gain = 0, best = 0;
    trust->threshold = SMALL_THRESHOLD;
    if (score(trust, rows, scored)) {
        trust->threshold = 0;
        qsort(scored, rows->count, sizeof *scored, by_score);
        scored[rows->count].inside = scored[rows->count - 1].inside + 1e-9;
        for (size_t i = 0; i < rows->count; i++) {
            gain += scored[i].gain;
            if (gain > best && scored[i + 1].inside > scored[i].inside) {
                best = gain;
                trust->threshold = (scored[i].inside + scored[i + 1].inside) / 2;
            }
        }
        double inside = (double)count_inside(rows);
        trust->threshold *= inside / (inside + FEW_ROWS);
    }
    memory_free(scored);
}

/* --- calibration -------------------------------------------------------------------------------- */

static void calibrate(struct trust *trust, const struct trial_rows *rows, struct trust_figures *figures)
{
    struct calibration_bins bins = { .count = 0 };
    struct calibration_example *examples = MEMORY_NEW_ARRAY(struct calibration_example, rows->count + 1);
    size_t count = 0, right = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].kind == TRIAL_HELD_OUT) {
            examples[count++] = (struct calibration_example){ rows->items[i].signals[GATE_LOGIT], rows->items[i].right };
            right += rows->items[i].right;
        }
    trust->right = calibration_fit(examples, count);
    for (size_t i = 0; i < count; i++)
        calibration_count(&bins, calibration_probability(&trust->right, examples[i].logit), examples[i].right);
    if (figures) {
        figures->held_out = count;
        figures->held_out_accuracy = count ? (double)right / (double)count : 0;
        figures->calibration_error = calibration_error(&bins);
    }
    memory_free(examples);
}

void trust_learn(struct trust *trust, const struct trial_rows *trials, const struct trial_rows *check, struct trust_figures *figures)
{
    struct trial_rows all = { .count = trials->count + check->count };
    all.items = MEMORY_NEW_ARRAY(struct trial_row, all.count + 1);
    if (trials->count)
        memcpy(all.items, trials->items, trials->count * sizeof *all.items);
    if (check->count)
        memcpy(all.items + trials->count, check->items, check->count * sizeof *all.items);
    make_gate(trust, &all);
    choose_threshold(trust, count_inside(check) >= TRUST_FEWEST_HELD_OUT && count_inside(check) < check->count ? check : trials);
    calibrate(trust, count_inside(check) >= TRUST_FEWEST_HELD_OUT ? check : trials, figures);
    memory_free(all.items);
}
