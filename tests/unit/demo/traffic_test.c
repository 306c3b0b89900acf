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
        struct str words = traffic_odd(&one);
        same += str_equal(words, traffic_odd(&two));
        other += str_equal(words, traffic_odd(&three));
    }
    assert_int_equal(same, 50);
    assert_true(other < 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_answers_and_nobody_hammers),
        cmocka_unit_test(a_workspace_without_examples_has_no_traffic),
        cmocka_unit_test(the_same_seed_says_the_same_words),
    };
    return cmocka_run_group_tests(tests, read_it, free_it);
}
