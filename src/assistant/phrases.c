#include "assistant/phrases.h"

#include <math.h>

#include "base/memory.h"

#define FIRST_SQUARE 0.01f
#define FIRST_SPELLING 0.1
#define BIAS_SHARE 0.05f
#define EDGE (PHRASES_SPANS - 1) /* empty words before and behind the text */

/* One text on its way through the filters. */
struct passage {
    float *rows;           /* EDGE empty words, the text's, EDGE empty words */
    size_t words;
    struct feature *units; /* filters that found something */
    size_t unit_count;
    struct lanes_peak *peaks; /* by filter: what it found and where */
};

/* What learning one needs beside it. */
struct bench {
    struct phrases *phrases;
    const struct phrases_settings *settings;
    struct random random;
    float *spelling, *squares, *filter_squares;
    float *filters[PHRASES_SPANS]; /* [filter, (span + 1) * depth] */
    struct passage passage;
    struct feature *items, *kept, *units_kept;
    uint32_t *ends; /* by word: where what was kept of it ends in `kept` */
    float *shares, *unit_gradients, *row_gradients;
};

static size_t filters_of(const size_t counts[PHRASES_SPANS])
{
    size_t all = 0;
    for (size_t s = 0; s < PHRASES_SPANS; s++)
        all += counts[s];
    return all;
}

static size_t rows_room(size_t depth)
{
    return (PHRASES_WORDS + 2 * EDGE) * depth;
}

static size_t words_of(const struct vector *vector)
{
    return vector->words < PHRASES_WORDS ? vector->words : PHRASES_WORDS;
}

/* The spelling of word `w`, each feature weighed so that long words are no longer than short ones. */
static size_t spell(const struct vector *vector, size_t w, struct feature *items)
{
    size_t from = w ? vector->ends[w - 1] : 0, count = vector->ends[w] - from;
    float weight = count ? 1 / sqrtf((float)count) : 0;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct feature){ vector->spelled[from + i], weight };
    return count;
}

static void look(const struct phrases *phrases, float *const filters[PHRASES_SPANS], struct passage *passage)
{
    size_t unit = 0;
    passage->unit_count = 0;
    for (size_t s = 0; s < PHRASES_SPANS && passage->words; s++) {
        const float *rows = passage->rows + (EDGE - s) * phrases->depth;
        lanes_slide(filters[s], phrases->counts[s], (s + 1) * phrases->depth, rows, phrases->depth, passage->words + s,
                    passage->peaks + unit);
        for (size_t f = 0; f < phrases->counts[s]; f++, unit++) {
            float value = passage->peaks[unit].value + phrases->bias[unit];
            passage->peaks[unit].at += EDGE - s;
            if (value > 0)
                passage->units[passage->unit_count++] = (struct feature){ (uint32_t)unit, value };
        }
    }
}

/* --- learning ----------------------------------------------------------------------------------- */

static void spell_out(struct bench *bench, const struct vector *vector, size_t depth)
{
    struct passage *passage = &bench->passage;
    size_t kept = 0;
    passage->words = words_of(vector);
    memset(passage->rows, 0, (passage->words + 2 * EDGE) * depth * sizeof *passage->rows);
    for (size_t w = 0; w < passage->words; w++) {
        size_t count = spell(vector, w, bench->items), from = kept;
        kept += learning_drop(bench->kept + kept, bench->items, count, bench->settings->drop_spelling, &bench->random);
        lanes_gather(passage->rows + (EDGE + w) * depth, bench->spelling, depth, bench->kept + from, kept - from);
        bench->ends[w] = (uint32_t)kept;
    }
}

/* From each filter's gradient back to the words it looked at, and a step of the filter. */
static void step_filters(struct phrases *phrases, struct bench *bench, const struct feature *units, size_t count, float rate)
{
    float scale = (float)(1 / (1 - bench->settings->drop_filters));
    for (size_t i = 0; i < count; i++) {
        size_t unit = units[i].index, filter = unit, s = 0;
        for (; filter >= phrases->counts[s]; s++)
            filter -= phrases->counts[s];
        size_t width = (s + 1) * phrases->depth, at = bench->passage.peaks[unit].at * phrases->depth;
        float gradient = bench->unit_gradients[i] * scale, *square = &bench->filter_squares[unit];
        const float *window = bench->passage.rows + at;
        struct feature back = { (uint32_t)filter, gradient };
        lanes_gather(bench->row_gradients + at, bench->filters[s], width, &back, 1);
        *square += gradient * gradient * lanes_squares(window, width) / (float)width;
        struct feature step = { (uint32_t)filter, rate * gradient / sqrtf(*square) };
        lanes_scatter(bench->filters[s], width, &step, 1, window);
        phrases->bias[unit] -= BIAS_SHARE * rate * gradient;
    }
}

