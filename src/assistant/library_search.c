/* library_search.c - a question against a library: scores by part, the fused rank, and why. */
#include "assistant/library_index.h"
#include "assistant/order.h"
#include "base/memory.h"

#define LEAST_WORTH 0.2f     /* of what there is to get: less is not taken for the best */
#define LEAST_WORTH_WORDING 0.4f

/* The longer a question, the more it says in the article's own words and their order: for each word that matters above LONG_QUESTION the whole
 * article's words and phrases weigh so much more. */
#define LONG_QUESTION 3
#define LONGER 0.5f
#define LONGEST 12

/* What neighbours lend: the best LENDERS lend LENT of their score, the less the farther from the best. */
#define LENT 0.5f
#define LENDERS 3
#define NEIGHBOUR_LEAST 0.3f
#define NEIGHBOUR_DOCUMENTS 2048 /* more than these would take too long to compare */

/* --- scores ------------------------------------------------------------------------------------- */

/* A word that can be said in several ways counts once: by the way that fits the unit best. */
static void score_ways(const struct postings *postings, const struct library_concept *concept, float *best, uint32_t *touched, float *scores)
{
    size_t count = 0;
    for (size_t w = 0; w < concept->way_count; w++) {
        uint32_t stem = concept->ways[w].stem;
        for (uint32_t i = postings->from[stem]; i < postings->from[stem + 1]; i++) {
            uint32_t unit = postings->unit_of[i];
            float share = concept->ways[w].weight * postings_share(postings, i);
            if (best[unit] == 0)
                touched[count++] = unit;
            if (best[unit] < share)
                best[unit] = share;
        }
    }
    for (size_t i = 0; i < count; i++) {
        scores[touched[i]] += best[touched[i]];
        best[touched[i]] = 0;
    }
}

static float *stem_scores(const struct postings *postings, struct arena *arena, const struct library_asked *asked)
{
    float *scores = ARENA_NEW_ARRAY(arena, float, postings->units + 1), *best = NULL;
    uint32_t *touched = NULL;
    for (size_t c = 0; c < asked->count; c++) {
        const struct library_concept *concept = &asked->concepts[c];
        if (concept->way_count == 1) {
            postings_score(postings, concept->ways[0].stem, concept->ways[0].weight, scores);
        } else if (concept->way_count > 1) {
            if (!best) {
                best = ARENA_NEW_ARRAY(arena, float, postings->units + 1);
                touched = ARENA_NEW_ARRAY(arena, uint32_t, postings->units + 1);
            }
            score_ways(postings, concept, best, touched, scores);
        }
    }
    return scores;
}

static float *gram_scores(const struct postings *postings, struct arena *arena, const struct library_asked *asked)
{
    float *scores = ARENA_NEW_ARRAY(arena, float, postings->units + 1);
    for (size_t g = 0; g < asked->gram_count; g++)
        postings_score(postings, asked->grams[g], asked->gram_weights[g], scores);
    return scores;
}

static float *pair_scores(const struct postings *postings, struct arena *arena, const struct library_asked *asked)
{
    float *scores = ARENA_NEW_ARRAY(arena, float, postings->units + 1);
    for (size_t p = 0; p < asked->pair_count; p++)
        postings_score(postings, asked->pairs[p], 1, scores);
    return scores;
}

/* --- how much there was to get ------------------------------------------------------------------- */

/* What a unit of mean length would score that has every word of the question once. */
static float stem_worth(const struct postings *postings, const struct library_asked *asked)
{
    double worth = 0;
    for (size_t c = 0; c < asked->count; c++) {
        const struct library_concept *concept = &asked->concepts[c];
        bool known = concept->stem != VOCABULARY_NONE && postings_df(postings, concept->stem) > 0;
        double idf = known ? (double)postings->idf[concept->stem] : postings_idf_unknown(postings);
        worth += concept->small ? (double)LIBRARY_SMALL_STEM * idf : idf;
    }
    return (float)worth;
}

