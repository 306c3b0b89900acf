/* A host's breaker opens after failures in a row, lets one call try after a rest, and closes when it succeeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "assistant/breaker.h"
#include "base/must.h"

static struct breakers *breakers;
static const struct str host = { "https://a.example", 17 };

static int begin(void **state)
{
    UNUSED(state);
    breakers = breakers_new();
    return 0;
}

static int end(void **state)
{
    UNUSED(state);
    breakers_free(breakers);
    return 0;
}

static void given_failures(int count)
{
    for (int i = 0; i < count; i++) breaker_note(breakers, host, true, 1000);
}

static void it_opens_after_failures_in_a_row(void **state)
{
    UNUSED(state);
    given_failures(BREAKER_FAILURES - 1);
    assert_true(breaker_allows(breakers, host, 1001));
    breaker_note(breakers, host, false, 1001);
    given_failures(BREAKER_FAILURES - 1);
    assert_true(breaker_allows(breakers, host, 1002)); /* not in a row */
    given_failures(1);
    assert_false(breaker_allows(breakers, host, 1003));
    assert_true(breaker_allows(breakers, STR("https://b.example"), 1003));
}

static void after_a_rest_one_call_tries(void **state)
{
    UNUSED(state);
    given_failures(BREAKER_FAILURES);
    assert_false(breaker_allows(breakers, host, 1000 + BREAKER_REST_MS - 1));
    assert_true(breaker_allows(breakers, host, 1000 + BREAKER_REST_MS));
    assert_false(breaker_allows(breakers, host, 1000 + BREAKER_REST_MS));
    breaker_note(breakers, host, true, 1000 + BREAKER_REST_MS + 5);
    assert_false(breaker_allows(breakers, host, 1000 + 2 * BREAKER_REST_MS));
    assert_true(breaker_allows(breakers, host, 1005 + 2 * BREAKER_REST_MS));
    breaker_note(breakers, host, false, 1006 + 2 * BREAKER_REST_MS);
    assert_true(breaker_allows(breakers, host, 1007 + 2 * BREAKER_REST_MS));
    assert_true(breaker_allows(breakers, host, 1007 + 2 * BREAKER_REST_MS));
}

static void a_trial_that_came_to_nothing_is_the_next_ones(void **state)
{
    UNUSED(state);
    given_failures(BREAKER_FAILURES);
    breaker_give_back(breakers, host, 2000); /* of a call that began before it opened */
    assert_false(breaker_allows(breakers, host, 2001));
    assert_true(breaker_allows(breakers, host, 1000 + BREAKER_REST_MS));
    breaker_give_back(breakers, host, 1100 + BREAKER_REST_MS);
    assert_true(breaker_allows(breakers, host, 1101 + BREAKER_REST_MS));
    assert_false(breaker_allows(breakers, host, 1102 + BREAKER_REST_MS)); /* one at a time all the same */
}

static void a_host_is_scheme_name_and_port(void **state)
{
    UNUSED(state);
    assert_true(str_equal(breaker_host(STR("http://a.b:81/c/d?e=http://x/")), STR("http://a.b:81")));
    assert_true(str_equal(breaker_host(STR("https://a.b")), STR("https://a.b")));
    assert_true(str_equal(breaker_host(STR("https://a.b?order=W-1")), STR("https://a.b"))); /* not a breaker for each order */
}

static void there_may_be_more_hosts_than_breakers(void **state)
{
    char name[32];
    UNUSED(state);
    for (int i = 0; i < 3 * BREAKER_HOSTS; i++) {
        name[0] = (char)('a' + i % 26), name[1] = (char)('a' + i / 26);
        assert_true(breaker_allows(breakers, str_make(name, 2), 1));
        breaker_note(breakers, str_make(name, 2), false, 1);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(it_opens_after_failures_in_a_row), TEST(after_a_rest_one_call_tries), TEST(a_trial_that_came_to_nothing_is_the_next_ones),
        TEST(a_host_is_scheme_name_and_port),
        TEST(there_may_be_more_hosts_than_breakers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
