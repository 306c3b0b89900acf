#include "assistant/training.h"

#include "base/limits.h"
#include "base/memory.h"

#define OUTSIDE_SHARE 0.03 /* of what is learned from is outside, if ... */
#define OUTSIDE_TIMES 5    /* ... no text needs to be learned oftener than that */

/* --- reading ------------------------------------------------------------------------------------ */

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
    training->keys[i] = key;
}

/* Those of topics are learned; those outside are left for later. */
static void learn_bags(struct training *training, struct stemmers *stemmers, struct intent_example *outside)
{
    const struct intent_lesson *lesson = training->lesson;
    struct map places = { 0 };
    for (size_t i = 0; i < lesson->count; i++) {
        const struct intent_example *example = &lesson->examples[i];
        struct arena scratch = { 0 };
        if (example->topic == INTENT_NONE) {
            outside[training->marked_count++] = *example;
            continue;
        }
        must(example->topic < lesson->topics);
        struct tokens tokens = tokens_of(&scratch, example->text);
        training->topics[training->count] = (uint32_t)example->topic;
        bag_learn(&training->bags[training->count], training->lexicon, &training->arena, tokens, stemmer_of(stemmers, training, example));
        place(training, &places, training->count++, intent_text_key(&scratch, tokens));
        arena_free(&scratch);
    }
    map_free(&places);
}

static void learn_pool(struct training *training, struct stemmers *stemmers)
{
    const struct intent_lesson *lesson = training->lesson;
    for (size_t i = 0; i < lesson->pool_count; i++) {
        struct arena scratch = { 0 };
        struct tokens tokens = tokens_of(&scratch, lesson->pool[i]);
        bag_learn(&training->bags[training->count + i], training->lexicon, &training->arena, tokens, stemmer_for(stemmers, lesson->language));
        training->keys[training->count + i] = intent_text_key(&scratch, tokens);
        arena_free(&scratch);
    }
}

void training_read(struct training *training)
{
    const struct intent_lesson *lesson = training->lesson;
    size_t most = lesson->count + lesson->pool_count + 1;
    struct stemmers stemmers = { .count = 0 };
    struct intent_example *outside = ARENA_NEW_ARRAY(&training->arena, struct intent_example, lesson->count + lesson->outside_count + 1);
    training->bags = ARENA_NEW_ARRAY(&training->arena, struct bag, most);
    training->topics = ARENA_NEW_ARRAY(&training->arena, uint32_t, most);
    training->places = ARENA_NEW_ARRAY(&training->arena, uint32_t, lesson->count + 1);
    training->sizes = ARENA_NEW_ARRAY(&training->arena, uint32_t, lesson->topics + 1);
    training->adopted = ARENA_NEW_ARRAY(&training->arena, bool, lesson->pool_count + 1);
    training->barred = ARENA_NEW_ARRAY(&training->arena, bool, lesson->pool_count + 1);
    training->keys = ARENA_NEW_ARRAY(&training->arena, uint64_t, most);
    learn_bags(training, &stemmers, outside);
    learn_pool(training, &stemmers);
    training->outside_count = training->marked_count + lesson->outside_count;
    if (lesson->outside_count)
        memcpy(outside + training->marked_count, lesson->outside, lesson->outside_count * sizeof *outside);
    training->outside = read_bags(training, &stemmers, outside, training->outside_count);
    training->check = read_bags(training, &stemmers, lesson->check, lesson->check_count);
    for (size_t i = 0; i < stemmers.count; i++)
        stemmer_free(stemmers.items[i].stemmer);
}

/* --- learning ----------------------------------------------------------------------------------- */

static size_t texts_of(const struct training *training, size_t chosen)
{
    return training->adopted_count ? chosen * TRAINING_REPEAT + training->adopted_count : chosen;
}

/* The chosen examples and what was adopted of the pool. */
static uint32_t *with_pool(const struct training *training, struct arena *arena, const uint32_t *chosen, size_t count)
{
    uint32_t *all = ARENA_NEW_ARRAY(arena, uint32_t, texts_of(training, count) + 1), at = 0;
    for (size_t r = 0; r < (training->adopted_count ? TRAINING_REPEAT : 1); r++)
        for (size_t i = 0; i < count; i++)
            all[at++] = chosen[i];
    for (size_t i = 0; i < training->lesson->pool_count && training->adopted_count; i++)
        if (training->adopted[i])
            all[at++] = (uint32_t)(training->count + i);
    return all;
}

/* How often each text outside is learned: they are mostly few, and it takes many to be heard. */
static size_t outside_times(size_t count, size_t outside)
{
    size_t times = outside ? (size_t)(OUTSIDE_SHARE * (double)count) / outside : 0;
    return times < 1 ? 1 : times > OUTSIDE_TIMES ? OUTSIDE_TIMES : times;
}

/* They weigh what the words of topics weigh, and no word is known from them alone. */
static void add_outside(const struct training *training, const struct chosen *chosen, size_t times, struct arena *arena,
                        const struct weighing *weighing, struct sample *samples)
{
    for (size_t i = 0; i < chosen->outside_count; i++) {
        struct vector *vector = ARENA_NEW(arena, struct vector);
        *vector = weighing_vector(weighing, &training->outside[chosen->outside[i]], arena, true);
        for (size_t t = 0; t < times; t++)
            samples[i * times + t] = (struct sample){ vector, LEARNING_NONE };
    }
}

void training_learn(const struct training *training, const struct chosen *chosen, const struct ensemble_settings *settings,
                    uint64_t seed, struct understanding *out)
{
    struct arena scratch = { 0 };
    size_t count = texts_of(training, chosen->count), times = outside_times(count, chosen->outside_count);
    size_t outside = times * chosen->outside_count;
    const uint32_t *all = with_pool(training, &scratch, chosen->items, chosen->count);
    struct sample *samples = ARENA_NEW_ARRAY(&scratch, struct sample, count + outside + 1);
    struct vector *vectors = ARENA_NEW_ARRAY(&scratch, struct vector, count + 1);
    const struct bag **bags = ARENA_NEW_ARRAY(&scratch, const struct bag *, count + 1);
    uint32_t *topics = ARENA_NEW_ARRAY(&scratch, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        bags[i] = &training->bags[all[i]];
        topics[i] = training->topics[all[i]];
    }
    weighing_make(&out->weighing, training->lexicon, bags, count);
    for (size_t i = 0; i < count; i++) {
        vectors[i] = weighing_vector(&out->weighing, bags[i], &scratch, settings->phrases > 0);
        samples[i] = (struct sample){ &vectors[i], topics[i] };
    }
    add_outside(training, chosen, times, &scratch, &out->weighing, samples + count);
    struct lesson lesson = { samples, count + outside, out->weighing.count, training->lesson->topics, seed, training->lesson->stop };
    ensemble_learn(&out->ensemble, &lesson, settings);
    cover_make(&out->cover, &out->weighing, bags, topics, count);
    arena_free(&scratch);
}

/* Planned for all examples, however few are chosen: what is true of a model on trial is to be true of the final one. */
void training_learn_well(const struct training *training, const struct chosen *chosen, uint64_t seed, struct understanding *out)
{
    struct ensemble_settings settings = ensemble_plan(training->lesson->effort, texts_of(training, training->count));
    if (training->adopted_count && training->lesson->effort == ENSEMBLE_BEST) { /* what was adopted is partly wrong: more heads */
        settings.networks = 6;
        settings.phrases = 4;
    }
    training_learn(training, chosen, &settings, seed, out);
}
