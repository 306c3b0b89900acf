#include "assistant/lanes.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/must.h"

/* Sanitizers, coverage and other compilers get the plain version only. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && defined(__OPTIMIZE__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

#define BLOCK 64 /* columns at a time */
#define AHEAD 6  /* rows */
#define LINE 64  /* bytes of a cache line */

/* --- rows --------------------------------------------------------------------------------------- */

/* Rows lie anywhere in a table that is larger than the near caches, so they are asked for ahead. */
static inline void ask_for(const void *row, size_t len)
{
    for (size_t at = 0; at < len; at += LINE)
        __builtin_prefetch((const char *)row + at);
}

/* `block` columns, kept in registers while the rows go by. */
static inline __attribute__((always_inline)) void gather_block(float *out, const float *table, size_t width, size_t block,
                                                               const struct feature *features, size_t count)
{
    float sums[BLOCK];
    for (size_t k = 0; k < block; k++)
        sums[k] = out[k];
    for (size_t i = 0; i < count; i++) {
        const float *row = table + features[i].index * width;
        float weight = features[i].weight;
        if (i + AHEAD < count)
            ask_for(table + features[i + AHEAD].index * width, block * sizeof *table);
        for (size_t k = 0; k < block; k++)
            sums[k] += weight * row[k];
    }
    for (size_t k = 0; k < block; k++)
        out[k] = sums[k];
}

CLONES void lanes_gather(float *out, const float *table, size_t width, const struct feature *features, size_t count)
{
    size_t from = 0;
    for (; from + BLOCK <= width; from += BLOCK)
        gather_block(out + from, table + from, width, BLOCK, features, count);
    for (; from + BLOCK / 4 <= width; from += BLOCK / 4)
        gather_block(out + from, table + from, width, BLOCK / 4, features, count);
    for (; from < width; from += LANES)
        gather_block(out + from, table + from, width, LANES, features, count);
}

CLONES void lanes_scatter(float *table, size_t width, const struct feature *features, size_t count, const float *gradient)
{
    for (size_t i = 0; i < count; i++) {
        float *restrict row = table + features[i].index * width;
        float weight = features[i].weight;
        for (size_t k = 0; k < width; k++)
            row[k] -= weight * gradient[k];
    }
}

/* The loops that the compiler does not see through by itself say what they mean. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef int32_t whole __attribute__((vector_size(LANES * sizeof(int32_t))));

static inline float add_up(const float sums[LANES])
{
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

static inline __attribute__((always_inline)) float add_lanes(const lanes *sums)
{
    float all[LANES];
    memcpy(all, sums, sizeof all);
    return add_up(all);
}

CLONES float lanes_dot(const float *a, const float *b, size_t width)
{
    lanes sums = { 0 };
    for (size_t i = 0; i < width; i += LANES)
        sums += *(const lanes *)(a + i) * *(const lanes *)(b + i);
    return add_lanes(&sums);
}

float lanes_squares(const float *a, size_t width)
{
    return lanes_dot(a, a, width);
}

CLONES void lanes_step(float *restrict row, float *restrict squares, size_t width, const float *restrict gradient, float by,
                       float rate)
{
    for (size_t k = 0; k < width; k++) {
        float slope = by * gradient[k];
        squares[k] += slope * slope;
        row[k] -= rate * slope / sqrtf(squares[k]);
    }
}

/* --- windows ------------------------------------------------------------------------------------ */

#define WINDOWS 4 /* at a time, and two filters, so that what was read is used more than once */

/* Eight rows become the row of their sums, each as add_up takes it: halves first, then every second entry, then neighbours. */
#define TAKE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define ADD_HALVES(a, b) (TAKE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + TAKE(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#define ADD_SECONDS(a, b) (TAKE(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + TAKE(a, b, 2, 3, 10, 11, 6, 7, 14, 15))
#define ADD_NEIGHBOURS(a, b) (TAKE(a, b, 0, 2, 8, 10, 4, 6, 12, 14) + TAKE(a, b, 1, 3, 9, 11, 5, 7, 13, 15))

