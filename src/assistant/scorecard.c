#include "assistant/scorecard.h"

#include <stdlib.h>
#include <time.h>

#include "assistant/calibration.h"
#include "base/memory.h"

/* Rows and columns of the table of answers: intents of the examples, then outside, then those that only
 * the model has. */
struct table {
    size_t intents, size;
    uint32_t *counts, *firsts;  /* [intent, taken for]; firsts: example + 1 */
    size_t *of_model;           /* by topic of the model: intent of the examples, or SCORECARD_STRANGE */
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Names of the model found among those of the examples. */
static void match_names(struct table *table, struct scorecard *scorecard, const struct intent *intent, const struct examples *examples)
{
    bool *found = MEMORY_NEW_ARRAY(bool, examples->topics + 1);
    table->of_model = MEMORY_NEW_ARRAY(size_t, intent_topics(intent) + 1);
    for (size_t t = 0; t < intent_topics(intent); t++) {
        table->of_model[t] = SCORECARD_STRANGE;
        for (size_t e = 0; e < examples->topics; e++)
            if (str_equal(examples->names[e], intent_name(intent, t))) {
                table->of_model[t] = e;
                found[e] = true;
            }
    }
    for (size_t e = 0; e < examples->topics; e++)
        scorecard->unknown_intents += !found[e];
    memory_free(found);
}

static size_t place(const struct table *table, size_t intent)
{
    return intent == SCORECARD_OUTSIDE ? table->intents : intent == SCORECARD_STRANGE ? table->intents + 1 : intent;
}

static void count_answers(struct table *table, struct scorecard *scorecard, const struct intent *intent, const struct examples *examples)
{
    double *times = MEMORY_NEW_ARRAY(double, examples->count + 1);
    struct calibration_bins bins = { .count = 0 };
    for (size_t i = 0; i < examples->count; i++) {
        struct arena scratch = { 0 };
        struct intent_result result;
        double began = now_us();
        intent_predict(intent, &scratch, examples->items[i].text, examples->items[i].language, &result);
        times[i] = now_us() - began;
        arena_free(&scratch);
        size_t meant = examples->items[i].topic == INTENT_NONE ? SCORECARD_OUTSIDE : examples->items[i].topic;
        size_t likeliest = table->of_model[result.top[0].topic];
        size_t at = place(table, meant) * table->size + place(table, result.rejected ? SCORECARD_OUTSIDE : likeliest);
        if (meant != SCORECARD_OUTSIDE)
            calibration_count(&bins, result.right, likeliest == meant);
        if (table->counts[at]++ == 0)
            table->firsts[at] = (uint32_t)i + 1;
    }
    scorecard->calibration_error = calibration_error(&bins);
    qsort(times, examples->count, sizeof *times, by_value);
    if (examples->count) {
        scorecard->text_us_p50 = times[(examples->count - 1) / 2];
        scorecard->text_us_p99 = times[(size_t)((double)(examples->count - 1) * 0.99)];
    }
    memory_free(times);
}

/* --- figures ------------------------------------------------------------------------------------ */

static size_t sum_of(const struct table *table, size_t from, size_t step)
{
    size_t sum = 0;
    for (size_t k = 0; k < table->size; k++)
        sum += table->counts[from + k * step];
    return sum;
}

static void add_figures(const struct table *table, struct scorecard *scorecard)
{
    size_t right = 0, inside_right = 0, classes = 0, outside = table->intents;
    double f1 = 0;
    for (size_t c = 0; c <= table->intents; c++) {
        size_t rows = sum_of(table, c * table->size, 1), answers = sum_of(table, c, table->size);
        size_t hits = table->counts[c * table->size + c];
        scorecard->rows += rows;
        right += hits;
        inside_right += c < outside ? hits : 0;
        if (rows == 0)
            continue;
        classes++;
        f1 += 2.0 * (double)hits / (double)(rows + answers);
    }
    size_t rejected = sum_of(table, outside, table->size), found = table->counts[outside * table->size + outside];
    scorecard->outside = sum_of(table, outside * table->size, 1);
    scorecard->in_scope = scorecard->rows - scorecard->outside;
    scorecard->accuracy = scorecard->rows ? (double)right / (double)scorecard->rows : 0;
    scorecard->macro_f1 = classes ? f1 / (double)classes : 0;
    scorecard->in_scope_accuracy = scorecard->in_scope ? (double)inside_right / (double)scorecard->in_scope : -1;
    scorecard->oos_recall = scorecard->outside ? (double)found / (double)scorecard->outside : -1;
    scorecard->oos_precision = rejected ? (double)found / (double)rejected : -1;
}

static int by_count(const void *a, const void *b)
{
    const struct confusion *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->example > y->example) - (x->example < y->example);
}

static void list_confusions(const struct table *table, struct scorecard *scorecard, const struct intent *intent,
                            const struct examples *examples)
{
    size_t outside = table->intents, capacity = 0;
    for (size_t i = 0; i < table->size * table->size; i++)
        capacity += table->counts[i] > 0;
    scorecard->confusions = MEMORY_NEW_ARRAY(struct confusion, capacity + 1);
    for (size_t meant = 0; meant <= outside; meant++)
        for (size_t said = 0; said < table->size; said++) {
            size_t at = meant * table->size + said;
            if (meant == said || table->counts[at] == 0)
                continue;
            struct confusion *confusion = &scorecard->confusions[scorecard->confusion_count++];
            *confusion = (struct confusion){ .count = table->counts[at], .example = table->firsts[at] - 1 };
            confusion->intent = meant == outside ? SCORECARD_OUTSIDE : meant;
            confusion->taken_for = said == outside ? SCORECARD_OUTSIDE : said > outside ? SCORECARD_STRANGE : said;
            confusion->name = said == outside ? STR("oos") : said < outside ? examples->names[said] : STR_EMPTY;
        }
    qsort(scorecard->confusions, scorecard->confusion_count, sizeof *scorecard->confusions, by_count);
    for (size_t i = 0; i < scorecard->confusion_count; i++) /* several intents may be strange: the example's own is named */
        if (scorecard->confusions[i].taken_for == SCORECARD_STRANGE) {
            struct arena scratch = { 0 };
            struct intent_result result;
            const struct intent_example *example = &examples->items[scorecard->confusions[i].example];
            intent_predict(intent, &scratch, example->text, example->language, &result);
            scorecard->confusions[i].name = intent_name(intent, result.top[0].topic);
            arena_free(&scratch);
        }
}

void scorecard_make(struct scorecard *scorecard, const struct intent *intent, const struct examples *examples)
{
    struct table table = { .intents = examples->topics, .size = examples->topics + 2 };
    *scorecard = (struct scorecard){ .rows = 0 };
    table.counts = MEMORY_NEW_ARRAY(uint32_t, table.size * table.size);
    table.firsts = MEMORY_NEW_ARRAY(uint32_t, table.size * table.size);
    match_names(&table, scorecard, intent, examples);
    count_answers(&table, scorecard, intent, examples);
    add_figures(&table, scorecard);
    list_confusions(&table, scorecard, intent, examples);
    memory_free(table.counts);
    memory_free(table.firsts);
    memory_free(table.of_model);
}

void scorecard_free(struct scorecard *scorecard)
{
    memory_free(scorecard->confusions);
    *scorecard = (struct scorecard){ 0 };
}
