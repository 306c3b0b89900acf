/* intent_train.c - from examples to a model that knows how far to trust itself. */
#include <pthread.h>
#include <time.h>

#include "assistant/adopt.h"
#include "assistant/trial.h"
#include "base/memory.h"

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
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

static void remember(struct intent *intent, size_t topic, uint64_t key)
{
    size_t known = (uintptr_t)map_get(&intent->same, key);
    uintptr_t value = topic == INTENT_NONE || (known && known != topic + 1) ? UINTPTR_MAX : topic + 1;
    map_put(&intent->same, key, (void *)value);
}

/* Those of topics were read as words before; those outside are few. */
static void remember_texts(struct intent *intent, const struct training *training)
{
    const struct intent_lesson *lesson = training->lesson;
    for (size_t i = 0, inside = 0; i < lesson->count; i++) {
        size_t topic = lesson->examples[i].topic;
        if (topic != INTENT_NONE) {
            if (training->bags[inside].length)
                remember(intent, topic, training->keys[inside]);
            inside++;
            continue;
        }
        struct arena scratch = { 0 };
        struct tokens tokens = tokens_of(&scratch, lesson->examples[i].text);
        if (tokens.count)
            remember(intent, topic, intent_text_key(&scratch, tokens));
        arena_free(&scratch);
    }
}

static size_t bytes_of(const struct intent *intent)
{
    const struct ensemble *ensemble = &intent->all.ensemble;
    size_t features = intent->all.weighing.count, width = lanes_width(intent->topics), bytes = 0;
    for (size_t i = 0; i < ensemble->linear_count; i++)
        bytes += features * lanes_short_row(width);
    for (size_t i = 0; i < ensemble->network_count; i++)
        bytes += features * lanes_short_row(ensemble->networks[i].units) + ensemble->networks[i].units * width * sizeof(float);
    for (size_t i = 0; i < ensemble->phrases_count; i++)
        bytes += features * lanes_short_row(ensemble->phrases[i].depth) + ensemble->phrases[i].output.units * width * sizeof(float) +
                 (ensemble->common.count + ensemble->phrases[i].depth) * ensemble->phrases[i].part_count * sizeof(float);
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

/* The trials of models that the final one has nothing to do with: on a thread of their own. */
struct trials {
    const struct training *training;
    struct trial_rows rows;
    pthread_t thread;
};

static void *run_trials(void *argument)
{
    struct trials *trials = argument;
    trial_run(trials->training, &trials->rows);
    return NULL;
}

static void begin_trials(struct trials *trials, const struct training *training)
{
    trials->training = training;
    must(pthread_create(&trials->thread, NULL, run_trials, trials) == 0);
}

static void end_trials(struct trials *trials)
{
    must(pthread_join(trials->thread, NULL) == 0);
}

/* What is known without the pool decides which of its texts are let in. */
static void adopt(struct intent *intent, struct training *training, const struct chosen *all, struct trials *trials,
                  struct intent_adopted *adopted)
{
    struct trial_rows none = { .count = 0 };
    struct trust trust;
    end_trials(trials);
    trust_learn(&trust, &trials->rows, &none, NULL);
    trials->rows.count = 0;
    trial_run_with_pool(training, &trust, &trials->rows);
    trust_learn(&intent->trust, &trials->rows, &none, NULL);
    adopt_pool(training, all, &intent->trust, adopted);
}

static void learn(struct intent *intent, struct training *training, struct intent_figures *figures, struct intent_adopted *adopted)
{
    struct trials trials = { .rows = { .count = 0 } };
    struct trial_rows check = { .count = 0 };
    struct trust_figures found = { .held_out = 0 };
    uint32_t *items = learning_order(training->count), *outside = learning_order(training->outside_count);
    struct chosen all = { items, training->count, outside, training->outside_count };
    bool has_pool = training->lesson->pool_count > 0;
    begin_trials(&trials, training);
    if (has_pool)
        adopt(intent, training, &all, &trials, adopted);
    training_learn_well(training, &all, training->lesson->seed, &intent->all);
    if (!has_pool)
        end_trials(&trials);
    look_at_check(intent, training, &check);
    trust_learn(&intent->trust, &trials.rows, &check, &found);
    *figures = (struct intent_figures){ .examples = training->count, .features = intent->all.weighing.count,
                                        .held_out = found.held_out, .adopted = training->adopted_count,
                                        .held_out_accuracy = found.held_out_accuracy, .calibration_error = found.calibration_error };
    memory_free(items);
    memory_free(outside);
    trial_rows_free(&trials.rows);
    trial_rows_free(&check);
}

struct intent *intent_train(const struct intent_lesson *lesson, struct intent_figures *figures, struct intent_adopted *adopted)
{
    double began = now_ms();
    struct intent *intent = MEMORY_NEW(struct intent);
    struct training training = { .lesson = lesson, .lexicon = &intent->lexicon };
    struct intent_figures own;
    must(lesson->topics > 0);
    figures = figures ? figures : &own;
    keep_names(intent, lesson);
    training_read(&training);
    learn(intent, &training, figures, adopted);
    weighing_compact(&intent->all.weighing, &intent->lexicon);
    remember_texts(intent, &training);
    figures->learn_ms = now_ms() - began;
    figures->bytes = bytes_of(intent);
    arena_free(&training.arena);
    return intent;
}
