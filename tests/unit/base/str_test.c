#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/must.h"
#include "base/str.h"

static void splitting_sees_every_piece_empty_ones_too(void **state)
{
    UNUSED(state);
    struct str rest = STR("a,,b,"), piece;
    const char *want[] = { "a", "", "b", "" };
    size_t count = 0;
    while (str_split(&rest, ',', &piece)) {
        assert_true(count < 4);
        assert_true(str_equal(piece, str_of(want[count++])));
    }
    assert_int_equal(count, 4);
}

static void numbers_are_taken_whole_or_not_at_all(void **state)
{
    UNUSED(state);
    uint64_t number;
    int64_t signed_number;
    assert_true(str_to_u64(STR("18446744073709551615"), &number) && number == UINT64_MAX);
    assert_false(str_to_u64(STR("18446744073709551616"), &number));
    assert_false(str_to_u64(STR(""), &number));
    assert_false(str_to_u64(STR("+1"), &number));
    assert_false(str_to_u64(STR("1 "), &number));
    assert_true(str_to_i64(STR("-42"), &signed_number) && signed_number == -42);
    assert_false(str_to_i64(STR("9223372036854775808"), &signed_number));
    assert_false(str_to_i64(STR("-"), &signed_number));
}

static void utf8_is_strict(void **state)
{
    UNUSED(state);
    const struct { const char *bytes; bool good; } cases[] = {
        { "plain", true }, { "f\xc3\xb6r", true }, { "\xe2\x82\xac", true }, { "\xf0\x9f\x99\x82", true },
        { "\xc0\xaf", false },             /* overlong slash */
        { "\xe0\x80\xaf", false },         /* overlong */
        { "\xf0\x80\x80\xaf", false },     /* overlong */
        { "\xed\xa0\x80", false },         /* surrogate */
        { "\xf4\x90\x80\x80", false },     /* above U+10FFFF */
        { "\xf5\x80\x80\x80", false }, { "\x80", false }, { "\xc3", false }, { "\xe2\x82", false },
        { "\xc3(", false }, { "\xff", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (str_is_utf8(str_of(cases[i].bytes)) != cases[i].good) fail_msg("case %zu", i);
}

static void finding_respects_the_ends(void **state)
{
    UNUSED(state);
    struct str s = STR("a human, a human");
    assert_int_equal(str_find(s, STR("human"), 0), 2);
    assert_int_equal(str_find(s, STR("human"), 3), 11);
    assert_int_equal(str_find(s, STR("humane"), 0), -1);
    assert_int_equal(str_find(s, STR(""), 5), 5);
    assert_int_equal(str_find(s, STR("a"), 99), -1);
    assert_true(str_starts(s, STR("a h")) && str_ends(s, STR("man")) && !str_ends(s, STR("a human, a human!")));
}

static void trimming_and_slicing_stay_inside(void **state)
{
    UNUSED(state);
    assert_true(str_equal(str_trim(STR(" \t\n x y \r\n")), STR("x y")));
    assert_int_equal(str_trim(STR(" \n ")).len, 0);
    assert_true(str_equal(str_slice(STR("hello"), 1, 3), STR("el")));
    assert_int_equal(str_slice(STR("hello"), 9, 99).len, 0);
    assert_true(str_equal(str_cut(STR("f\xc3\xb6r"), 2), STR("f")) && str_equal(str_cut(STR("f\xc3\xb6r"), 3), STR("f\xc3\xb6")));
    assert_true(str_equal(str_cut(STR("\xf0\x9f\x99\x82"), 3), STR_EMPTY) && str_equal(str_cut(STR("abc"), 9), STR("abc")));
    assert_true(str_compare(STR("ab"), STR("abc")) < 0 && str_compare(STR("b"), STR("abc")) > 0);
    assert_true(str_equal_nocase(STR("Human"), STR("hUMAN")) && !str_equal_nocase(STR("a"), STR("b")));
}

static void cutting_leaves_whole_letters(void **state)
{
    UNUSED(state);
    assert_true(str_equal(str_cut(STR("hello"), 3), STR("hel")) && str_equal(str_cut(STR("hello"), 5), STR("hello")));
    assert_true(str_equal(str_cut(STR("a\xc3\xa5\xe2\x82\xac"), 2), STR("a")));
    assert_true(str_equal(str_cut(STR("a\xc3\xa5\xe2\x82\xac"), 3), STR("a\xc3\xa5")));
    assert_true(str_equal(str_cut(STR("a\xc3\xa5\xe2\x82\xac"), 5), STR("a\xc3\xa5")));
    assert_int_equal(str_cut(STR("\xf0\x9f\x98\x80"), 3).len, 0);
    assert_int_equal(str_cut((struct str){ NULL, 0 }, 0).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitting_sees_every_piece_empty_ones_too),
        cmocka_unit_test(numbers_are_taken_whole_or_not_at_all),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(finding_respects_the_ends),
        cmocka_unit_test(trimming_and_slicing_stay_inside),
        cmocka_unit_test(cutting_leaves_whole_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