static void learn_sample(void *learner, const struct sample *sample, float rate)
{
    struct bench *bench = learner;
    struct phrases *phrases = bench->phrases;
    struct passage *passage = &bench->passage;
    size_t depth = phrases->depth;
    spell_out(bench, sample->vector, depth);
    look(phrases, bench->filters, passage);
    size_t count = learning_drop(bench->units_kept, passage->units, passage->unit_count, bench->settings->drop_filters,
                                 &bench->random);
    output_shares(&phrases->output, bench->units_kept, count, bench->shares);
    if (!learning_error(bench->shares, phrases->output.classes, sample->class))
        return;
    output_step(&phrases->output, bench->units_kept, count, bench->shares, rate, bench->unit_gradients);
    memset(bench->row_gradients, 0, (passage->words + 2 * EDGE) * depth * sizeof *bench->row_gradients);
    step_filters(phrases, bench, bench->units_kept, count, rate);
    for (size_t w = 0; w < passage->words; w++) {
        size_t from = w ? bench->ends[w - 1] : 0;
        learning_step(bench->spelling, bench->squares, depth, bench->kept + from, bench->ends[w] - from,
                      bench->row_gradients + (EDGE + w) * depth, rate);
    }
}

static size_t most_spelled(const struct lesson *lesson)
{
    size_t most = 0;
    for (size_t i = 0; i < lesson->count; i++) {
        const struct vector *vector = lesson->samples[i].vector;
        size_t spelled = vector->words ? vector->ends[vector->words - 1] : 0;
        most = spelled > most ? spelled : most;
    }
    return most;
}

static void prepare(struct phrases *phrases, struct bench *bench, const struct lesson *lesson)
{
    size_t depth = phrases->depth, units = filters_of(phrases->counts), spelled = most_spelled(lesson);
    bench->spelling = learning_spread(lesson->features, depth, depth, FIRST_SPELLING, &bench->random);
    bench->squares = learning_filled(lesson->features, FIRST_SQUARE);
    bench->filter_squares = learning_filled(units, FIRST_SQUARE);
    for (size_t s = 0; s < PHRASES_SPANS; s++) {
        size_t width = (s + 1) * depth;
        must(phrases->counts[s] % LANES == 0);
        bench->filters[s] = learning_spread(phrases->counts[s], width, width, sqrt(3.0 / (double)width), &bench->random);
    }
    output_make(&phrases->output, units, lesson->classes, &bench->random);
    bench->passage = (struct passage){ .rows = MEMORY_NEW_ARRAY(float, rows_room(depth)), .units = MEMORY_NEW_ARRAY(struct feature, units + 1),
                                       .peaks = MEMORY_NEW_ARRAY(struct lanes_peak, units + 1) };
    bench->items = MEMORY_NEW_ARRAY(struct feature, spelled + 1);
    bench->kept = MEMORY_NEW_ARRAY(struct feature, spelled + 1);
    bench->ends = MEMORY_NEW_ARRAY(uint32_t, PHRASES_WORDS);
    bench->units_kept = MEMORY_NEW_ARRAY(struct feature, units + 1);
    bench->unit_gradients = MEMORY_NEW_ARRAY(float, units + 1);
    bench->row_gradients = MEMORY_NEW_ARRAY(float, rows_room(depth));
    bench->shares = MEMORY_NEW_ARRAY(float, phrases->output.width);
}

static void bench_free(struct bench *bench)
{
    memory_free(bench->spelling);
    memory_free(bench->squares);
    memory_free(bench->filter_squares);
    for (size_t s = 0; s < PHRASES_SPANS; s++)
        memory_free(bench->filters[s]);
    memory_free(bench->passage.rows);
    memory_free(bench->passage.units);
    memory_free(bench->passage.peaks);
    memory_free(bench->items);
    memory_free(bench->kept);
    memory_free(bench->ends);
    memory_free(bench->units_kept);
    memory_free(bench->unit_gradients);
    memory_free(bench->row_gradients);
    memory_free(bench->shares);
}

/* Filters as rows become parts as columns. */
static float *parts_of(const struct phrases *phrases, float *const filters[PHRASES_SPANS])
{
    float *parts = MEMORY_NEW_ARRAY(float, phrases->depth * phrases->part_count);
    size_t part = 0;
    for (size_t s = 0; s < PHRASES_SPANS; s++)
        for (size_t k = 0; k <= s; k++)
            for (size_t f = 0; f < phrases->counts[s]; f++, part++)
                for (size_t d = 0; d < phrases->depth; d++)
                    parts[d * phrases->part_count + part] = filters[s][(f * (s + 1) + k) * phrases->depth + d];
    return parts;
}

size_t phrases_parts(const size_t counts[PHRASES_SPANS])
{
    size_t parts = 0;
    for (size_t s = 0; s < PHRASES_SPANS; s++)
        parts += (s + 1) * counts[s];
    return parts;
}

void phrases_learn(struct phrases *phrases, const struct lesson *lesson, const struct phrases_settings *settings)
{
    struct bench bench = { .phrases = phrases, .settings = settings, .random = { lesson->seed } };
    must(settings->depth % LANES == 0);
    *phrases = (struct phrases){ .features = lesson->features, .depth = settings->depth, .part_count = phrases_parts(settings->counts) };
    memcpy(phrases->counts, settings->counts, sizeof phrases->counts);
    phrases->bias = MEMORY_NEW_ARRAY(float, filters_of(phrases->counts) + 1);
    prepare(phrases, &bench, lesson);
    learning_rounds(lesson, settings->rounds, settings->rate, &bench.random, learn_sample, &bench);
    phrases->spelling = lanes_shorten(bench.spelling, lesson->features, phrases->depth);
    phrases->parts = parts_of(phrases, bench.filters);
    output_learned(&phrases->output);
    bench_free(&bench);
}

