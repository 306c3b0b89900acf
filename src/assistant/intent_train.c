/* intent_train.c - from examples to a model that knows how far to trust itself. */
#include <stdlib.h>
#include <time.h>

#include "assistant/trial.h"
#include "base/memory.h"

#define OUTSIDE_SHARE 0.15   /* of what is asked, taken to be outside when `inside` is calibrated */
#define REJECTED_SHARE 0.03  /* of what is asked, taken to be outside when the threshold is chosen */
#define FEWEST_HELD_OUT 8    /* rows, to calibrate on */
#define MARKED_TRUST 20.0    /* so many rows marked as outside count as much as topics taken away */

/* For sets too small for trials: sure only of what is all but an example. */
static const struct gate small_gate = {
    .weights = { [GATE_LOGIT] = 0.3, [GATE_KNOWN] = 1, [GATE_COVERED] = 4 }, .bias = -3
};
#define SMALL_THRESHOLD 0.2

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

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

static void make_gate(struct intent *intent, const struct trial_rows *rows)
{
    struct weights weights = weights_of(rows);
    size_t inside = count_inside(rows);
    intent->inside = small_gate;
    if (inside < FEWEST_HELD_OUT || inside == rows->count)
        return;
    struct gate_example *examples = MEMORY_NEW_ARRAY(struct gate_example, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) {
        memcpy(examples[i].signals, rows->items[i].signals, sizeof examples[i].signals);
        examples[i].right = rows->items[i].kind == TRIAL_HELD_OUT;
        examples[i].weight = weights.of[rows->items[i].kind];
    }
    gate_train(&intent->inside, examples, rows->count);
    memory_free(examples);
}

/* --- the threshold ------------------------------------------------------------------------------ */

struct scored {
    double inside, worth; /* worth: of not rejecting it */
};

static int by_score(const void *a, const void *b)
{
    double x = ((const struct scored *)a)->inside, y = ((const struct scored *)b)->inside;
    return (x > y) - (x < y);
}

/* Where most is right, with `outside` as one more answer, if REJECTED_SHARE of what is asked is outside. */
static void choose_threshold(struct intent *intent, const struct trial_rows *rows)
{
    struct weights weights = weights_of(rows);
    double inside = 1e-9, outside = 1e-9, worth = 0, best = 0;
    struct scored *scored = MEMORY_NEW_ARRAY(struct scored, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++)
        *(rows->items[i].kind == TRIAL_HELD_OUT ? &inside : &outside) += weights.of[rows->items[i].kind];
    for (size_t i = 0; i < rows->count; i++) {
        const struct trial_row *row = &rows->items[i];
        scored[i].inside = gate_probability(&intent->inside, row->signals);
        scored[i].worth = row->kind == TRIAL_HELD_OUT ? (row->right ? (1 - REJECTED_SHARE) / inside : 0)
                                                       : -REJECTED_SHARE * weights.of[row->kind] / outside;
    }
    qsort(scored, rows->count, sizeof *scored, by_score);
    intent->threshold = inside > 1 && outside < 1e-6 ? 0 : SMALL_THRESHOLD;
    if (inside > 1 && outside > 1e-6) {
        intent->threshold = 0;
        for (size_t i = 0; i < rows->count; i++) {
            worth -= scored[i].worth;
            if (worth > best && (i + 1 == rows->count || scored[i + 1].inside > scored[i].inside)) {
                best = worth;
                intent->threshold = i + 1 == rows->count ? scored[i].inside : (scored[i].inside + scored[i + 1].inside) / 2;
            }
        }
    }
    memory_free(scored);
}

/* --- calibration -------------------------------------------------------------------------------- */

static void calibrate(struct intent *intent, const struct trial_rows *rows, struct intent_figures *figures)
{
    struct calibration_bins bins = { .count = 0 };
    struct calibration_example *examples = MEMORY_NEW_ARRAY(struct calibration_example, rows->count + 1);
    size_t count = 0, right = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].kind == TRIAL_HELD_OUT) {
            examples[count++] = (struct calibration_example){ rows->items[i].signals[GATE_LOGIT], rows->items[i].right };
            right += rows->items[i].right;
        }
    intent->right = calibration_fit(examples, count);
    for (size_t i = 0; i < count; i++)
        calibration_count(&bins, calibration_probability(&intent->right, examples[i].logit), examples[i].right);
    if (figures) {
        figures->held_out = count;
        figures->held_out_accuracy = count ? (double)right / (double)count : 0;
        figures->calibration_error = calibration_error(&bins);
    }
    memory_free(examples);
}

