/* Who is in need is told at once that a person comes, and where help is: in the right words, language and number. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/care.h"

static struct arena arena;

static struct str told(const struct workspace *workspace, const char *text, const char *language)
{
    struct heard heard = heard_in(str_of(text));
    return care_at_once(workspace, &heard, str_of(language), &arena);
}

#define assert_contains(text, part) \
    do { \
        struct str seen_ = (text); \
        if (str_find(seen_, STR(part), 0) < 0) fail_msg("'%.*s' lacks '%s'", STR_ARG(seen_), part); \
    } while (0)

static void the_number_is_112_if_nothing_else_is_said(void **state)
{
    UNUSED(state);
    struct workspace workspace = { .emergency_number = STR("112") };
    assert_contains(told(&workspace, "I want to kill myself", "en"), "112");
    assert_contains(told(&workspace, "jag vill ta livet av mig", "en"), "ring 112"); /* the words' language, not the conversation's */
    assert_contains(told(&workspace, "ich will mich umbringen", "en"), "112 an");
    assert_contains(told(&workspace, "quiero suicidarme", "en"), "112");
    assert_contains(told(&workspace, "je veux me suicider", "sv"), "112"); /* French words: the conversation's Swedish */
    assert_contains(told(&workspace, "je veux me suicider", "sv"), "ring");
}

static void each_need_has_its_words(void **state)
{
    UNUSED(state);
    struct workspace workspace = { .emergency_number = STR("999") };
    assert_contains(told(&workspace, "my husband died last week", "en"), "sorry for your loss");
    assert_contains(told(&workspace, "someone is emptying my account right now", "en"), "give nobody a code");
    assert_contains(told(&workspace, "he is hitting me", "en"), "call 999 first");
    assert_contains(told(&workspace, "my boyfriend forces me to buy things", "en"), "stop at any time");
    assert_contains(told(&workspace, "I lost my job last month", "en"), "what can be done");
    assert_contains(told(&workspace, "I have cancer and cannot work", "en"), "A person should take care");
}

/* A wish for a person or a complaint needs no words before the person. */
static void others_are_told_nothing(void **state)
{
    UNUSED(state);
    struct workspace workspace = { .emergency_number = STR("112") };
    assert_int_equal(told(&workspace, "I want a human", "en").len, 0);
    assert_int_equal(told(&workspace, "this is unacceptable", "en").len, 0);
    assert_int_equal(told(&workspace, "when is my payment due?", "en").len, 0);
}

static void the_workspace_adds_its_help_lines(void **state)
{
    UNUSED(state);
    struct text_by_language texts[] = { { STR("en"), STR("Samaritans: 116 123, day and night.") }, { STR("sv"), STR("Mind: 90101.") } };
    struct named_texts line = { STR("self_harm"), texts, 2 };
    struct str languages[] = { STR("en"), STR("sv") };
    struct workspace workspace = { .emergency_number = STR("112"), .help_lines = &line, .help_line_count = 1, .languages = languages, .language_count = 2 };
    assert_contains(told(&workspace, "I want to kill myself", "en"), "Samaritans: 116 123");
    assert_contains(told(&workspace, "jag orkar inte leva längre", "sv"), "Mind: 90101.");
    assert_true(str_find(told(&workspace, "he is hitting me", "en"), STR("Samaritans"), 0) < 0);
}

/* Whatever is heard, in every language there is: something to say, short enough, with no gap left. */
static void every_kind_has_a_sentence_that_fits(void **state)
{
    static const char *const languages[] = { "en", "sv", "de", "es", "fi" };
    UNUSED(state);
    struct workspace workspace = { .emergency_number = STR("+46 8 000 000 00 00") };
    for (unsigned kind = HEARD_NEAR_MISS + 1; kind < HEARD_KIND_COUNT; kind++)
        for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
            struct heard heard = { .via = HEARD_WORDS, .kind = kind, .language = STR_EMPTY };
            if (kind < HEARD_KIND_MANAGER) heard.via = HEARD_COMPLAINT;
            if (kind < HEARD_KIND_LEGAL) heard.via = HEARD_VULNERABLE;
            if (kind < HEARD_KIND_SELF_HARM) heard.via = HEARD_DANGER;
            struct str text = care_sentence(&workspace, &heard, str_of(languages[i]), &arena);
            assert_true(text.len > 20 && text.len <= LIMIT_CARE && str_find_char(text, '{', 0) < 0);
        }
}

static int finish(void **state)
{
    UNUSED(state);
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_is_112_if_nothing_else_is_said), cmocka_unit_test(each_need_has_its_words),
        cmocka_unit_test(others_are_told_nothing), cmocka_unit_test(the_workspace_adds_its_help_lines),
        cmocka_unit_test(every_kind_has_a_sentence_that_fits),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