static inline __attribute__((always_inline)) void add_eight(lanes *out, const lanes rows[LANES])
{
    lanes first = ADD_HALVES(rows[0], rows[4]), second = ADD_HALVES(rows[1], rows[5]);
    lanes third = ADD_HALVES(rows[2], rows[6]), fourth = ADD_HALVES(rows[3], rows[7]);
    lanes left = ADD_SECONDS(first, second), right = ADD_SECONDS(third, fourth);
    *out = ADD_NEIGHBOURS(left, right);
}

/* Two filters over four windows: the first one's four sums, then the second one's. */
static inline __attribute__((always_inline)) void slide_block(lanes *out, const float *first, const float *second, size_t width,
                                                              const float *rows, size_t stride)
{
    const float *a = rows, *b = a + stride, *c = b + stride, *d = c + stride;
    lanes sums[2 * WINDOWS] = { { 0 } };
    for (size_t i = 0; i < width; i += LANES) {
        lanes f = *(const lanes *)(first + i), s = *(const lanes *)(second + i), x;
        x = *(const lanes *)(a + i), sums[0] += f * x, sums[4] += s * x;
        x = *(const lanes *)(b + i), sums[1] += f * x, sums[5] += s * x;
        x = *(const lanes *)(c + i), sums[2] += f * x, sums[6] += s * x;
        x = *(const lanes *)(d + i), sums[3] += f * x, sums[7] += s * x;
    }
    add_eight(out, sums);
}

static inline void keep_peak(struct lanes_peak *peak, float value, size_t at)
{
    if (value > peak->value || (value == peak->value && at < peak->at))
        *peak = (struct lanes_peak){ value, at };
}

/* The last four windows may have been seen before. */
static inline __attribute__((always_inline)) void slide_pair(const float *first, const float *second, size_t width,
                                                             const float *rows, size_t stride, size_t windows,
                                                             struct lanes_peak *peak, struct lanes_peak *other)
{
    lanes best = (lanes){ 0 } - INFINITY;
    whole found = { 0 };
    for (size_t block = 0; block < windows; block += WINDOWS) {
        size_t at = block + WINDOWS <= windows ? block : windows - WINDOWS;
        whole here = (whole){ 0, 1, 2, 3, 0, 1, 2, 3 } + (int32_t)at, better;
        lanes sums;
        slide_block(&sums, first, second, width, rows + at * stride, stride);
        better = sums > best;
        best = (lanes)(((whole)sums & better) | ((whole)best & ~better));
        found = (here & better) | (found & ~better);
    }
    for (size_t k = 0; k < WINDOWS; k++) {
        keep_peak(peak, best[k], (size_t)found[k]);
        keep_peak(other, best[WINDOWS + k], (size_t)found[WINDOWS + k]);
    }
}

CLONES void lanes_slide(const float *filters, size_t count, size_t width, const float *rows, size_t stride, size_t windows,
                        struct lanes_peak *peaks)
{
    for (size_t f = 0; f < count; f++)
        peaks[f] = (struct lanes_peak){ -INFINITY, 0 };
    for (size_t f = 0; f < count; f += 2) {
        size_t g = f + 1 < count ? f + 1 : f;
        const float *first = filters + f * width, *second = filters + g * width;
        if (windows >= WINDOWS)
            slide_pair(first, second, width, rows, stride, windows, &peaks[f], &peaks[g]);
        for (size_t at = 0; at < windows && windows < WINDOWS; at++) {
            keep_peak(&peaks[f], lanes_dot(first, rows + at * stride, width), at);
            keep_peak(&peaks[g], lanes_dot(second, rows + at * stride, width), at);
        }
    }
}

CLONES void lanes_most(float *restrict most, const float *const *rows, size_t count, size_t width)
{
    for (size_t k = 0; k < width; k += LANES) {
        float sums[LANES] = { 0 };
        for (size_t r = 0; r < count; r++)
            for (size_t l = 0; l < LANES; l++)
                sums[l] += rows[r][k + l];
        for (size_t l = 0; l < LANES; l++)
            most[k + l] = sums[l] > most[k + l] ? sums[l] : most[k + l];
    }
}

