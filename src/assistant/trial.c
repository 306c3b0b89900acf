#include "assistant/trial.h"

#include "base/limits.h"
#include "base/memory.h"

#define FEWEST 12          /* examples */
#define FEW_TOPICS 5       /* below, what is held out and what is taken away are tried apart */
#define AWAY_EVERY 10      /* topics */
#define AWAY_MOST 2000     /* rows of topics taken away, in one trial */

/* --- examples ----------------------------------------------------------------------------------- */

/* A stemmer for each language met, so that learning does not make one a text. */
struct stemmers {
    struct { struct str language; struct stemmer *stemmer; } items[LIMIT_LANGUAGES];
    size_t count;
};

static struct stemmer *stemmer_for(struct stemmers *stemmers, struct str language)
{
    for (size_t i = 0; i < stemmers->count; i++)
        if (str_equal(stemmers->items[i].language, language))
            return stemmers->items[i].stemmer;
    if (stemmers->count == LIMIT_LANGUAGES)
        return NULL;
    stemmers->items[stemmers->count].language = language;
    stemmers->items[stemmers->count].stemmer = stemmer_new(language);
    return stemmers->items[stemmers->count++].stemmer;
}

static struct stemmer *stemmer_of(struct stemmers *stemmers, const struct training *training, const struct intent_example *example)
{
    return stemmer_for(stemmers, example->language.len ? example->language : training->lesson->language);
}

static struct bag *read_bags(struct training *training, struct stemmers *stemmers, const struct intent_example *examples, size_t count)
{
    struct bag *bags = ARENA_NEW_ARRAY(&training->arena, struct bag, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct arena scratch = { 0 };
        bag_read(&bags[i], training->lexicon, &training->arena, tokens_of(&scratch, examples[i].text),
                 stemmer_of(stemmers, training, &examples[i]));
        arena_free(&scratch);
    }
    return bags;
}

/* Doubles in a topic get one place, so that none is held out while its twin is learned. */
static void place(struct training *training, struct map *places, size_t i, uint64_t key)
{
    uint32_t topic = training->topics[i];
    uint64_t at = (key ^ (topic + 1) * 0x9e3779b97f4a7c15u) | 1;
    uintptr_t known = (uintptr_t)map_get(places, at);
    if (!known)
        map_put(places, at, (void *)(known = ++training->sizes[topic]));
    training->places[i] = (uint32_t)known - 1;
}

void training_read(struct training *training)
{
    const struct intent_lesson *lesson = training->lesson;
    struct stemmers stemmers = { .count = 0 };
    struct map places = { 0 };
    struct intent_example *marked = ARENA_NEW_ARRAY(&training->arena, struct intent_example, lesson->count + 1);
    training->bags = ARENA_NEW_ARRAY(&training->arena, struct bag, lesson->count + 1);
    training->topics = ARENA_NEW_ARRAY(&training->arena, uint32_t, lesson->count + 1);
    training->places = ARENA_NEW_ARRAY(&training->arena, uint32_t, lesson->count + 1);
    training->sizes = ARENA_NEW_ARRAY(&training->arena, uint32_t, lesson->topics + 1);
    for (size_t i = 0; i < lesson->count; i++) {
        const struct intent_example *example = &lesson->examples[i];
        struct arena scratch = { 0 };
        if (example->topic == INTENT_NONE) {
            marked[training->outside_count++] = *example;
            continue;
        }
        must(example->topic < lesson->topics);
        struct tokens tokens = tokens_of(&scratch, example->text);
        training->topics[training->count] = (uint32_t)example->topic;
        bag_learn(&training->bags[training->count], training->lexicon, &training->arena, tokens, stemmer_of(&stemmers, training, example));
        place(training, &places, training->count++, intent_text_key(&scratch, tokens));
        arena_free(&scratch);
    }
    training->outside = read_bags(training, &stemmers, marked, training->outside_count);
    training->general = read_bags(training, &stemmers, lesson->outside, lesson->outside_count);
    training->check = read_bags(training, &stemmers, lesson->check, lesson->check_count);
    map_free(&places);
    for (size_t i = 0; i < stemmers.count; i++)
        stemmer_free(stemmers.items[i].stemmer);
}

