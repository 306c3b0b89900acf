/* intents.c - what a model of intents promises (risk control) and what it costs (loading, memory).
 *
 * BANKING77: two in thirteen of the training rows are put aside, the best model learns from the others. What was put
 * aside and the test file together are 4,620 contacts that the model has not seen. A thousand times 1,500 of them are
 * drawn, the threshold is chosen on these as `beckon assistant calibrate` does (5 % wrong, confidence 90 %), and the
 * other 3,120 show whether the promise was kept. Times are the thread's processor time.
 *
 * Usage: intents. Needs intents/banking77_train.csv and banking77_test.csv. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "assistant/examples.h"
#include "assistant/intent_file.h"
#include "assistant/risk.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/random.h"
#include "data.h"

#define PARTS 13
#define PARTS_ASIDE 2
#define SPLITS 1000
#define CALIBRATION_ROWS 1500
#define RISK 0.05
#define DELTA 0.1
#define LOADS 9

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void print_row(const char *name, double value, const char *unit, const char *target)
{
    printf("%s\t%.4g\t%s\t%s\t\t\n", name, value, unit, target);
    fflush(stdout);
}

static void stop(const struct err *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    exit(1);
}

static void read_rows(struct examples *examples, const char *path)
{
    struct err err;
    struct str text;
    if (!input_read(&err, &examples->arena, path, LIMIT_CSV, &text) || !examples_read(&err, examples, str_of(path), text))
        stop(&err);
}

static struct intent *learn(const struct examples *known, enum ensemble_effort effort)
{
    struct intent_lesson lesson = examples_lesson(known);
    lesson.effort = effort;
    return intent_train(&lesson, NULL, NULL);
}

/* Moves some of the known rows behind the strange ones. */
static void put_aside(struct examples *known, struct intent_example *strange, size_t *strange_count)
{
    size_t kept = 0, rows = known->count;
    for (size_t i = 0; i < rows; i++) {
        if (i % PARTS < PARTS_ASIDE)
            strange[(*strange_count)++] = known->items[i];
        else
            known->items[kept++] = known->items[i];
    }
    known->count = kept;
    examples_add_titles(known);
    examples_guess_language(known);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct intent *measure_loading(struct intent *learned, const char *name)
{
    struct err err;
    struct arena arena = { 0 };
    double times[LOADS];
    const char *path = arena_format(&arena, "/tmp/beckon-bench-%d.model", (int)getpid()).data;
    struct intent *intent = NULL;
    size_t before = 0, after = 0;
    if (!intent_save(&err, learned, STR_EMPTY, path))
        stop(&err);
    intent_free(learned);
    for (int i = 0; i < LOADS; i++) {
        intent_free(intent);
        malloc_trim(0);
        before = mallinfo2().uordblks + mallinfo2().hblkhd;
        double began = now_ms();
        intent = intent_load(&err, path, NULL);
        times[i] = now_ms() - began;
        if (!intent)
            stop(&err);
        after = mallinfo2().uordblks + mallinfo2().hblkhd;
    }
    unlink(path);
    qsort(times, LOADS, sizeof *times, by_value);
    print_row(arena_format(&arena, "model of BANKING77 loaded, %s, median of 9", name).data, times[LOADS / 2], "ms", "<= 50 ms");
    print_row(arena_format(&arena, "model of BANKING77, %s: memory", name).data, (double)(after - before) / 1048576, "MB", "");
    arena_free(&arena);
    return intent;
}

static void shuffle(struct risk_row *rows, size_t count, struct random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(random, i);
        struct risk_row swap = rows[i - 1];
        rows[i - 1] = rows[j];
        rows[j] = swap;
    }
}

static void measure_risk(const struct risk_row *all, size_t count)
{
    struct random random = { 77 };
    struct risk_row *rows = MEMORY_NEW_ARRAY(struct risk_row, count + 1);
    size_t certified = 0, broken = 0, covered = 0, tried = 0;
    for (int split = 0; split < SPLITS; split++) {
        memcpy(rows, all, count * sizeof *rows);
        shuffle(rows, count, &random);
        struct risk_choice choice = risk_choose(rows, CALIBRATION_ROWS, RISK, DELTA);
        size_t answered = 0, wrong = 0;
        for (size_t i = CALIBRATION_ROWS; i < count && choice.certified; i++)
            if (rows[i].confidence * RISK_STEPS + 0.5 >= choice.threshold) {
                answered++;
                wrong += rows[i].wrong;
            }
        certified += choice.certified;
        broken += (double)wrong > RISK * (double)answered;
        covered += answered;
        tried += count - CALIBRATION_ROWS;
    }
    print_row("risk control at 5 %, 1,500 rows: coverage, mean of 1,000 splits", 100 * (double)covered / (double)tried, "%", ">= 80 %");
    print_row("risk control: splits that break the guarantee (confidence 90 %)", 100 * (double)broken / SPLITS, "%", "<= 10 %");
    print_row("risk control: splits that certify a threshold", 100 * (double)certified / SPLITS, "%", "");
    memory_free(rows);
}

int main(void)
{
    struct arena arena = { 0 };
    struct examples known = { .count = 0 }, test = { .count = 0 };
    const char *known_path = data_file(&arena, "intents/banking77_train.csv"), *test_path = data_file(&arena, "intents/banking77_test.csv");
    if (!known_path || !test_path)
        return 0;
    read_rows(&known, known_path);
    read_rows(&test, test_path);
    struct intent_example *strange = MEMORY_NEW_ARRAY(struct intent_example, known.count + test.count);
    size_t count = 0, test_count = test.count;
    put_aside(&known, strange, &count);
    intent_free(measure_loading(learn(&known, ENSEMBLE_QUICK), "as it comes"));
    struct intent *intent = measure_loading(learn(&known, ENSEMBLE_BEST), "--best");
    struct risk_row *rows = MEMORY_NEW_ARRAY(struct risk_row, count + test_count + 1);
    for (size_t i = 0; i < count + test_count; i++) {
        const struct intent_example *example = i < count ? &strange[i] : &test.items[i - count];
        struct str meant = i < count ? known.names[example->topic] : test.names[example->topic];
        struct arena scratch = { 0 };
        struct intent_result result;
        intent_predict(intent, &scratch, example->text, example->language, &result);
        rows[i] = (struct risk_row){ result.confidence, !str_equal(intent_name(intent, result.top[0].topic), meant) };
        arena_free(&scratch);
    }
    measure_risk(rows, count + test_count);
    memory_free(rows);
    memory_free(strange);
    intent_free(intent);
    examples_free(&known);
    examples_free(&test);
    arena_free(&arena);
    return 0;
}
