/* Risk control against published and hand-made numbers, and its promise against simulated contacts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "assistant/risk.h"
#include "base/must.h"
#include "base/random.h"

static void near(double is, double wanted, double within)
{
    if (fabs(is - wanted) > within)
        fail_msg("%.9g instead of %.9g", is, wanted);
}

static void the_tail_is_exact(void **state)
{
    UNUSED(state);
    near(risk_binomial_tail(0, 10, 0.5), 1.0 / 1024, 1e-12);
    near(risk_binomial_tail(5, 10, 0.5), 638.0 / 1024, 1e-12);
    near(risk_binomial_tail(0, 45, 0.05), pow(0.95, 45), 1e-12);
    near(risk_binomial_tail(2, 3, 0.1), 0.999, 1e-12);
    near(risk_binomial_tail(3, 3, 0.9), 1, 0);
    near(risk_binomial_tail(9, 5, 0.2), 1, 0);
    near(risk_binomial_tail(4, 10, 0), 1, 0);
    near(risk_binomial_tail(4, 10, 1), 0, 0);
    near(risk_binomial_tail(5000, 100000, 0.05), 0.50376, 0.0001); /* nearly a normal one's middle */
    assert_true(risk_binomial_tail(10, 100000, 0.05) < 1e-300);
}

/* As published: alpha, delta, n. */
static void the_fewest_answers_are_as_published(void **state)
{
    static const struct { double risk, delta; size_t least; } rows[] = {
        { .05, .1, 45 }, { .02, .1, 114 }, { .1, .1, 22 }, { .01, .1, 230 }, { .05, .05, 59 },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(risk_least_answered(rows[i].risk, rows[i].delta), rows[i].least);
        assert_true(risk_binomial_tail(0, rows[i].least, rows[i].risk) <= rows[i].delta);
        assert_true(risk_binomial_tail(0, rows[i].least - 1, rows[i].risk) > rows[i].delta);
    }
}

static void the_most_errors_are_as_published(void **state)
{
    static const struct { double risk; size_t n; long most; } rows[] = {
        { .05, 45, 0 }, { .05, 100, 1 }, { .05, 200, 5 }, { .05, 500, 18 }, { .05, 1000, 40 }, { .05, 1500, 63 },
        { .02, 45, -1 }, { .02, 100, -1 }, { .02, 200, 1 }, { .02, 500, 5 }, { .02, 1000, 13 }, { .02, 1500, 22 },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(risk_most_wrong(rows[i].n, rows[i].risk, .1), rows[i].most);
}

static void sure_answers_are_certified_and_unsure_ones_left(void **state)
{
    static struct risk_row rows[400];
    UNUSED(state);
    for (size_t i = 0; i < 400; i++) /* 300 sure ones of which 3 are wrong, 100 unsure ones of which half are */
        rows[i] = i < 300 ? (struct risk_row){ .9, i % 100 == 0 } : (struct risk_row){ .4, i % 2 == 0 };
    struct risk_choice choice = risk_choose(rows, 400, .05, .1);
    assert_true(choice.certified);
    assert_int_equal(choice.answered, 300);
    assert_int_equal(choice.wrong, 3);
    assert_true(choice.threshold > 400 && choice.threshold <= 900);
    assert_true(choice.p_value <= .1);
}

static void too_few_rows_say_how_many_are_missing(void **state)
{
    static struct risk_row rows[200];
    UNUSED(state);
    struct risk_choice none = risk_choose(rows, 0, .05, .1);
    assert_false(none.certified);
    assert_int_equal(none.more_needed, 45);
    for (size_t i = 0; i < 20; i++)
        rows[i] = (struct risk_row){ .9, false };
    struct risk_choice few = risk_choose(rows, 20, .05, .1);
    assert_false(few.certified);
    assert_int_equal(few.more_needed, 25);
    for (size_t i = 0; i < 200; i++) /* every tenth wrong at any confidence: more of these show nothing */
        rows[i] = (struct risk_row){ .5, i % 10 == 0 };
    struct risk_choice bad = risk_choose(rows, 200, .05, .1);
    assert_false(bad.certified);
    assert_int_equal(bad.more_needed, 0);
    for (size_t i = 0; i < 200; i++) /* two in a hundred: enough only with many more */
        rows[i] = (struct risk_row){ .8, i % 25 == 0 };
    struct risk_choice close = risk_choose(rows, 200, .05, .1);
    assert_false(close.certified);
    assert_true(close.more_needed > 400 && close.more_needed < 2000);
}

/* Ties at one confidence are answered together or not at all. */
static void a_threshold_takes_all_of_one_confidence(void **state)
{
    static struct risk_row rows[100];
    UNUSED(state);
    for (size_t i = 0; i < 100; i++)
        rows[i] = (struct risk_row){ .7, i == 99 };
    struct risk_choice choice = risk_choose(rows, 100, .05, .1);
    assert_true(choice.certified && choice.answered == 100 && choice.wrong == 1);
    rows[0].wrong = rows[1].wrong = true;
    rows[2].wrong = false;
    for (size_t i = 0; i < 100; i++)
        rows[i].wrong = i < 2;
    assert_false(risk_choose(rows, 100, .05, .1).certified);
}

/* What is promised: over many draws, the true rate is above the risk in at most a share delta. The
 * worst case for it is a true rate that crosses the risk slowly. */
static void the_promise_holds_over_many_draws(void **state)
{
    enum { DRAWS = 2000, ROWS = 500 };
    static struct risk_row rows[ROWS];
    struct random random = { 11 };
    size_t broken = 0, certified = 0;
    UNUSED(state);
    for (int draw = 0; draw < DRAWS; draw++) {
        for (size_t i = 0; i < ROWS; i++) { /* P(wrong | confidence c) = 0.16 (1 - c) */
            double confidence = random_unit(&random);
            rows[i] = (struct risk_row){ confidence, random_unit(&random) < 0.16 * (1 - confidence) };
        }
        struct risk_choice choice = risk_choose(rows, ROWS, .05, .1);
        double from = (choice.threshold - 0.5) / RISK_STEPS; /* the mean of 0.16 (1 - c) above it */
        double truth = 0.16 * (1 - (1 + from) / 2);
        certified += choice.certified;
        broken += choice.certified && truth > .05;
    }
    print_message("risk: %zu of %d certified, %zu broken\n", certified, DRAWS, broken);
    assert_true(certified > DRAWS * 6 / 10);
    assert_true(broken > 0 && broken <= DRAWS * 12 / 100); /* delta is 10 %; 12 is three deviations of the count above */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tail_is_exact), cmocka_unit_test(the_fewest_answers_are_as_published),
        cmocka_unit_test(the_most_errors_are_as_published), cmocka_unit_test(sure_answers_are_certified_and_unsure_ones_left),
        cmocka_unit_test(too_few_rows_say_how_many_are_missing), cmocka_unit_test(a_threshold_takes_all_of_one_confidence),
        cmocka_unit_test(the_promise_holds_over_many_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
