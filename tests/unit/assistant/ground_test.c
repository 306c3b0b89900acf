/* No number, date, name or promise leaves that no source has: planted errors are all caught. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/fill.h"
#include "assistant/ground.h"
#include "base/random.h"

static const char approved[] = "Your next payment of **{{amount}}** for order {{order}} is due on **{{due_date}}**. You can pay in the app "
                               "within 30 days, or call +46 8 123 45. Read more at https://lantern.example/pay.";
static const char result[] = "{\"amount_minor\":124950,\"currency\":\"EUR\",\"order\":\"W-20417\",\"due_date\":\"2026-03-12\"}";

struct story {
    struct arena arena;
    struct str text, sources[2];
};

/* Fills the approved answer as the assistant does. */
static void given_an_answer(struct story *story, const char *language)
{
    struct err err;
    struct buf facts;
    json_t *json = json_loads(result, 0, NULL);
    struct filling filling = { json, NULL, str_of(language) };
    *story = (struct story){ .sources = { str_of(approved), STR_EMPTY } };
    if (!fill_template(&err, &story->arena, str_of(approved), &filling, &story->text))
        fail_msg("%s", err.text);
    buf_init(&facts, 4096);
    fill_flatten(json, &facts);
    story->sources[1] = arena_copy(&story->arena, buf_str(&facts));
    buf_free(&facts);
    json_decref(json);
}

static bool passes(struct story *story, struct str text)
{
    struct err err;
    return ground_check(&err, text, story->sources, 1, story->sources[1]);
}

static void a_filled_answer_stands_on_its_sources(void **state)
{
    static const char *const languages[] = { "en", "sv", "de", "es", "fr" };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        struct story story;
        given_an_answer(&story, languages[i]);
        if (!passes(&story, story.text))
            fail_msg("refused: %.*s", STR_ARG(story.text));
        arena_free(&story.arena);
    }
}

static struct str replaced(struct arena *arena, struct str text, const char *what, const char *with)
{
    ptrdiff_t at = str_find(text, str_of(what), 0);
    if (at < 0)
        fail_msg("'%s' is not in '%.*s'", what, STR_ARG(text));
    return arena_format(arena, "%.*s%s%.*s", STR_ARG(str_slice(text, 0, (size_t)at)), with,
                        STR_ARG(str_slice(text, (size_t)at + strlen(what), text.len)));
}

static void planted_errors_are_refused(void **state)
{
    static const struct { const char *what, *with; } errors[] = {
        { "1,249.50", "1,249.51" }, { "1,249.50", "1,349.50" }, { "1,249.50", "12,495.00" }, { "1,249.50", "249.50" },
        { "€", "$" }, { "€", "SEK " }, { "12 March", "13 March" }, { "March", "April" }, { "March", "marzo de mayo" },
        { "2026", "2027" }, { "W-20417", "W-20418" }, { "30 days", "60 days" }, { "30 days", "31 days" }, { "+46 8 123 45", "+46 8 123 46" },
        { "pay in the app", "pay in the shop" }, { "Your next payment", "Your last payment" }, { "within", "without interest within" },
        { "https://lantern.example/pay", "https://lantern.example/win" }, { "https://lantern.example/pay", "https://evil.example/pay" },
        { "Read more", "Ask Bob" }, { "is due", "is not due" }, { "Your", "We promise a refund of 10 %. Your" },
    };
    struct story story;
    UNUSED(state);
    given_an_answer(&story, "en");
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct str wrong = replaced(&story.arena, story.text, errors[i].what, errors[i].with);
        if (passes(&story, wrong))
            fail_msg("let through: %.*s", STR_ARG(wrong));
    }
    arena_free(&story.arena);
}

/* Every digit of the answer, changed to any other: none may pass unless that number stands in a source. */
static void no_changed_digit_gets_through(void **state)
{
    struct story story;
    size_t changed = 0, passed = 0;
    UNUSED(state);
    given_an_answer(&story, "en");
    for (size_t i = 0; i < story.text.len; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            struct str wrong = arena_copy(&story.arena, story.text);
            if (wrong.data[i] < '0' || wrong.data[i] > '9' || wrong.data[i] == digit)
                continue;
            ((char *)(uintptr_t)wrong.data)[i] = digit;
            changed++;
            if (passes(&story, wrong)) {
                passed++;
                print_message("passes: %.*s\n", STR_ARG(wrong));
            }
        }
    }
    assert_true(changed > 150);
    assert_int_equal(passed, 0);
    arena_free(&story.arena);
}

static void noise_is_checked_without_harm(void **state)
{
    struct random random = { 3 };
    char noise[400];
    struct err err;
    UNUSED(state);
    for (int round = 0; round < 500; round++) {
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (char)random_next(&random);
        struct str source = str_make(noise, sizeof noise);
        bool good = ground_check(&err, str_make(noise, 100), &source, 1, source);
        UNUSED(good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filled_answer_stands_on_its_sources), cmocka_unit_test(planted_errors_are_refused),
        cmocka_unit_test(no_changed_digit_gets_through), cmocka_unit_test(noise_is_checked_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
