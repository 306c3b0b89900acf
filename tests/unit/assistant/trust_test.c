/* How far a prediction is to be trusted: the gate, calibration, and which topic knows which words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "assistant/calibration.h"
#include "assistant/cover.h"
#include "assistant/gate.h"
#include "base/memory.h"
#include "base/must.h"
#include "base/random.h"

/* What is right 9 times of 10 where the signals are strong, and never where they are weak. */
static void the_gate_learns_how_often_it_is_right(void **state)
{
    static struct gate_example examples[1000];
    struct gate gate;
    UNUSED(state);
    for (int i = 0; i < 1000; i++) {
        bool strong = i % 2;
        examples[i] = (struct gate_example){ .weight = 1, .right = strong && i % 20 != 1 };
        for (int k = 0; k < GATE_SIGNALS; k++)
            examples[i].signals[k] = (strong ? 1 : 0) + (i % 7) * 0.01;
    }
    gate_train(&gate, examples, 1000);
    double weak = gate_probability(&gate, examples[0].signals), strong = gate_probability(&gate, examples[3].signals);
    assert_true(weak < 0.1 && strong > 0.8 && strong < 0.97);
}

/* A signal that points the wrong way gets no weight, rather than a negative one. */
static void no_signal_is_turned_round(void **state)
{
    static struct gate_example examples[500];
    struct gate gate;
    UNUSED(state);
    for (int i = 0; i < 500; i++) {
        examples[i] = (struct gate_example){ .weight = 1, .right = i % 3 != 0 };
        for (int k = 0; k < GATE_SIGNALS; k++)
            examples[i].signals[k] = (k == GATE_KNOWN ? -1 : 1) * (examples[i].right ? 1 : 0) + (i % 11) * 0.02;
    }
    gate_train(&gate, examples, 500);
    assert_true(gate.weights[GATE_KNOWN] == 0);
    assert_true(gate.weights[GATE_LOGIT] > 0);
}

/* Scores that are too sure: right only half as far from even as they say. */
static void calibration_finds_the_slope(void **state)
{
    static struct calibration_example examples[20000];
    struct random random = { 4 };
    struct calibration_bins before = { .count = 0 }, after = { .count = 0 };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        double logit = 8 * random_unit(&random) - 4, truth = 1 / (1 + exp(-(0.5 * logit + 0.7)));
        examples[i] = (struct calibration_example){ logit, random_unit(&random) < truth };
    }
    struct calibration fitted = calibration_fit(examples, ARRAY_LEN(examples));
    assert_true(fabs(fitted.slope - 0.5) < 0.03 && fabs(fitted.shift - 0.7) < 0.05);
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        calibration_count(&before, 1 / (1 + exp(-examples[i].logit)), examples[i].right);
        calibration_count(&after, calibration_probability(&fitted, examples[i].logit), examples[i].right);
    }
    assert_true(calibration_error(&before) > 0.1);
    assert_true(calibration_error(&after) < 0.015);
}

static void few_examples_change_little(void **state)
{
    static const struct calibration_example none[1], one[] = { { 2, false } };
    struct calibration fitted = calibration_fit(none, 0);
    UNUSED(state);
    assert_true(fitted.slope == 1 && fitted.shift == 0);
    fitted = calibration_fit(one, 1);
    assert_true(fitted.slope > 0.3 && fitted.slope < 1 && fitted.shift > -0.6 && fitted.shift < 0);
}

static void an_error_of_calibration_is_what_the_bins_are_off(void **state)
{
    struct calibration_bins bins = { .count = 0 };
    UNUSED(state);
    assert_true(calibration_error(&bins) == 0);
    for (int i = 0; i < 10; i++)
        calibration_count(&bins, 0.9, i < 7); /* said 9 of 10, was 7 of 10 */
    for (int i = 0; i < 10; i++)
        calibration_count(&bins, 0.1, i < 1);
    assert_true(fabs(calibration_error(&bins) - 0.1) < 1e-9);
    calibration_count(&bins, 1, true);
    calibration_count(&bins, 0, false);
    assert_int_equal(bins.count, 22);
}

static void words_are_known_by_their_topics(void **state)
{
    static const char *const texts[] = { "where is my parcel", "pay the bill", "where do i pay" };
    static const uint32_t topics[] = { 2, 0, 0 };
    struct arena arena = { 0 };
    struct lexicon lexicon = { .count = 0 };
    struct weighing weighing;
    struct cover cover;
    struct bag bags[3], asked;
    const struct bag *pointers[] = { &bags[0], &bags[1], &bags[2] };
    UNUSED(state);
    for (size_t i = 0; i < 3; i++)
        bag_learn(&bags[i], &lexicon, &arena, tokens_of(&arena, str_of(texts[i])), NULL);
    weighing_make(&weighing, &lexicon, pointers, 3);
    cover_make(&cover, &weighing, pointers, topics, 3);
    bag_read(&asked, &lexicon, &arena, tokens_of(&arena, STR("pay my pizza")), NULL);
    struct coverage pay = cover_of(&cover, &weighing, &asked, 0), parcel = cover_of(&cover, &weighing, &asked, 2);
    struct coverage nothing = cover_of(&cover, &weighing, &asked, 1);
    assert_true(pay.known == parcel.known && pay.known > 0.4 && pay.known < 0.8);
    assert_true(pay.covered > 0 && pay.covered < pay.known);
    assert_true(parcel.covered > 0 && parcel.covered < parcel.known);
    assert_true(fabs(pay.covered + parcel.covered - pay.known) < 1e-9);
    assert_true(nothing.covered == 0);
    cover_free(&cover);
    weighing_free(&weighing);
    lexicon_free(&lexicon);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gate_learns_how_often_it_is_right), cmocka_unit_test(no_signal_is_turned_round),
        cmocka_unit_test(calibration_finds_the_slope), cmocka_unit_test(few_examples_change_little),
        cmocka_unit_test(an_error_of_calibration_is_what_the_bins_are_off), cmocka_unit_test(words_are_known_by_their_topics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