/* The final model's own rows, for texts that were put aside from the start. */
static void look_at_check(const struct intent *intent, const struct training *training, struct trial_rows *rows)
{
    const struct intent_lesson *lesson = training->lesson;
    for (size_t i = 0; i < lesson->check_count; i++) {
        size_t topic = lesson->check[i].topic;
        trial_look(&intent->all, &training->check[i], topic, topic == INTENT_NONE ? TRIAL_OUTSIDE : TRIAL_HELD_OUT, rows);
    }
}

static bool has_outside(const struct trial_rows *rows)
{
    return count_inside(rows) < rows->count;
}

static void learn_trust(struct intent *intent, const struct training *training, struct trial_rows *rows, struct intent_figures *figures)
{
    struct trial_rows check = { .count = 0 };
    look_at_check(intent, training, &check);
    for (size_t i = 0; i < check.count; i++) {
        if (rows->count == rows->capacity) {
            rows->capacity = rows->capacity ? rows->capacity * 2 : 256;
            rows->items = memory_resize(rows->items, rows->capacity, sizeof *rows->items);
        }
        rows->items[rows->count++] = check.items[i];
    }
    make_gate(intent, rows);
    choose_threshold(intent, has_outside(&check) ? &check : rows);
    calibrate(intent, count_inside(&check) >= FEWEST_HELD_OUT ? &check : rows, figures);
    trial_rows_free(&check);
}

/* --- the whole ---------------------------------------------------------------------------------- */

static void remember_texts(struct intent *intent, const struct intent_lesson *lesson)
{
    for (size_t i = 0; i < lesson->count; i++) {
        struct arena scratch = { 0 };
        struct tokens tokens = tokens_of(&scratch, lesson->examples[i].text);
        uint64_t key = intent_text_key(&scratch, tokens);
        size_t known = (uintptr_t)map_get(&intent->same, key), topic = lesson->examples[i].topic;
        uintptr_t value = topic == INTENT_NONE || (known && known != topic + 1) ? UINTPTR_MAX : topic + 1;
        if (tokens.count)
            map_put(&intent->same, key, (void *)value);
        arena_free(&scratch);
    }
}

static size_t bytes_of(const struct intent *intent)
{
    const struct ensemble *ensemble = &intent->all.ensemble;
    size_t features = intent->all.weighing.count, width = lanes_width(intent->topics), bytes = 0;
    for (size_t i = 0; i < ensemble->linear_count; i++)
        bytes += features * width * sizeof(uint16_t);
    for (size_t i = 0; i < ensemble->network_count; i++)
        bytes += ensemble->networks[i].units * (features * sizeof(uint16_t) + width * sizeof(float));
    for (size_t i = 0; i < ensemble->phrases_count; i++)
        bytes += features * ensemble->phrases[i].depth * sizeof(uint16_t) + ensemble->phrases[i].output.units * width * sizeof(float);
    bytes += (intent->lexicon.numbers.capacity + intent->same.capacity) * sizeof(struct map_slot);
    return bytes + features * (2 * sizeof(uint32_t) + sizeof(float)) + intent->all.cover.count * sizeof(uint16_t);
}

static void keep_names(struct intent *intent, const struct intent_lesson *lesson)
{
    intent->topics = lesson->topics;
    intent->names = ARENA_NEW_ARRAY(&intent->arena, struct str, lesson->topics + 1);
    for (size_t t = 0; t < lesson->topics; t++)
        intent->names[t] = arena_copy(&intent->arena, lesson->names[t]);
    intent->language = arena_copy(&intent->arena, lesson->language);
}

struct intent *intent_train(const struct intent_lesson *lesson, struct intent_figures *figures)
{
    double began = now_ms();
    struct intent *intent = MEMORY_NEW(struct intent);
    struct training training = { .lesson = lesson, .lexicon = &intent->lexicon };
    struct trial_rows rows = { .count = 0 };
    must(lesson->topics > 0);
    keep_names(intent, lesson);
    training_read(&training);
    trial_run(&training, &rows);
    uint32_t *all = learning_order(training.count);
    training_learn(&training, all, training.count, lesson->seed, &intent->all);
    if (figures)
        *figures = (struct intent_figures){ .examples = training.count, .features = intent->all.weighing.count };
    learn_trust(intent, &training, &rows, figures);
    weighing_compact(&intent->all.weighing, &intent->lexicon);
    remember_texts(intent, lesson);
    if (figures) {
        figures->learn_ms = now_ms() - began;
        figures->bytes = bytes_of(intent);
    }
    memory_free(all);
    trial_rows_free(&rows);
    arena_free(&training.arena);
    return intent;
}
