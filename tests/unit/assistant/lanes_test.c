/* The loops over rows of floats, against the same sums taken one by one in double. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "assistant/lanes.h"
#include "base/memory.h"
#include "base/must.h"
#include "base/random.h"

#define ROWS 50

static float *spread(size_t count, uint64_t seed)
{
    struct random random = { seed };
    float *table = MEMORY_NEW_ARRAY(float, count);
    for (size_t i = 0; i < count; i++)
        table[i] = (float)(random_unit(&random) * 2 - 1);
    return table;
}

static void near(double is, double wanted)
{
    if (fabs(is - wanted) > 1e-5 * (1 + fabs(wanted)))
        fail_msg("%.9g instead of %.9g", is, wanted);
}

/* Widths that fill whole blocks, and those that leave a rest of every kind. */
static const size_t widths[] = { 8, 16, 24, 64, 80, 152, 200 };

static void rows_are_added_up(void **state)
{
    struct feature features[30];
    UNUSED(state);
    for (size_t w = 0; w < ARRAY_LEN(widths); w++) {
        size_t width = widths[w];
        float *table = spread(ROWS * width, 1), *out = spread(width, 2), *before = spread(width, 2);
        for (size_t i = 0; i < ARRAY_LEN(features); i++)
            features[i] = (struct feature){ (uint32_t)(i * 7 % ROWS), 0.1f * (float)i };
        lanes_gather(out, table, width, features, ARRAY_LEN(features));
        for (size_t k = 0; k < width; k++) {
            double sum = (double)before[k];
            for (size_t i = 0; i < ARRAY_LEN(features); i++)
                sum += (double)features[i].weight * (double)table[features[i].index * width + k];
            near((double)out[k], sum);
        }
        memory_free(table);
        memory_free(out);
        memory_free(before);
    }
}

static void a_gradient_is_taken_from_each_row(void **state)
{
    struct feature features[] = { { 3, 0.5f }, { 0, -1 }, { 3, 0.25f } };
    float *table = spread(ROWS * 24, 1), *before = spread(ROWS * 24, 1), *gradient = spread(24, 3);
    UNUSED(state);
    lanes_scatter(table, 24, features, ARRAY_LEN(features), gradient);
    for (size_t i = 0; i < ROWS * 24; i++) {
        double weight = i / 24 == 3 ? 0.75 : i / 24 == 0 ? -1 : 0;
        near((double)table[i], (double)before[i] - weight * (double)gradient[i % 24]);
    }
    memory_free(table);
    memory_free(before);
    memory_free(gradient);
}

static void a_filter_finds_its_best_place(void **state)
{
    UNUSED(state);
    for (size_t windows = 1; windows <= 11; windows++) {
        float *rows = spread((windows + 2) * 16, windows), *filters = spread(5 * 48, 9);
        struct lanes_peak peaks[5];
        lanes_slide(filters, 5, 48, rows, 16, windows, peaks);
        for (size_t f = 0; f < 5; f++) {
            double best = -INFINITY;
            size_t at = 0;
            for (size_t t = 0; t < windows; t++) {
                double sum = (double)lanes_dot(filters + f * 48, rows + t * 16, 48);
                if (sum > best) {
                    best = sum;
                    at = t;
                }
            }
            assert_int_equal(peaks[f].at, at);
            assert_true((double)peaks[f].value == best); /* to the bit: models are the same on every machine */
        }
        memory_free(rows);
        memory_free(filters);
    }
}

static void of_places_as_good_the_first_counts(void **state)
{
    float rows[24 * 16] = { 0 }, *filters = spread(5 * 48, 9);
    struct lanes_peak peaks[5];
    UNUSED(state);
    for (size_t windows = 1; windows <= 11; windows++) {
        lanes_slide(filters, 5, 48, rows, 16, windows, peaks);
        for (size_t f = 0; f < 5; f++)
            assert_int_equal(peaks[f].at, 0);
    }
    memory_free(filters);
}

static void shares_add_up_to_one(void **state)
{
    UNUSED(state);
    for (size_t classes = 1; classes <= 20; classes++) {
        float *scores = spread(24, classes);
        double sum = 0, wanted[20], all = 0;
        for (size_t c = 0; c < classes; c++) {
            scores[c] *= 40; /* far apart: some shares are all but nothing */
            wanted[c] = exp((double)scores[c]);
            all += wanted[c];
        }
        lanes_softmax(scores, classes, 24);
        for (size_t c = 0; c < 24; c++) {
            sum += (double)scores[c];
            near((double)scores[c], c < classes ? wanted[c] / all : 0);
        }
        near(sum, 1);
        memory_free(scores);
    }
}

/* Rows of very different size: each has a scale of its own. */
static void eight_bits_are_near_enough(void **state)
{
    float *table = spread(ROWS * 80, 1), *out = MEMORY_NEW_ARRAY(float, 80), *whole = MEMORY_NEW_ARRAY(float, 80);
    for (size_t k = 0; k < 80; k++) {
        table[7 * 80 + k] *= 1e-3f;
        table[49 * 80 + k] = 0;
    }
    int8_t *brief = lanes_shorten(table, ROWS, 80);
    struct feature features[] = { { 1, 1 }, { 7, 2000 }, { 49, -0.5f } };
    UNUSED(state);
    assert_true(lanes_are_finite(brief, ROWS, 80));
    lanes_gather(whole, table, 80, features, ARRAY_LEN(features));
    lanes_gather_short(out, brief, 80, features, ARRAY_LEN(features));
    for (size_t k = 0; k < 80; k++)
        assert_true(fabs((double)out[k] - (double)whole[k]) <= 3.0 / 254 + 1e-5);
    memory_free(table);
    memory_free(out);
    memory_free(whole);
    memory_free(brief);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_added_up), cmocka_unit_test(a_gradient_is_taken_from_each_row),
        cmocka_unit_test(a_filter_finds_its_best_place),
        cmocka_unit_test(of_places_as_good_the_first_counts), cmocka_unit_test(shares_add_up_to_one),
        cmocka_unit_test(eight_bits_are_near_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