static float gram_worth(const struct postings *postings, const struct library_asked *asked)
{
    double worth = (double)asked->unknown_grams * postings_idf_unknown(postings);
    for (size_t g = 0; g < asked->gram_count; g++)
        worth += (double)(asked->gram_weights[g] * postings->idf[asked->grams[g]]);
    return (float)worth;
}

static float pair_worth(const struct postings *postings, const struct library_asked *asked)
{
    return asked->count > 1 ? (float)(postings_idf_unknown(postings) * (double)(asked->count - 1)) : 0;
}

/* A document's score is that of its best unit. */
static void best_wording(const struct library *library, const float *units, float *scores)
{
    for (size_t u = 0; u < library->wording_stem.units; u++)
        if (units[u] > scores[library->wording_documents[u]])
            scores[library->wording_documents[u]] = units[u];
}

static void best_passage(const struct library *library, const float *units, float *scores)
{
    for (size_t u = 0; u < library->passage_stem.units; u++)
        if (units[u] > scores[library->passages[u].document])
            scores[library->passages[u].document] = units[u];
}

struct ranking {
    float *parts[LIBRARY_PARTS_COUNT];      /* of each document */
    float best[LIBRARY_PARTS_COUNT];
    float worth[LIBRARY_PARTS_COUNT];
    float *wording_units, *passage_units;   /* stem scores of each wording and passage */
    float *own, *scores;                    /* fused, without and with what neighbours lend */
};

static void rank_parts(const struct library *library, struct arena *arena, const struct library_asked *asked, struct ranking *ranking)
{
    float *const *parts = ranking->parts;
    ranking->parts[LIBRARY_WORDING_STEM] = ARENA_NEW_ARRAY(arena, float, library->documents + 1);
    ranking->parts[LIBRARY_WORDING_GRAM] = ARENA_NEW_ARRAY(arena, float, library->documents + 1);
    ranking->parts[LIBRARY_PASSAGE_STEM] = ARENA_NEW_ARRAY(arena, float, library->documents + 1);
    ranking->wording_units = stem_scores(&library->wording_stem, arena, asked);
    ranking->passage_units = stem_scores(&library->passage_stem, arena, asked);
    best_wording(library, ranking->wording_units, parts[LIBRARY_WORDING_STEM]);
    best_wording(library, gram_scores(&library->wording_gram, arena, asked), parts[LIBRARY_WORDING_GRAM]);
    best_passage(library, ranking->passage_units, parts[LIBRARY_PASSAGE_STEM]);
    ranking->parts[LIBRARY_WHOLE_STEM] = stem_scores(&library->whole_stem, arena, asked);
    ranking->parts[LIBRARY_WHOLE_GRAM] = gram_scores(&library->whole_gram, arena, asked);
    ranking->parts[LIBRARY_WHOLE_PAIR] = pair_scores(&library->whole_pair, arena, asked);
    ranking->worth[LIBRARY_WORDING_STEM] = stem_worth(&library->wording_stem, asked);
    ranking->worth[LIBRARY_WORDING_GRAM] = gram_worth(&library->wording_gram, asked);
    ranking->worth[LIBRARY_WHOLE_STEM] = stem_worth(&library->whole_stem, asked);
    ranking->worth[LIBRARY_WHOLE_GRAM] = gram_worth(&library->whole_gram, asked);
    ranking->worth[LIBRARY_PASSAGE_STEM] = stem_worth(&library->passage_stem, asked);
    ranking->worth[LIBRARY_WHOLE_PAIR] = pair_worth(&library->whole_pair, asked);
}

/* --- the fused rank ----------------------------------------------------------------------------- */

/* Wordings a document has, in the mean: with titles only, one. */
static float wordings_each(const struct library *library)
{
    float each = library->documents ? (float)library->wording_stem.units / (float)library->documents : 1;
    return each > 1 ? each : 1;
}

static const float part_weights[LIBRARY_PARTS_COUNT] = {
#define X(NAME, name, weight) [LIBRARY_##NAME] = weight,
    LIBRARY_PARTS(X)
#undef X
};

/* A best that is hardly anything of what there is to get, some letters in common, must not count as much
 * as a good one. A title that hardly fits says less than a text that hardly fits. */
