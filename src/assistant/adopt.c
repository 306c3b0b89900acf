#include "assistant/adopt.h"

#include <stdlib.h>

#include "base/memory.h"

/* Of the texts that are held to be inside, so many are adopted after each round, the surest first. */
static const double shares[] = { 0.3, 0.5, 0.7, 0.85 };

struct sorted {
    uint32_t text, topic;
    double lead;  /* of the likeliest topic over the next */
    bool inside;
};

static int by_lead(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    if (x->inside != y->inside)
        return x->inside ? -1 : 1;
    if (x->lead != y->lead)
        return x->lead > y->lead ? -1 : 1;
    return (x->text > y->text) - (x->text < y->text);
}

/* What the model makes of each text of the pool; gives the number of those inside. */
static size_t sort_pool(const struct training *training, const struct understanding *understanding, const struct trust *trust,
                        struct sorted *sorted)
{
    size_t inside = 0, count = training->lesson->pool_count;
    for (size_t i = 0; i < count; i++) {
        struct arena scratch = { 0 };
        struct intent_result result;
        double signals[GATE_SIGNALS];
        const struct bag *bag = &training->bags[training->count + i];
        intent_look(understanding, &scratch, bag, &result, signals);
        sorted[i] = (struct sorted){ (uint32_t)i, (uint32_t)result.top[0].topic, signals[GATE_MARGIN],
                                     bag->count && !training->barred[i] && gate_probability(&trust->inside, signals) >= trust->threshold };
        inside += sorted[i].inside;
        arena_free(&scratch);
    }
    qsort(sorted, count, sizeof *sorted, by_lead);
    return inside;
}

/* The models of a round: a convolution is dear, and one of half the rounds does for sorting. */
static struct ensemble_settings plan(const struct training *training, size_t count)
{
    size_t texts = training->adopted_count ? count * TRAINING_REPEAT + training->adopted_count : count;
    struct ensemble_settings settings = ensemble_plan(training->lesson->effort, texts);
    settings.phrases = settings.phrases ? 1 : 0;
    settings.phrase.rounds = (settings.phrase.rounds + 1) / 2;
    return settings;
}

void adopt_pool(struct training *training, const struct chosen *chosen, const struct trust *trust, struct intent_adopted *adopted)
{
    size_t pool = training->lesson->pool_count;
    struct sorted *sorted = MEMORY_NEW_ARRAY(struct sorted, pool + 1);
    training->adopted_count = 0;
    for (size_t round = 0; round < ARRAY_LEN(shares); round++) {
        struct understanding understanding = { .weighing = { 0 } };
        struct ensemble_settings settings = plan(training, chosen->count);
        training_learn(training, chosen, &settings, training->lesson->seed + 1000 + round, &understanding);
        training->adopted_count = (size_t)(shares[round] * (double)sort_pool(training, &understanding, trust, sorted));
        memset(training->adopted, 0, pool * sizeof *training->adopted);
        for (size_t i = 0; i < training->adopted_count; i++) {
            training->adopted[sorted[i].text] = true;
            training->topics[training->count + sorted[i].text] = sorted[i].topic;
        }
        understanding_free(&understanding);
    }
    for (size_t i = 0; i < pool && adopted; i++)
        adopted[sorted[i].text] = (struct intent_adopted){ i < training->adopted_count ? sorted[i].topic : INTENT_NONE, sorted[i].lead };
    memory_free(sorted);
}