void phrases_free(struct phrases *phrases)
{
    memory_free(phrases->spelling);
    memory_free(phrases->parts);
    memory_free(phrases->bias);
    memory_free(phrases->book);
    output_free(&phrases->output);
    *phrases = (struct phrases){ 0 };
}

/* --- looking ------------------------------------------------------------------------------------ */

/* All parts of one word. There is room for its spelling, and for `depth` features, in `items`. */
static void work_out(const struct phrases *phrases, const uint32_t *spelled, size_t count, struct feature *items, float *row, float *out)
{
    float weight = count ? 1 / sqrtf((float)count) : 0;
    for (size_t i = 0; i < count; i++)
        items[i] = (struct feature){ spelled[i], weight };
    memset(row, 0, phrases->depth * sizeof *row);
    lanes_gather_short(row, phrases->spelling, phrases->depth, items, count);
    for (size_t d = 0; d < phrases->depth; d++)
        items[d] = (struct feature){ (uint32_t)d, row[d] };
    memset(out, 0, phrases->part_count * sizeof *out);
    lanes_gather(out, phrases->parts, phrases->part_count, items, phrases->depth);
}

void phrases_prepare(struct phrases *phrases, const struct common *common)
{
    struct arena scratch = { 0 };
    size_t most = phrases->depth;
    for (size_t w = 0, from = 0; w < common->count; from = common->ends[w++])
        most = common->ends[w] - from > most ? common->ends[w] - from : most;
    struct feature *items = ARENA_NEW_ARRAY(&scratch, struct feature, most + 1);
    float *row = ARENA_NEW_ARRAY(&scratch, float, phrases->depth);
    phrases->book = MEMORY_NEW_ARRAY(float, common->count * phrases->part_count + 1);
    for (size_t w = 0, from = 0; w < common->count; from = common->ends[w++])
        work_out(phrases, common->spelled + from, common->ends[w] - from, items, row, phrases->book + w * phrases->part_count);
    arena_free(&scratch);
}

/* The parts of each word: out of the book, or worked out now. */
static const float **parts_of_words(const struct phrases *phrases, const struct common *common, struct arena *arena,
                                    const struct vector *vector, size_t words)
{
    size_t spelled = words ? vector->ends[words - 1] : 0;
    const float **parts = ARENA_NEW_ARRAY(arena, const float *, words + 1);
    struct feature *items = ARENA_NEW_ARRAY(arena, struct feature, (spelled > phrases->depth ? spelled : phrases->depth) + 1);
    float *row = ARENA_NEW_ARRAY(arena, float, phrases->depth);
    for (size_t w = 0, from = 0; w < words; from = vector->ends[w++]) {
        size_t count = vector->ends[w] - from, number = common_find(common, vector->spelled + from, count);
        if (number != SIZE_MAX) {
            parts[w] = phrases->book + number * phrases->part_count;
            continue;
        }
        float *own = ARENA_NEW_ARRAY(arena, float, phrases->part_count);
        work_out(phrases, vector->spelled + from, count, items, row, own);
        parts[w] = own;
    }
    return parts;
}

/* The windows of one span, the first of which only ends with the first word: `best` by filter. */
static void look_over(const float *const *parts, size_t words, size_t span, size_t offset, size_t count, float *best)
{
    for (size_t k = 0; k < count; k++)
        best[k] = -INFINITY;
    for (size_t end = 0; end < words + span; end++) {
        const float *rows[PHRASES_SPANS];
        size_t found = 0;
        for (size_t k = 0; k <= span; k++)
            if (end + k >= span && end + k < words + span)
                rows[found++] = parts[end + k - span] + offset + k * count;
        lanes_most(best, rows, found, count);
    }
}

float phrases_shares(const struct phrases *phrases, const struct common *common, struct arena *arena, const struct vector *vector,
                     float *shares)
{
    size_t units = filters_of(phrases->counts), words = words_of(vector), active = 0, unit = 0, offset = 0;
    struct feature *found = ARENA_NEW_ARRAY(arena, struct feature, units + 1);
    float *best = ARENA_NEW_ARRAY(arena, float, units + 1);
    const float **parts = parts_of_words(phrases, common, arena, vector, words);
    for (size_t s = 0; s < PHRASES_SPANS && words; offset += (s + 1) * phrases->counts[s], unit += phrases->counts[s], s++)
        look_over(parts, words, s, offset, phrases->counts[s], best + unit);
    for (size_t u = 0; u < units && words; u++)
        if (best[u] + phrases->bias[u] > 0)
            found[active++] = (struct feature){ (uint32_t)u, best[u] + phrases->bias[u] };
    return output_shares(&phrases->output, found, active, shares);
}