static float least_of(const struct ranking *ranking, int part)
{
    bool wording = part == LIBRARY_WORDING_STEM || part == LIBRARY_WORDING_GRAM;
    return (wording ? LEAST_WORTH_WORDING : LEAST_WORTH) * ranking->worth[part];
}

static float weight_of(int part, const struct library_asked *asked)
{
    size_t words = 0;
    for (size_t c = 0; c < asked->count && words < LONGEST; c++)
        words += !asked->concepts[c].small;
    bool grows = part == LIBRARY_WHOLE_STEM || part == LIBRARY_WHOLE_PAIR;
    return part_weights[part] * (grows && words > LONG_QUESTION ? 1 + LONGER * (float)(words - LONG_QUESTION) : 1);
}

static void fuse(const struct library *library, const struct library_asked *asked, struct ranking *ranking)
{
    float all = 0;
    for (int part = 0; part < LIBRARY_PARTS_COUNT; part++) {
        const float *scores = ranking->parts[part];
        float best = 0, weight = weight_of(part, asked);
        for (size_t d = 0; d < library->documents; d++)
            best = scores[d] > best ? scores[d] : best;
        best = best > 0 && best < least_of(ranking, part) ? least_of(ranking, part) : best;
        ranking->best[part] = best;
        for (size_t d = 0; d < library->documents && best > 0; d++)
            ranking->own[d] += weight * scores[d] / best;
        all += weight;
    }
    for (size_t d = 0; d < library->documents; d++)
        ranking->own[d] /= all;
}

/* The best few lend to their neighbours and to themselves. */
static void lend(const struct library *library, struct ranking *ranking)
{
    uint32_t best[LENDERS];
    size_t count = 0;
    memcpy(ranking->scores, ranking->own, library->documents * sizeof *ranking->scores);
    for (uint32_t d = 0; d < library->documents; d++) {
        size_t at = count < LENDERS ? count : LENDERS;
        while (at > 0 && ranking->own[best[at - 1]] < ranking->own[d])
            at--;
        if (at == LENDERS || ranking->own[d] <= 0)
            continue;
        count += count < LENDERS;
        memmove(best + at + 1, best + at, (count - at - 1) * sizeof *best);
        best[at] = d;
    }
    for (size_t i = 0; i < count; i++) {
        float share = ranking->own[best[i]] / ranking->own[best[0]];
        float lent = LENT / wordings_each(library) * ranking->own[best[0]] * share * share * share * share;
        const struct library_neighbour *neighbours = library->neighbours + (size_t)best[i] * LIBRARY_NEIGHBOURS;
        ranking->scores[best[i]] += lent;
        for (size_t n = 0; n < LIBRARY_NEIGHBOURS && neighbours[n].likeness > 0; n++)
            if (ranking->own[neighbours[n].document] > 0)
                ranking->scores[neighbours[n].document] += lent * neighbours[n].likeness;
    }
}

static void rank(const struct library *library, struct arena *arena, const struct library_asked *asked, struct ranking *ranking)
{
    ranking->own = ARENA_NEW_ARRAY(arena, float, library->documents + 1);
    ranking->scores = ranking->own;
    rank_parts(library, arena, asked, ranking);
    fuse(library, asked, ranking);
    if (!library->neighbours)
        return;
    ranking->scores = ARENA_NEW_ARRAY(arena, float, library->documents + 1);
    lend(library, ranking);
}

size_t library_rank(const struct library *library, struct arena *arena, struct str text, struct str language, uint32_t *documents)
{
    struct ranking ranking = { 0 };
    rank(library, arena, library_ask(library, arena, text, language), &ranking);
    return order_by_score(arena, ranking.scores, library->documents, documents, library->documents);
}

/* --- why ---------------------------------------------------------------------------------------- */