/* --- shares ------------------------------------------------------------------------------------- */

/* exp for x <= 0: 2^n times a polynomial of the rest (Cephes expf), good to 2 units in the last place. */
static inline float exponential(float x)
{
    x = x > -87.0f ? x : -87.0f; /* also what is no number */
    float n = (float)(int)(x * 1.44269504f - 0.5f);
    float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    union { uint32_t bits; float value; } power = { .bits = (uint32_t)((int)n + 127) << 23 };
    return p * power.value;
}

CLONES float lanes_softmax(float *scores, size_t classes, size_t width)
{
    float most = -INFINITY, sums[LANES] = { 0 };
    for (size_t i = 0; i < classes; i++)
        most = scores[i] > most ? scores[i] : most;
    for (size_t i = classes; i < width; i++)
        scores[i] = most - 1000;
    for (size_t i = 0; i < width; i++)
        scores[i] = exponential(scores[i] - most);
    for (size_t i = classes; i < width; i++)
        scores[i] = 0;
    for (size_t i = 0; i < width; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            sums[k] += scores[i + k];
    float share = 1 / add_up(sums);
    for (size_t i = 0; i < width; i++)
        scores[i] *= share;
    return most;
}

/* --- 8 bits ------------------------------------------------------------------------------------- */

#define STEPS 127

static void shorten_row(int8_t *restrict out, const float *restrict row, size_t width)
{
    float most = 0;
    for (size_t k = 0; k < width; k++)
        most = fabsf(row[k]) > most ? fabsf(row[k]) : most;
    float scale = most / STEPS, by = scale > 0 ? 1 / scale : 0;
    memcpy(out, &scale, sizeof scale);
    for (size_t k = 0; k < width; k++)
        out[sizeof scale + k] = (int8_t)(row[k] * by + (row[k] < 0 ? -0.5f : 0.5f));
}

int8_t *lanes_shorten(const float *table, size_t rows, size_t width)
{
    int8_t *out = memory_new(rows + 1, lanes_short_row(width));
    for (size_t r = 0; r < rows; r++)
        shorten_row(out + r * lanes_short_row(width), table + r * width, width);
    return out;
}

static inline float scale_of(const int8_t *row)
{
    float scale;
    memcpy(&scale, row, sizeof scale);
    return scale;
}

bool lanes_are_finite(const int8_t *table, size_t rows, size_t width)
{
    bool finite = true;
    for (size_t r = 0; r < rows; r++)
        finite &= isfinite(scale_of(table + r * lanes_short_row(width)));
    return finite;
}

/* `block` columns from `from` on. */
static inline __attribute__((always_inline)) void gather_short_block(float *restrict out, const int8_t *restrict table, size_t width,
                                                                     size_t from, size_t block, const struct feature *features,
                                                                     size_t count)
{
    float sums[BLOCK];
    for (size_t k = 0; k < block; k++)
        sums[k] = out[from + k];
    for (size_t i = 0; i < count; i++) {
        const int8_t *row = table + features[i].index * lanes_short_row(width), *entries = row + sizeof(float) + from;
        float weight = features[i].weight * scale_of(row);
        if (i + AHEAD < count)
            ask_for(table + features[i + AHEAD].index * lanes_short_row(width) + from, sizeof(float) + block);
        for (size_t k = 0; k < block; k++)
            sums[k] += weight * (float)entries[k];
    }
    for (size_t k = 0; k < block; k++)
        out[from + k] = sums[k];
}

CLONES void lanes_gather_short(float *out, const int8_t *table, size_t width, const struct feature *features, size_t count)
{
    size_t from = 0;
    for (; from + BLOCK <= width; from += BLOCK)
        gather_short_block(out, table, width, from, BLOCK, features, count);
    for (; from + BLOCK / 4 <= width; from += BLOCK / 4)
        gather_short_block(out, table, width, from, BLOCK / 4, features, count);
    for (; from < width; from += LANES)
        gather_short_block(out, table, width, from, LANES, features, count);
}
