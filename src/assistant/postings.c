#include "assistant/postings.h"

#include <math.h>

#include "base/memory.h"
#include "base/must.h"

uint32_t postings_unit(struct postings *postings)
{
    if (postings->units == postings->unit_capacity) {
        postings->unit_capacity = postings->unit_capacity ? postings->unit_capacity * 2 : 64;
        postings->lengths = memory_resize(postings->lengths, postings->unit_capacity, sizeof *postings->lengths);
    }
    must(postings->units < UINT32_MAX);
    postings->lengths[postings->units] = 0;
    return (uint32_t)postings->units++;
}

void postings_add(struct postings *postings, uint32_t term, double times)
{
    if (postings->count == postings->capacity) {
        postings->capacity = postings->capacity ? postings->capacity * 2 : 1024;
        postings->raw = memory_resize(postings->raw, postings->capacity, sizeof *postings->raw);
        postings->raw_terms = memory_resize(postings->raw_terms, postings->capacity, sizeof *postings->raw_terms);
    }
    must(postings->count < UINT32_MAX && postings->units > 0);
    postings->raw[postings->count] = (struct posting){ (uint32_t)(postings->units - 1), (float)times };
    postings->raw_terms[postings->count++] = term;
    postings->lengths[postings->units - 1] += (float)times;
}

static double idf_of(size_t units, double df)
{
    return log(1 + ((double)units - df + 0.5) / (df + 0.5));
}

/* A counting sort by term; units stay in order. */
static void sort_by_term(struct postings *postings, struct posting *items)
{
    for (size_t i = 0; i < postings->count; i++)
        postings->from[postings->raw_terms[i] + 1]++;
    for (size_t t = 0; t < postings->terms; t++)
        postings->from[t + 1] += postings->from[t];
    uint32_t *next = memory_copy(postings->from, (postings->terms + 1) * sizeof *next);
    for (size_t i = 0; i < postings->count; i++)
        items[next[postings->raw_terms[i]]++] = postings->raw[i];
    memory_free(next);
}

/* None becomes 0: who searches tells by it what has not been found yet. */
static void shorten(struct postings *postings, const struct posting *items)
{
    float most = 0;
    for (size_t i = 0; i < postings->count; i++)
        most = items[i].share > most ? items[i].share : most;
    postings->unit_of = MEMORY_NEW_ARRAY(uint32_t, postings->count + 1);
    postings->steps = MEMORY_NEW_ARRAY(uint16_t, postings->count + 1);
    postings->step = most / UINT16_MAX;
    for (size_t i = 0; i < postings->count; i++) {
        postings->unit_of[i] = items[i].unit;
        float steps = most > 0 ? items[i].share / most * UINT16_MAX + 0.5f : 0;
        postings->steps[i] = (uint16_t)(steps > 1 ? steps : 1);
    }
}

void postings_end(struct postings *postings, size_t terms, double k1, double b)
{
    double all = 0;
    postings->terms = terms;
    postings->from = MEMORY_NEW_ARRAY(uint32_t, terms + 2);
    struct posting *items = MEMORY_NEW_ARRAY(struct posting, postings->count + 1);
    postings->idf = MEMORY_NEW_ARRAY(float, terms + 1);
    sort_by_term(postings, items);
    for (size_t u = 0; u < postings->units; u++)
        all += (double)postings->lengths[u];
    double mean = all > 0 ? all / (double)postings->units : 1;
    for (size_t t = 0; t < terms; t++) {
        double idf = idf_of(postings->units, (double)postings_df(postings, (uint32_t)t));
        postings->idf[t] = (float)idf;
        for (uint32_t i = postings->from[t]; i < postings->from[t + 1]; i++) {
            struct posting *posting = &items[i];
            double tf = (double)posting->share, length = (double)postings->lengths[posting->unit];
            posting->share = (float)(idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean)));
        }
    }
    shorten(postings, items);
    memory_free(items);
    memory_free(postings->raw);
    memory_free(postings->raw_terms);
    memory_free(postings->lengths);
    postings->raw = NULL;
    postings->raw_terms = NULL;
    postings->lengths = NULL;
}

void postings_free(struct postings *postings)
{
    memory_free(postings->from);
    memory_free(postings->unit_of);
    memory_free(postings->steps);
    memory_free(postings->idf);
    memory_free(postings->raw);
    memory_free(postings->raw_terms);
    memory_free(postings->lengths);
    *postings = (struct postings){ 0 };
}

double postings_idf_unknown(const struct postings *postings)
{
    return idf_of(postings->units, 0);
}

void postings_score(const struct postings *postings, uint32_t term, float weight, float *scores)
{
    float by = weight * postings->step;
    for (uint32_t i = postings->from[term]; i < postings->from[term + 1]; i++)
        scores[postings->unit_of[i]] += by * (float)postings->steps[i];
}