static bool unit_has(const struct postings *postings, uint32_t stem, uint32_t unit)
{
    uint32_t low = postings->from[stem], high = postings->from[stem + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (postings->unit_of[middle] < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < postings->from[stem + 1] && postings->unit_of[low] == unit;
}

static uint32_t best_of(const float *units, uint32_t from, uint32_t to)
{
    uint32_t best = from;
    for (uint32_t u = from; u < to; u++)
        if (units[u] > units[best])
            best = u;
    return best;
}

/* How much of what matters in the question stands here; a word in other words counts as found. */
static void cover(const struct library *library, const struct library_asked *asked, uint32_t passage, uint32_t wording, struct library_hit *hit)
{
    const struct postings *whole = &library->whole_stem;
    double wanted = 0, found = 0;
    for (size_t c = 0; c < asked->count; c++) {
        const struct library_concept *concept = &asked->concepts[c];
        bool known = concept->stem != VOCABULARY_NONE && postings_df(whole, concept->stem) > 0, here = false;
        double idf = known ? (double)whole->idf[concept->stem] : postings_idf_unknown(whole);
        if (concept->small)
            continue;
        for (size_t w = 0; w < concept->way_count && !here; w++)
            here = unit_has(&library->passage_stem, concept->ways[w].stem, passage) ||
                   unit_has(&library->wording_stem, concept->ways[w].stem, wording);
        wanted += idf;
        found += here ? idf : 0;
        hit->matched += here;
    }
    hit->coverage = wanted > 0 ? found / wanted : 0;
}

static void describe(const struct library *library, const struct library_asked *asked, const struct ranking *ranking, struct library_hit *hit)
{
    const uint32_t *passages = library->passage_from + hit->document, *wordings = library->wording_from + hit->document;
    uint32_t passage = best_of(ranking->passage_units, passages[0], passages[1]);
    uint32_t wording = best_of(ranking->wording_units, wordings[0], wordings[1]);
    for (int part = 0; part < LIBRARY_PARTS_COUNT; part++)
        hit->parts[part] = ranking->best[part] > 0 ? (double)(ranking->parts[part][hit->document] / ranking->best[part]) : 0;
    hit->own = (double)ranking->own[hit->document];
    hit->passage = passages[0] < passages[1] ? library->passages[passage].cut : (struct cut){ STR_EMPTY, STR_EMPTY };
    cover(library, asked, passages[0] < passages[1] ? passage : UINT32_MAX, wordings[0] < wordings[1] ? wording : UINT32_MAX, hit);
}

size_t library_search(const struct library *library, struct arena *arena, struct str text, struct str language,
                      struct library_hit *hits, size_t room)
{
    const struct library_asked *asked = library_ask(library, arena, text, language);
    uint32_t *documents = ARENA_NEW_ARRAY(arena, uint32_t, room + 1);
    struct ranking ranking = { 0 };
    rank(library, arena, asked, &ranking);
    size_t count = order_by_score(arena, ranking.scores, library->documents, documents, room);
    for (size_t i = 0; i < count; i++) {
        hits[i] = (struct library_hit){ .document = documents[i], .score = (double)ranking.scores[documents[i]] };
        describe(library, asked, &ranking, &hits[i]);
    }
    return count;
}

/* --- neighbours --------------------------------------------------------------------------------- */

void library_meet(struct library *library)
{
    struct arena scratch = { 0 };
    if (library->documents > NEIGHBOUR_DOCUMENTS)
        return;
    struct library_neighbour *neighbours = MEMORY_NEW_ARRAY(struct library_neighbour, library->documents * LIBRARY_NEIGHBOURS + 1);
    for (size_t d = 0; d < library->documents; d++) {
        struct library_neighbour *own = neighbours + d * LIBRARY_NEIGHBOURS;
        uint32_t found[LIBRARY_NEIGHBOURS + 1];
        struct ranking ranking = { 0 };
        size_t kept = 0;
        rank(library, &scratch, library_ask(library, &scratch, library->titles[d].text, library->titles[d].language), &ranking);
        size_t count = order_by_score(&scratch, ranking.scores, library->documents, found, ARRAY_LEN(found));
        for (size_t i = 0; i < count && kept < LIBRARY_NEIGHBOURS; i++) {
            float likeness = ranking.scores[found[i]] / ranking.scores[found[0]];
            if (found[i] != d && likeness >= NEIGHBOUR_LEAST)
                own[kept++] = (struct library_neighbour){ found[i], likeness };
        }
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    library->neighbours = neighbours;
}
