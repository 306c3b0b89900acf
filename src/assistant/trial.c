#include "assistant/trial.h"

#include "assistant/adopt.h"
#include "base/memory.h"

#define FEWEST 12          /* examples */
#define MANY 1500          /* examples: one trial is enough, unless it is to be the best model */
#define SEVERAL 300        /* examples: two are */
#define FEW_TOPICS 5       /* below, what is held out and what is taken away are tried apart */
#define AWAY_EVERY 10      /* topics */
#define AWAY_MOST 2000     /* rows of topics taken away, in one trial */

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

/* --- how a trial parts the examples ------------------------------------------------------------- */

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

/* Of the texts outside there are few, so half of them. */
static bool is_outside_held_out(const struct parting *parting, size_t i)
{
    return parting->parts && i % 2 == parting->number % 2;
}

/* What is learned from; gives how many are away. */
static size_t choose(const struct training *training, const struct parting *parting, struct arena *arena, struct chosen *chosen)
{
    uint32_t *items = ARENA_NEW_ARRAY(arena, uint32_t, training->count + 1);
    uint32_t *outside = ARENA_NEW_ARRAY(arena, uint32_t, training->outside_count + 1);
    size_t away = 0;
    *chosen = (struct chosen){ .items = items, .outside = outside };
    for (size_t i = 0; i < training->count; i++) {
        if (is_away(parting, training->topics[i]))
            away++;
        else if (!is_held_out(training, parting, i))
            items[chosen->count++] = (uint32_t)i;
    }
    for (size_t i = 0; i < training->outside_count; i++)
        if (!is_outside_held_out(parting, i))
            outside[chosen->outside_count++] = (uint32_t)i;
    return away;
}

static void look_at_rest(const struct training *training, const struct parting *parting, const struct understanding *understanding,
                         size_t away, struct trial_rows *rows)
{
    size_t seen = 0;
    for (size_t i = 0; i < training->count; i++) {
        if (is_away(parting, training->topics[i])) {
            if (seen++ % (away / AWAY_MOST + 1) == 0)
                trial_look(understanding, &training->bags[i], 0, TRIAL_AWAY, rows);
        } else if (is_held_out(training, parting, i)) {
            trial_look(understanding, &training->bags[i], training->topics[i], TRIAL_HELD_OUT, rows);
        }
    }
    for (size_t i = 0; i < training->outside_count; i++)
        if (is_outside_held_out(parting, i))
            trial_look(understanding, &training->outside[i], 0, i < training->marked_count ? TRIAL_OUTSIDE : TRIAL_GENERAL, rows);
}

/* --- trials ------------------------------------------------------------------------------------- */

static void try_once(const struct training *training, const struct parting *parting, struct trial_rows *rows)
{
    struct understanding understanding = { .weighing = { 0 } };
    struct arena scratch = { 0 };
    struct chosen chosen;
    size_t away = choose(training, parting, &scratch, &chosen);
    if (chosen.count && chosen.count < training->count) {
        training_learn_well(training, &chosen, training->lesson->seed + parting->number + 1, &understanding);
        look_at_rest(training, parting, &understanding, away, rows);
        understanding_free(&understanding);
    }
    arena_free(&scratch);
}

void trial_run(const struct training *training, struct trial_rows *rows)
{
    bool best = training->lesson->effort == ENSEMBLE_BEST;
    size_t topics = training->lesson->topics, trials = training->count < SEVERAL ? 4 : training->count < MANY || best ? 2 : 1;
    size_t parts = training->count >= MANY ? 5 : 4, away = topics < AWAY_EVERY ? topics : AWAY_EVERY;
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

/* What is held out or taken away may stand in the pool as well, and must not be learned from there. */
static void bar_twins(struct training *training, const struct parting *parting)
{
    struct map aside = { 0 };
    for (size_t i = 0; i < training->count; i++)
        if (is_away(parting, training->topics[i]) || is_held_out(training, parting, i))
            map_put(&aside, training->keys[i], training);
    for (size_t i = 0; i < training->lesson->pool_count; i++)
        training->barred[i] = map_get(&aside, training->keys[training->count + i]) != NULL;
    map_free(&aside);
}

void trial_run_with_pool(struct training *training, const struct trust *trust, struct trial_rows *rows)
{
    size_t topics = training->lesson->topics;
    struct parting parting = { 0, 5, topics >= AWAY_EVERY ? AWAY_EVERY : 0 };
    struct understanding understanding = { .weighing = { 0 } };
    struct arena scratch = { 0 };
    struct chosen chosen;
    size_t away = choose(training, &parting, &scratch, &chosen);
    if (training->count >= FEWEST && chosen.count && chosen.count < training->count) {
        bar_twins(training, &parting);
        adopt_pool(training, &chosen, trust, NULL);
        memset(training->barred, 0, training->lesson->pool_count * sizeof *training->barred);
        training_learn_well(training, &chosen, training->lesson->seed + 1, &understanding);
        look_at_rest(training, &parting, &understanding, away, rows);
        understanding_free(&understanding);
    }
    arena_free(&scratch);
}
