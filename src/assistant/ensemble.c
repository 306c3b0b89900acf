#include "assistant/ensemble.h"

/* Rounds over small sets are cheap and needed; large ones teach enough in few. */
static int rounds_for(size_t count, double texts, int least, int most)
{
    int rounds = (int)(texts / (double)(count + 1));
    return rounds < least ? least : rounds > most ? most : rounds;
}

struct ensemble_settings ensemble_plan(enum ensemble_effort effort, size_t count)
{
    struct ensemble_settings settings = {
        .linears = 1, .linear = { .rounds = rounds_for(count, 120000, 6, 20), .rate = 0.3, .drop_features = 0.6 },
        .networks = 2, /* two small ones are surer than one twice as large */
        .network = { .units = 64, .rounds = rounds_for(count, 64000, 6, 20), .rate = 0.05, .drop_features = 0.2, .drop_units = 0.2 },
        .phrases = count < 300 ? 1 : 0,
        .phrase = { .depth = 64, .counts = { 64, 128, 128 }, .rounds = rounds_for(count, 60000, 10, 30), .rate = 0.05,
                    .drop_spelling = 0.2, .drop_filters = 0.2 },
    };
    if (effort == ENSEMBLE_FIRST) { /* half the rounds: a twentieth more of what it is asked goes wrong, for a second */
        settings.networks = settings.phrases = 0;
        settings.linear = (struct linear_settings){ .rounds = 3, .rate = 0.3 };
    }
    if (effort == ENSEMBLE_BEST) {
        settings.linear.rounds = rounds_for(count, 240000, 24, 60);
        settings.networks = 3;
        settings.network = (struct network_settings){ .units = 128, .rounds = rounds_for(count, 300000, 20, 40), .rate = 0.05,
                                                      .drop_features = 0.5, .drop_units = 0.4 };
        settings.phrases = count < 3000 ? 3 : 1;
        settings.phrase.rounds = rounds_for(count, settings.phrases > 1 ? 70000 : 140000, 13, 30);
    }
    return settings;
}

void ensemble_learn(struct ensemble *ensemble, const struct lesson *lesson, const struct ensemble_settings *settings)
{
    struct random seeds = { lesson->seed };
    struct lesson own = *lesson;
    *ensemble = (struct ensemble){ .features = lesson->features, .classes = lesson->classes };
    for (; ensemble->linear_count < settings->linears; own.seed = random_next(&seeds))
        linear_learn(&ensemble->linears[ensemble->linear_count++], &own, &settings->linear);
    for (; ensemble->network_count < settings->networks; own.seed = random_next(&seeds))
        network_learn(&ensemble->networks[ensemble->network_count++], &own, &settings->network);
    for (; ensemble->phrases_count < settings->phrases; own.seed = random_next(&seeds))
        phrases_learn(&ensemble->phrases[ensemble->phrases_count++], &own, &settings->phrase);
    if (ensemble->phrases_count)
        common_choose(&ensemble->common, lesson);
    ensemble_prepare(ensemble);
}

void ensemble_prepare(struct ensemble *ensemble)
{
    for (size_t i = 0; i < ensemble->phrases_count; i++)
        phrases_prepare(&ensemble->phrases[i], &ensemble->common);
}

void ensemble_free(struct ensemble *ensemble)
{
    for (size_t i = 0; i < ensemble->linear_count; i++)
        linear_free(&ensemble->linears[i]);
    for (size_t i = 0; i < ensemble->network_count; i++)
        network_free(&ensemble->networks[i]);
    for (size_t i = 0; i < ensemble->phrases_count; i++)
        phrases_free(&ensemble->phrases[i]);
    common_free(&ensemble->common);
    *ensemble = (struct ensemble){ .classes = 0 };
}

struct ensemble_view ensemble_shares(const struct ensemble *ensemble, struct arena *arena, const struct vector *vector,
                                     float *shares)
{
    size_t width = lanes_width(ensemble->classes), members = 0, best = 0;
    size_t all = ensemble->linear_count + ensemble->network_count + ensemble->phrases_count;
    float *views = ARENA_NEW_ARRAY(arena, float, all * width + 1), least = 1, scores = 0;
    for (size_t i = 0; i < ensemble->linear_count; i++)
        scores += linear_shares(&ensemble->linears[i], vector, views + width * members++);
    for (size_t i = 0; i < ensemble->network_count; i++)
        scores += network_shares(&ensemble->networks[i], arena, vector, views + width * members++);
    for (size_t i = 0; i < ensemble->phrases_count; i++)
        scores += phrases_shares(&ensemble->phrases[i], &ensemble->common, arena, vector, views + width * members++);
    memset(shares, 0, width * sizeof *shares);
    for (size_t i = 0; i < members; i++)
        for (size_t k = 0; k < width; k++)
            shares[k] += views[i * width + k];
    for (size_t k = 0; k < width; k++) {
        shares[k] /= (float)members;
        best = shares[k] > shares[best] ? k : best;
    }
    for (size_t i = 0; i < members; i++)
        least = views[i * width + best] < least ? views[i * width + best] : least;
    return (struct ensemble_view){ (double)least, (double)scores / (double)members };
}
