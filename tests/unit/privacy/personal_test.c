/* What customers write is kept by the company only without what is theirs alone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"
#include "privacy/personal.h"

static const struct str names[] = { { "Åsa Lindgren-Berg", 18 }, { "maria.kunde@example.com", 23 } };

static void then_it_is(const char *text, const char *masked)
{
    struct arena arena = { 0 };
    struct str found = personal_mask(&arena, str_of(text), names, ARRAY_LEN(names), LIMIT_PARAPHRASE);
    assert_string_equal(arena_cstr(&arena, found), masked);
    arena_free(&arena);
}

static void numbers_go(void **state)
{
    UNUSED(state);
    then_it_is("where is order W-20417?", "where is order …");
    then_it_is("call me on 070-123 45 67 please", "call me on … please");
    then_it_is("my card 4111 1111 1111 1111 is gone", "my card … is gone");
    then_it_is("born 1990-05-01", "born …");
    then_it_is("paid 12.50 twice", "paid … twice");
    then_it_is("رقمي ٠٧٠١٢٣٤", "رقمي …");
}

static void small_numbers_stay(void **state)
{
    UNUSED(state);
    then_it_is("move it by 14 days, I paid 2 of 3 parts", "move it by 14 days, I paid 2 of 3 parts");
    then_it_is("error 404", "error 404");
    then_it_is("between 10 and 20 in 30 days", "between 10 and 20 in 30 days");
}

static void addresses_go(void **state)
{
    UNUSED(state);
    then_it_is("write to me@here.org, thanks", "write to … thanks");
    then_it_is("it says so on https://shop.example/x?y=1", "it says so on …");
    then_it_is("see WWW.shop.example", "see …");
    then_it_is("meet me @ home", "meet me @ home");
}

static void the_customers_own_names_go(void **state)
{
    UNUSED(state);
    then_it_is("this is ÅSA, where is my refund?", "this is …, where is my refund?");
    then_it_is("the bill is in lindgren's name", "the bill is in … name");
    then_it_is("kunde", "…");
    then_it_is("bergen is a town", "bergen is a town");
}

static void who_introduces_themselves_is_not_kept(void **state)
{
    UNUSED(state);
    then_it_is("My name is Tove and my parcel is lost", "My name is … and my parcel is lost");
    then_it_is("hej jag heter Kalle, jag vill betala", "hej jag heter …, jag vill betala");
    then_it_is("Ich heiße Jürgen", "Ich heiße …");
}

static void a_long_text_is_cut_between_characters(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct str text = personal_mask(&arena, STR("ååååå  \n ä"), NULL, 0, 7);
    assert_true(str_equal(text, STR("ååå")));
    assert_true(str_equal(personal_mask(&arena, STR("a  \n\t b"), NULL, 0, 99), STR("a b")));
    assert_true(str_equal(personal_mask(&arena, STR(""), NULL, 0, 99), STR_EMPTY));
    arena_free(&arena);
}

/* What was masked has nothing left that is found. */
static void nothing_is_left_behind(void **state)
{
    UNUSED(state);
    static const char *const texts[] = { "Åsa 12345 a@b www.x.se", "…1234…", "my name is my name is Bo", "0 7 0 1" };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct arena arena = { 0 };
        struct str masked = personal_mask(&arena, str_of(texts[i]), names, ARRAY_LEN(names), LIMIT_PARAPHRASE);
        assert_int_equal(personal_find(masked, 0, names, ARRAY_LEN(names)).kind, PERSONAL_NOTHING);
        arena_free(&arena);
    }
}

/* With all that is hidden from a language model, too. */
static void what_a_model_may_not_see_is_not_kept_either(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct str ids[] = { STR("K-77-A") };
    struct mask_record record = { .name = STR("Åsa Lindgren"), .email = STR("asa.l@example.com"), .phone = STR_EMPTY, .address = STR_EMPTY,
                                  .ids = ids, .id_count = 1 };
    static const struct { const char *text, *hidden; } cases[] = {
        { "asa here, my refund is late", "… here, my refund is late" },
        { "card number 4111 1111 1111 1111 was charged", "card number … was charged" },
        { "ask at 192.168.1.77 please", "ask at … please" },
        { "the fee is [phone 1] high", "the fee is (phone 1) high" }, /* only looked like one */
        { "where is my parcel", "where is my parcel" },
        { "mein name ist falsch geschrieben", "mein name ist … …" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct str hidden = personal_hide(&arena, str_of(cases[i].text), &record, LIMIT_PARAPHRASE);
        assert_string_equal(arena_cstr(&arena, hidden), cases[i].hidden);
        assert_false(personal_has(&arena, hidden, &record));
    }
    assert_true(personal_has(&arena, STR("asa here"), &record));
    assert_true(personal_has(&arena, STR("call +46 70 123 45 67"), &record));
    assert_false(personal_has(&arena, STR("can I pay in 14 days"), &record));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go), cmocka_unit_test(small_numbers_stay), cmocka_unit_test(addresses_go),
        cmocka_unit_test(the_customers_own_names_go), cmocka_unit_test(who_introduces_themselves_is_not_kept),
        cmocka_unit_test(a_long_text_is_cut_between_characters), cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(what_a_model_may_not_see_is_not_kept_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
