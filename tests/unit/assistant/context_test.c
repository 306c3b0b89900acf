/* What leans on the message before, and what takes it back, in four languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <sys/resource.h>

#include "assistant/context.h"
#include "base/limits.h"

static struct arena arena;

static void what_leans_on_the_last_message(void **state)
{
    UNUSED(state);
    static const char *const lines[] = { "and when do I get the money?", "And for how long?", "what about the fee", "Why is it so high?",
        "och när kommer den?", "men varför?", "und wie lange dauert das?", "y cuánto cuesta eso", "how does that work" };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (!context_follows(&arena, str_of(lines[i]))) fail_msg("%s", lines[i]);
}

static void what_stands_by_itself(void **state)
{
    UNUSED(state);
    static const char *const lines[] = { "", "?", "When is my payment due?", "Android app crashes", "where is my parcel",
        "I sent the shoes back on Monday and since then I have heard nothing at all from the shop or from you" };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (context_follows(&arena, str_of(lines[i]))) fail_msg("%s", lines[i]);
}

static void what_takes_something_back(void **state)
{
    UNUSED(state);
    static const struct { const char *text, *rest; bool other; } lines[] = {
        { "no, the other order", "the other order", true }, { "No. I meant W-20418", "W-20418", false },
        { "sorry, I meant the late fee", "the late fee", false }, { "not that one", "", false }, { "That's not what I meant!", "", false },
        { "No, that's not what I meant.", "", false }, { "nej, jag menade fakturan", "fakturan", false }, { "den andra", "den andra", true },
        { "nein, ich meinte die Rechnung", "die Rechnung", false }, { "nein, die andere Bestellung", "die andere Bestellung", true },
        { "no, quise decir la factura", "la factura", false }, { "el otro pedido", "el otro pedido", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct correction correction = context_correction(&arena, str_of(lines[i].text));
        if (!correction.found || correction.other != lines[i].other || !str_equal(correction.rest, str_of(lines[i].rest)))
            fail_msg("%s: '%.*s'", lines[i].text, STR_ARG(correction.rest));
    }
}

static void what_takes_nothing_back(void **state)
{
    UNUSED(state);
    static const char *const lines[] = { "", "nobody answers", "nothing came", "I know that already", "where is my order", "feline" };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (context_correction(&arena, str_of(lines[i])).found) fail_msg("%s", lines[i]);
}

static void the_other_one_alone_says_not_which(void **state)
{
    UNUSED(state);
    static const struct { const char *text; bool bare; } lines[] = {
        { "the other one", true }, { "no, the other order", true }, { "den andra", true }, { "nein, die andere Bestellung", true },
        { "el otro", true }, { "the other parcel came broken", false }, { "I want to move the other payment", false }, { "no", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (context_correction(&arena, str_of(lines[i].text)).bare != lines[i].bare) fail_msg("%s", lines[i].text);
}

static void a_few_words_that_point_have_no_subject_of_their_own(void **state)
{
    UNUSED(state);
    static const struct { const char *text; bool leans; } lines[] = {
        { "kostar det något?", true }, { "is it free?", true }, { "was kostet das", true }, { "eso cuesta algo", true },
        { "how much is the late fee", false }, { "is it possible to pay my invoice in three parts", false }, { "", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (context_leans(&arena, str_of(lines[i].text)) != lines[i].leans) fail_msg("%s", lines[i].text);
}

static void that_there_is_a_problem_says_not_which(void **state)
{
    UNUSED(state);
    static const struct { const char *text, *language; bool vague; } lines[] = {
        { "I have an issue with my card", "en", true }, { "there is a problem with my order", "en", true }, { "question about my invoice", "en", true },
        { "jag har ett problem med mitt kort", "sv", true }, { "Ich habe ein Problem mit meiner Karte", "de", true },
        { "tengo un problema con mi tarjeta", "es", true }, { "my card is blocked", "en", false }, { "block my card", "en", false },
        { "a problem with a card that was stolen yesterday", "en", false }, { "", "en", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (context_is_vague(&arena, str_of(lines[i].text), str_of(lines[i].language)) != lines[i].vague) fail_msg("%s", lines[i].text);
}

static void what_asks_something(void **state)
{
    UNUSED(state);
    static const struct { const char *text; bool asks; } lines[] = {
        { "and the fee?", true }, { "how long does a repair take", true }, { "vad kostar det", true }, { "wie lange dauert das", true },
        { "cuánto tarda", true }, { "the blue one", false }, { "Reed Lane 12, 111 20 Stockholm", false }, { "", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (context_asks(&arena, str_of(lines[i].text)) != lines[i].asks) fail_msg("%s", lines[i].text);
}

/* A message that takes back and takes back, as long as a message may be: every word is looked at, but not all that follow it each time. */
static void what_is_taken_back_again_and_again_costs_no_more_than_it_says(void **state)
{
    UNUSED(state);
    static char text[LIMIT_MESSAGE];
    struct rusage before, after;
    for (size_t i = 0; i < sizeof text; i++) text[i] = "no "[i % 3];
    getrusage(RUSAGE_SELF, &before);
    struct correction correction = context_correction(&arena, str_make(text, sizeof text));
    getrusage(RUSAGE_SELF, &after);
    assert_true(correction.found && correction.rest.len == 0);
    assert_true(after.ru_maxrss - before.ru_maxrss < 64 * 1024); /* kB */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_leans_on_the_last_message), cmocka_unit_test(what_stands_by_itself),
        cmocka_unit_test(a_few_words_that_point_have_no_subject_of_their_own), cmocka_unit_test(that_there_is_a_problem_says_not_which),
        cmocka_unit_test(what_asks_something), cmocka_unit_test(what_is_taken_back_again_and_again_costs_no_more_than_it_says),
        cmocka_unit_test(what_takes_something_back), cmocka_unit_test(what_takes_nothing_back),
        cmocka_unit_test(the_other_one_alone_says_not_which),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
