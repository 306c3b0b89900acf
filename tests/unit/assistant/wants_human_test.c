/* Whoever asks for a person gets one, in four languages and with typing errors; near misses do not. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/wants_human_words.h"
#include "base/random.h"

static void the_tables_are_in_order(void **state)
{
    UNUSED(state);
    for (size_t i = 1; i < wants_human_word_count; i++)
        if (strcmp(wants_human_words[i - 1].text, wants_human_words[i].text) >= 0)
            fail_msg("'%s' stands before '%s'", wants_human_words[i - 1].text, wants_human_words[i].text);
    assert_true((size_t)WORD_CLASS_COUNT <= WORD_BITS * 64);
    for (size_t r = 0; r < wants_human_rule_count; r++)
        assert_int_equal(wants_human_rules[r].pieces[RULE_PIECES - 1].kind, RULE_END);
}

static void every_line_of_the_table_is_heard_right(void **state)
{
    struct arena arena = { 0 };
    struct str rest = file_read(&arena, "tests/unit/assistant/wants_human.tsv"), line, via, language;
    size_t lines = 0, wrong = 0, by_language[4] = { 0 };
    static const char *const languages[] = { "en", "sv", "de", "es" };
    UNUSED(state);
    while (str_split(&rest, '\n', &line)) {
        struct str text = line;
        if (line.len == 0 || line.data[0] == '#')
            continue;
        assert_true(str_split(&text, '\t', &via) && str_split(&text, '\t', &language));
        struct str wanted = str_equal(via, STR("-")) ? STR_EMPTY : via, heard = wants_human(text);
        lines++;
        for (size_t i = 0; i < 4; i++)
            by_language[i] += str_equal(language, str_of(languages[i]));
        if (str_equal(wanted, heard))
            continue;
        wrong++;
        print_message("'%.*s' is %.*s, heard %.*s\n", STR_ARG(text), STR_ARG(via), STR_ARG(heard));
    }
    print_message("wants_human: %zu lines, %zu wrong\n", lines, wrong);
    assert_true(lines >= 150);
    for (size_t i = 0; i < 4; i++)
        assert_true(by_language[i] >= 35);
    assert_int_equal(wrong, 0);
    arena_free(&arena);
}

/* The wish may stand anywhere in a longer message. */
static void a_wish_is_heard_inside_other_words(void **state)
{
    UNUSED(state);
    assert_true(str_equal(wants_human(STR("My order is late, the app says nothing. I want a human. Thank you")), STR("words")));
    assert_true(str_equal(wants_human(STR("ordern är sen\nkan jag få prata med en människa\ntack")), STR("words")));
    assert_true(str_equal(wants_human(STR("I  WANT\tA\u00a0HUMAN!!!")), STR("words")));
    assert_true(str_equal(wants_human(STR("i wänt a hümän")), STR("words")));
}

/* What is worst comes first. */
static void danger_comes_before_all(void **state)
{
    UNUSED(state);
    assert_true(str_equal(wants_human(STR("I want a human. I want to kill myself")), STR("danger")));
    assert_true(str_equal(wants_human(STR("this is unacceptable, my husband died and you send reminders")), STR("vulnerable")));
}

static void garbage_is_heard_as_nothing(void **state)
{
    static char noise[LIMIT_MESSAGE];
    struct random random = { 7 };
    UNUSED(state);
    for (int round = 0; round < 50; round++) {
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (char)random_next(&random);
        wants_human(str_make(noise, sizeof noise));
    }
    /* The most rules that one message can keep busy. */
    for (size_t i = 0; i < sizeof noise; i += 5)
        memcpy(noise + i, "talk ", 5);
    assert_int_equal(wants_human(str_make(noise, sizeof noise)).len, 0);
    assert_int_equal(wants_human(STR_EMPTY).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_are_in_order), cmocka_unit_test(every_line_of_the_table_is_heard_right),
        cmocka_unit_test(a_wish_is_heard_inside_other_words), cmocka_unit_test(danger_comes_before_all),
        cmocka_unit_test(garbage_is_heard_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
