/* A model examined on known texts, by figures worked out by hand; and advice about examples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/advice.h"
#include "assistant/scorecard.h"

static const char csv[] =
    "text,intent\nwhere is my parcel,parcel\ntrack my order,parcel\nhas it been sent,parcel\nmy delivery is late,parcel\n"
    "i want my money back,refund\nwhen do i get the refund,refund\nrefund my purchase,refund\ngive me back what i paid,refund\n"
    "i forgot my password,login\ni cannot log in,login\nreset my password,login\nlocked out of my account,login\n";

static struct examples read(const char *text)
{
    struct err err = { "" };
    struct examples examples = { .count = 0 };
    if (!examples_read(&err, &examples, STR("x.csv"), str_of(text)))
        fail_msg("%s", err.text);
    return examples;
}

static struct scorecard examined(const char *learned, const char *asked)
{
    struct examples from = read(learned), on = read(asked);
    struct intent_lesson lesson = examples_lesson(&from);
    struct intent *intent = intent_train(&lesson, NULL, NULL);
    struct scorecard scorecard;
    scorecard_make(&scorecard, intent, &on);
    intent_free(intent);
    examples_free(&from);
    examples_free(&on);
    return scorecard;
}

static void near(double is, double wanted)
{
    if (fabs(is - wanted) > 1e-9)
        fail_msg("%.9g instead of %.9g", is, wanted);
}

/* Texts that are examples are always understood, so what comes out is known. Answers: parcel 3 (one
 * row of it, one of refund, one of oos), refund 1, login 1, outside 1. */
static void figures_are_as_worked_out_by_hand(void **state)
{
    struct scorecard card = examined(csv, "text,intent\ntrack my order,parcel\nwhere is my parcel,refund\nrefund my purchase,refund\n"
                                          "reset my password,login\nxqz vvk wpp,oos\nmy delivery is late,oos\n");
    UNUSED(state);
    assert_int_equal(card.rows, 6);
    assert_int_equal(card.in_scope, 4);
    assert_int_equal(card.outside, 2);
    near(card.accuracy, 4.0 / 6);
    near(card.in_scope_accuracy, 3.0 / 4);
    near(card.oos_recall, 1.0 / 2);
    near(card.oos_precision, 1);
    /* F1: parcel 2/(1+3), refund 2/(2+1), login 1, outside 2/(2+1) */
    near(card.macro_f1, (0.5 + 2.0 / 3 + 1 + 2.0 / 3) / 4);
    assert_int_equal(card.confusion_count, 2);
    assert_int_equal(card.confusions[0].count, 1);
    assert_int_equal(card.confusions[0].example, 1);
    assert_true(card.confusions[0].intent == 1 && card.confusions[0].taken_for == 0);
    assert_true(card.confusions[1].intent == SCORECARD_OUTSIDE && card.confusions[1].taken_for == 0);
    assert_true(card.text_us_p50 > 0 && card.text_us_p99 >= card.text_us_p50);
    assert_true(card.calibration_error >= 0 && card.calibration_error <= 1);
    scorecard_free(&card);
}

static void without_rows_inside_there_is_no_accuracy_of_them(void **state)
{
    struct scorecard card = examined(csv, "text,intent\nxqz vvk wpp,oos\n");
    UNUSED(state);
    near(card.in_scope_accuracy, -1);
    scorecard_free(&card);
}

static void without_rows_outside_there_is_no_recall(void **state)
{
    struct scorecard card = examined(csv, "text,intent\ntrack my order,parcel\n");
    UNUSED(state);
    near(card.accuracy, 1);
    near(card.macro_f1, 1);
    assert_true(card.oos_recall < 0 && card.oos_precision < 0);
    scorecard_free(&card);
}

static void intents_that_only_one_side_knows_are_mistaken(void **state)
{
    struct scorecard card = examined(csv, "text,intent\ntrack my order,shipping\nreset my password,login\n");
    UNUSED(state);
    near(card.accuracy, 0.5);
    assert_int_equal(card.unknown_intents, 1);
    assert_int_equal(card.confusion_count, 1);
    assert_true(card.confusions[0].taken_for == SCORECARD_STRANGE && card.confusions[0].count == 1);
    scorecard_free(&card);
}

