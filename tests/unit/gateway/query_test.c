#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/query.h"

static void parameters_are_decoded(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct query query;
    assert_true(query_parse(&arena, STR("after=12&text=h%C3%A5+%26+more&empty=&flag&"), &query));
    assert_int_equal(query.count, 4);
    assert_true(str_equal(query_get(&query, "text"), STR("h\xc3\xa5 & more")));
    assert_non_null(query_get(&query, "empty").data);
    assert_non_null(query_get(&query, "flag").data);
    assert_null(query_get(&query, "absent").data);
    uint64_t number = 7;
    assert_true(query_number(&query, "after", 100, &number) && number == 12);
    assert_true(query_number(&query, "absent", 100, &number) && number == 12);
    assert_false(query_number(&query, "after", 11, &number));
    assert_false(query_number(&query, "text", 100, &number));
    assert_false(query_number(&query, "empty", 100, &number));
    assert_true(query_parse(&arena, STR(""), &query) && query.count == 0);
    arena_free(&arena);
}

static void crooked_queries_are_refused_whole(void **state)
{
    UNUSED(state);
    const struct str cases[] = {
        STR("a=%"), STR("a=%4"), STR("a=%zz"), STR("a=%00"), STR("a=%0d%0aX"), STR("a=%ff"), STR("a=%c0%af"),
        STR("a=1&a=2"), STR("a=1&%61=2"), STR("%=1"),
        STR("1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17"),
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = { 0 };
        struct query query;
        if (query_parse(&arena, cases[i], &query)) fail_msg("taken: %.*s", STR_ARG(cases[i]));
        arena_free(&arena);
    }
}

static void a_path_keeps_its_plus(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct str out;
    assert_true(query_decode(&arena, STR("/help/a+b%2Bc"), false, &out));
    assert_true(str_equal(out, STR("/help/a+b+c")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_decoded),
        cmocka_unit_test(crooked_queries_are_refused_whole),
        cmocka_unit_test(a_path_keeps_its_plus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
