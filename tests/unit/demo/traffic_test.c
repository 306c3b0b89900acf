/* Traffic against a server that is not there: it keeps trying, politely, and stops at once when told. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "demo/traffic_play.h"

static struct workspace *workspace;

static int read_it(void **state)
{
    struct problems problems = { 0 };
    UNUSED(state);
    workspace = workspace_read("demo", &problems);
    problems_free(&problems);
    return workspace ? 0 : -1;
}

static int free_it(void **state)
{
    UNUSED(state);
    workspace_free(workspace);
    return 0;
}

static void nobody_answers_and_nobody_hammers(void **state)
{
    UNUSED(state);
    struct err err;
    struct traffic_figures figures;
    struct traffic *traffic = traffic_start(&err, "http://127.0.0.1:1", workspace, 1, 600);
    assert_non_null(traffic);
    sleep(4);
    traffic_figures(traffic, &figures);
    print_message("customers %d, requests %d, errors %d\n", (int)figures.customers, (int)figures.requests, (int)figures.errors);
    assert_true(figures.errors > 0);
    assert_true(figures.open <= TRAFFIC_OPEN_MAX);
    /* Each waits 1, 2, 4 ... seconds between two attempts. */
    assert_true(figures.requests <= 4 * (figures.customers + 3));
    int64_t began_ms = traffic_now();
    traffic_stop(traffic);
    assert_true(traffic_now() - began_ms < 500);
}

static void a_workspace_without_examples_has_no_traffic(void **state)
{
    UNUSED(state);
    struct err err;
    struct workspace empty = { 0 };
    assert_null(traffic_start(&err, "http://127.0.0.1:1", &empty, 1, 1));
    assert_non_null(strstr(err.text, "examples"));
}

/* The seed decides every choice. */
static void the_same_seed_says_the_same_words(void **state)
{
    UNUSED(state);
    struct traffic one = { .random = { 7 } }, two = { .random = { 7 } }, three = { .random = { 8 } };
    int same = 0, other = 0;
    for (int i = 0; i < 50; i++) {
        struct str words = traffic_odd(&one, "en");
        same += str_equal(words, traffic_odd(&two, "en"));
        other += str_equal(words, traffic_odd(&three, "en"));
    }
    assert_int_equal(same, 50);
    assert_true(other < 25);
}

/* A German visitor would wait for ever if nobody spoke German. */
static void customers_come_in_languages_that_somebody_speaks(void **state)
{
    UNUSED(state);
    struct traffic traffic = { .random = { 7 } };
    int german = 0;
    traffic_speaks(&traffic, STR("en"));
    traffic_speaks(&traffic, STR("sv"));
    traffic_speaks(&traffic, STR("fi")); /* not one of the four */
    for (int i = 0; i < 500; i++) german += !strcmp(traffic_language(&traffic), "de");
    assert_int_equal(german, 0);
    traffic_speaks(&traffic, STR("de"));
    for (int i = 0; i < 500; i++) german += !strcmp(traffic_language(&traffic), "de");
    assert_true(german > 10 && german < 100);
}

static void words_are_in_the_language_asked_for(void **state)
{
    UNUSED(state);
    struct traffic traffic = { .random = { 7 } };
    bool seen = false;
    for (int i = 0; i < 200; i++) {
        struct str words = traffic_own_words(&traffic, "de");
        seen |= str_equal(words, STR("genug von ihren newslettern"));
        assert_true(str_find(words, STR("newsletters"), 0) < 0);
        assert_true(str_find(traffic_wants_person(&traffic, "es"), STR("person please"), 0) < 0);
    }
    assert_true(seen);
    assert_true(traffic_odd(&traffic, "fi").len > 0); /* in a language without words: some words */
}

/* What the assistant asks for, as the actions of the workspace put it. */
static void a_question_for_a_detail_is_answered_with_one(void **state)
{
    UNUSED(state);
    struct traffic traffic = { .random = { 7 } };
    struct arena arena = { 0 };
    size_t asked = 0;
    for (size_t i = 0; i < workspace->action_count; i++)
        for (size_t j = 0; j < workspace->actions[i].parameter_count; j++) {
            const struct action_parameter *parameter = &workspace->actions[i].parameters[j];
            if (parameter->choice_count || str_equal(parameter->name, STR("email"))) continue;
            for (size_t k = 0; k < parameter->question_count; k++, asked++)
                assert_true(traffic_detail(&traffic, &arena, arena_cstr(&arena, parameter->questions[k].text)).len > 0);
        }
    assert_true(asked >= 10);
    assert_true(str_starts(traffic_detail(&traffic, &arena, "Which order is it? It looks like W-20417."), STR("W-2")));
    assert_true(str_starts(traffic_detail(&traffic, &arena, "What is the code? It looks like WG-ABCD-EFGH."), STR("WG-")));
    assert_int_equal(traffic_detail(&traffic, &arena, "Order W-20417 is on its way.").len, 0);
    assert_int_equal(traffic_detail(&traffic, &arena, "Shall I turn autopay on?").len, 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_answers_and_nobody_hammers),
        cmocka_unit_test(a_workspace_without_examples_has_no_traffic),
        cmocka_unit_test(the_same_seed_says_the_same_words),
        cmocka_unit_test(customers_come_in_languages_that_somebody_speaks),
        cmocka_unit_test(words_are_in_the_language_asked_for),
        cmocka_unit_test(a_question_for_a_detail_is_answered_with_one),
    };
    return cmocka_run_group_tests(tests, read_it, free_it);
}