void training_learn(const struct training *training, const uint32_t *chosen, size_t count, uint64_t seed,
                    struct understanding *out)
{
    struct arena scratch = { 0 };
    struct sample *samples = ARENA_NEW_ARRAY(&scratch, struct sample, count + 1);
    struct vector *vectors = ARENA_NEW_ARRAY(&scratch, struct vector, count + 1);
    const struct bag **bags = ARENA_NEW_ARRAY(&scratch, const struct bag *, count + 1);
    uint32_t *topics = ARENA_NEW_ARRAY(&scratch, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        bags[i] = &training->bags[chosen[i]];
        topics[i] = training->topics[chosen[i]];
    }
    weighing_make(&out->weighing, training->lexicon, bags, count);
    for (size_t i = 0; i < count; i++) {
        vectors[i] = weighing_vector(&out->weighing, bags[i], &scratch);
        samples[i] = (struct sample){ &vectors[i], topics[i] };
    }
    struct lesson lesson = { samples, count, out->weighing.count, training->lesson->topics, seed };
    struct ensemble_settings settings = ensemble_plan(training->lesson->effort, count);
    ensemble_learn(&out->ensemble, &lesson, &settings);
    cover_make(&out->cover, &out->weighing, bags, topics, count);
    arena_free(&scratch);
}

/* --- trials ------------------------------------------------------------------------------------- */

void trial_rows_free(struct trial_rows *rows)
{
    memory_free(rows->items);
    *rows = (struct trial_rows){ 0 };
}

void trial_look(const struct understanding *understanding, const struct bag *bag, size_t topic, enum trial_kind kind,
                struct trial_rows *rows)
{
    struct arena scratch = { 0 };
    struct intent_result result;
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity ? rows->capacity * 2 : 256;
        rows->items = memory_resize(rows->items, rows->capacity, sizeof *rows->items);
    }
    struct trial_row *row = &rows->items[rows->count++];
    intent_look(understanding, &scratch, bag, &result, row->signals);
    row->kind = kind;
    row->right = kind == TRIAL_HELD_OUT && result.top[0].topic == topic;
    arena_free(&scratch);
}

/* How one trial parts the examples. */
struct parting {
    size_t number, parts; /* every parts-th place is held out; 0: none */
    size_t away;          /* every away-th topic is taken away; 0: none */
};

static bool is_away(const struct parting *parting, size_t topic)
{
    return parting->away && topic % parting->away == parting->number % parting->away;
}

static bool is_held_out(const struct training *training, const struct parting *parting, size_t i)
{
    uint32_t topic = training->topics[i];
    return parting->parts && training->sizes[topic] > 1 &&
           (training->places[i] + topic) % parting->parts == parting->number % parting->parts;
}

static void try_once(const struct training *training, const struct parting *parting, struct trial_rows *rows)
{
    struct understanding understanding = { .weighing = { 0 } };
    uint32_t *chosen = MEMORY_NEW_ARRAY(uint32_t, training->count + 1);
    size_t count = 0, away = 0, seen = 0;
    for (size_t i = 0; i < training->count; i++) {
        if (is_away(parting, training->topics[i]))
            away++;
        else if (!is_held_out(training, parting, i))
            chosen[count++] = (uint32_t)i;
    }
    if (count == 0 || count == training->count) {
        memory_free(chosen);
        return;
    }
    training_learn(training, chosen, count, training->lesson->seed + parting->number + 1, &understanding);
    for (size_t i = 0; i < training->count; i++) {
        if (is_away(parting, training->topics[i])) {
            if (seen++ % (away / AWAY_MOST + 1) == 0)
                trial_look(&understanding, &training->bags[i], 0, TRIAL_AWAY, rows);
        } else if (is_held_out(training, parting, i)) {
            trial_look(&understanding, &training->bags[i], training->topics[i], TRIAL_HELD_OUT, rows);
        }
    }
    for (size_t i = 0; i < training->outside_count && parting->parts; i++)
        trial_look(&understanding, &training->outside[i], 0, TRIAL_OUTSIDE, rows);
    for (size_t i = 0; i < training->lesson->outside_count && parting->parts; i++)
        trial_look(&understanding, &training->general[i], 0, TRIAL_GENERAL, rows);
    understanding_free(&understanding);
    memory_free(chosen);
}

void trial_run(const struct training *training, struct trial_rows *rows)
{
    size_t topics = training->lesson->topics, trials = training->count >= 1500 ? 1 : training->count >= 300 ? 2 : 4;
    size_t parts = training->count >= 1500 ? 5 : 4, away = topics < AWAY_EVERY ? topics : AWAY_EVERY;
    if (training->count < FEWEST || topics < 2)
        return;
    for (size_t t = 0; t < trials; t++) {
        struct parting parting = { t, parts, topics >= FEW_TOPICS ? away : 0 };
        try_once(training, &parting, rows);
    }
    for (size_t t = 0; t < topics && topics < FEW_TOPICS; t++) {
        struct parting parting = { t, 0, topics };
        try_once(training, &parting, rows);
    }
}