/* --- advice ------------------------------------------------------------------------------------- */

static const struct advice_topic *advice_on(const struct advice *advice, size_t topic)
{
    for (size_t i = 0; i < advice->topic_count; i++)
        if (advice->topics[i].topic == topic)
            return &advice->topics[i];
    fail_msg("no advice on %zu", topic);
    return NULL;
}

/* Two intents with the same words, one that stands alone, one that is too small, and a text in two. */
static void weak_and_overlapping_intents_are_found(void **state)
{
    struct buf text;
    static const char *const things[] = { "lamp", "chair", "table", "sofa", "carpet", "mirror", "shelf", "clock", "vase", "desk", "bed", "stool" };
    static const char *const codes[] = { "login", "password", "account", "profile", "session", "username", "access", "entry", "sign in", "pin" };
    UNUSED(state);
    buf_init(&text, 65536);
    buf_add_str(&text, STR("text,intent\n"));
    for (size_t i = 0; i < ARRAY_LEN(things); i++)
        buf_add_format(&text, "my %s is %s,%s\n", things[i], i % 3 ? "broken" : "damaged", i % 2 ? "fault" : "damage");
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        buf_add_format(&text, "i forgot the %s again,access\n", codes[i]);
    buf_add_str(&text, STR("hello there,greet\ni forgot the pin again,greet\n"));
    struct examples examples = read(buf_cstr(&text));
    struct advice advice;
    advice_make(&advice, &examples);
    assert_int_equal(advice.topic_count, 4);
    assert_int_equal(advice.examples, 24);
    const struct advice_topic *access = advice_on(&advice, 2), *greet = advice_on(&advice, 3), *damage = advice_on(&advice, 0);
    assert_true(access->recognised >= 9 && access->write_more == 0);
    assert_int_equal(greet->write_more, ADVICE_FEW - 2);
    assert_true(damage->recognised < damage->examples && damage->taken_for == 1);
    assert_true(advice.pair_count >= 1 && advice.pairs[0].a == 0 && advice.pairs[0].b == 1);
    assert_true(advice.pairs[0].mistaken >= 4 && advice.pairs[0].shown_count == 4);
    assert_int_equal(advice.double_count, 1);
    assert_int_equal(examples.items[advice.doubles[0].first].topic, 2);
    assert_int_equal(examples.items[advice.doubles[0].second].topic, 3);
    advice_free(&advice);
    examples_free(&examples);
    buf_free(&text);
}

static void a_text_that_is_there_again_and_again_is_shown_once(void **state)
{
    struct buf text;
    UNUSED(state);
    buf_init(&text, 65536);
    buf_add_str(&text, STR("text,intent\n"));
    for (int i = 0; i < 12; i++)
        buf_add_format(&text, "it is broken,%s\n", i % 2 ? "fault" : "damage");
    struct examples examples = read(buf_cstr(&text));
    struct advice advice;
    advice_make(&advice, &examples);
    assert_int_equal(advice.pair_count, 1);
    assert_int_equal(advice.pairs[0].shown_count, 1);
    advice_free(&advice);
    examples_free(&examples);
    buf_free(&text);
}

static void a_single_example_needs_others(void **state)
{
    struct examples examples = read("text,intent\nhello,a\nwhat,oos\n");
    struct advice advice;
    UNUSED(state);
    advice_make(&advice, &examples);
    assert_int_equal(advice.topics[0].write_more, ADVICE_FEW - 1);
    assert_int_equal(advice.pair_count, 0);
    advice_free(&advice);
    examples_free(&examples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_as_worked_out_by_hand), cmocka_unit_test(without_rows_inside_there_is_no_accuracy_of_them),
        cmocka_unit_test(without_rows_outside_there_is_no_recall),
        cmocka_unit_test(intents_that_only_one_side_knows_are_mistaken), cmocka_unit_test(weak_and_overlapping_intents_are_found),
        cmocka_unit_test(a_single_example_needs_others), cmocka_unit_test(a_text_that_is_there_again_and_again_is_shown_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
