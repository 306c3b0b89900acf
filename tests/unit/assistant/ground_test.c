/* No number, date, name or promise leaves that no source has: planted errors are all caught. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/fill.h"
#include "assistant/ground.h"
#include "assistant/marks.h"
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

/* --- whole sentences ----------------------------------------------------------------------------- */

static bool quotes(const char *text, const char *first, const char *second, const char *values)
{
    struct err err;
    struct str sources[] = { str_of(first), str_of(second) };
    return ground_check(&err, str_of(text), sources, 2, str_of(values));
}

static void an_answer_is_made_of_whole_sentences(void **state)
{
    static const char source[] = "Returns are free for 30 days. After 14 days more they cost €5. We do not take gift cards back.\n\n"
                                 "* Shoes: yes.\n* Food: no.\n\nAsk {{name}} about {{amount}} until {{day}}.";
    static const char values[] = "Anna Berg\n-4990\nEUR\n2026-03-12\n";
    static const struct { const char *text; bool good; } rows[] = {
        { "Returns are free for 30 days.", true }, { "We do not take gift cards back.", true },
        { "Returns are free for 30 days. We do not take gift cards back.", true }, { "* Food: no.", true },
        { "We do not take gift cards back.\n\nReturns are free for 30 days.", true },
        { "We do not take gift cards back. Returns are free for 30 days.", false }, /* in one paragraph only in its order */
        { "* Food: no. Shoes: yes.", false },
        { "This is so:\n\nReturns are free for 30 days.", true }, /* the second source */
        { "Returns are free for 14 days.", false }, { "Returns are free.", false }, { "Returns are not free for 30 days.", false },
        { "We take gift cards back.", false }, { "We do not take shoes back.", false }, { "* Food: yes.", false },
        { "Returns are free for 30 days after 14 days more.", false }, { "free for 30 days.", false }, { "They cost €5.", false },
        { "After 30 days more they cost €5.", false }, { "After 14 days more they cost €14.", false },
        { "Ask Anna Berg about -€49.90 until 12 March 2026.", true }, { "Ask Anna Berg about -49,90 € until 12. März 2026.", true },
        { "Ask Anna about -€49.90 until 12 March 2026.", false }, { "Ask Berg Anna about -€49.90 until 12 March 2026.", false },
        { "Ask Anna Berg about €49.90 until 12 March 2026.", false }, { "Ask Anna Berg about -€4,990 until 12 March 2026.", false },
        { "Ask Anna Berg about -$49.90 until 12 March 2026.", false }, { "Ask Anna Berg about -€49.90 until 12 March 2027.", false },
        { "Ask Anna Berg about until 12 March 2026.", false }, { "Ask Anna Berg about -€49.90 until Anna Berg.", true }, /* values in wrong places are not seen */
        { "", true },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (quotes(rows[i].text, source, "This is so:", values) != rows[i].good)
            fail_msg("%s: %s", rows[i].good ? "refused" : "let through", rows[i].text);
}

static void a_list_is_said_once_for_each_of_its_items(void **state)
{
    static const char source[] = "You have {{#items}}{{n}}, {{/items}}{{^items}}nothing, {{/items}}and that is all.{{#late}} One is late.{{/late}}";
    static const struct { const char *text; bool good; } rows[] = {
        { "You have lamp, and that is all.", true }, { "You have lamp, rug, sofa bed, and that is all. One is late.", true },
        { "You have nothing, and that is all.", true }, { "You have lamp, rug, chair, and that is all.", false },
        { "You have lamp, rug, and that is late.", false }, { "You have sofa, and that is all.", false },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (quotes(rows[i].text, source, "", "lamp\nrug\nsofa bed\n") != rows[i].good)
            fail_msg("%s: %s", rows[i].good ? "refused" : "let through", rows[i].text);
}

static void numbers_read_as_their_country_writes_them(void **state)
{
    static const struct { const char *a, *b; bool same; } rows[] = {
        { "1.234,56", "1,234.56", true }, { "1\xc2\xa0""234,56", "1234.56", true }, { "1'234.50", "1234.5", true }, { "1.234", "1234", true },
        { "1.234", "1.2340", true }, { "12,5", "12.50", true }, { "12,5", "125", false }, { "1.5", "15", false }, { "1.234.567", "1234567", true },
        { "1.234.56", "123456", false }, { "2026-03-12", "12.3.2026", true }, { "2026-03-12", "12/03/2026", true }, { "2026-03-12", "3/12/2026", true },
        { "2026-03-12", "2026-03-13", false }, { "007", "7", false }, { "1,000", "1000", true }, { "0,5", "0.50", true }, { "-5", "5", false },
    };
    struct arena arena = { 0 };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct marks a = marks_of(&arena, str_of(rows[i].a), false), b = marks_of(&arena, str_of(rows[i].b), false);
        bool same = a.count == b.count && a.count > 0 && marks_equal(&a.items[0], &b.items[0]);
        if (same != rows[i].same)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
    arena_free(&arena);
}

/* --- in other words ------------------------------------------------------------------------------ */

static void a_phrased_answer_may_say_it_otherwise_but_nothing_else(void **state)
{
    static const char en[] = "You have 30 days to return things to the shop. Nordwind ships from Lund. The return is not free: it costs €4.50, or 9.9 % of the "
                             "price. Open on Monday until 12 March 2026. We never ask for your password. You can pay by card. You cannot pay by cheque.";
    static const char sv[] = "Du har tre veckor på dig. Återbetalningen tar fem dagar. Det kostar ingenting att betala i förtid. Vi lämnar inga garantier.";
    static const char de[] = "Die Rechnung ist nach 30 Tagen fällig. Die Rücksendung kostet 4,50 €. Eine Verlängerung ist nicht kostenlos.";
    static const char es[] = "El envío es gratis a partir de 50 euros. No devolvemos el dinero de las tarjetas regalo. El plazo vence el 12 de marzo de 2026.";
    static const struct { const char *source, *text; bool good; } rows[] = {
        { en, "The shop gives you 30 days for a return.", true }, { en, "It comes from Lund and costs 4.50 euros.", true },
        { en, "Please note that returning costs €4,50.", true }, { en, "It is open until March 12th, 2026.", true }, { en, "That is 9,9 percent.", true },
        { en, "The last day is 12/03/2026, a Thursday.", true }, { en, "Paying by card works.", true },
        { en, "You have 31 days.", false }, { en, "You have 30 weeks.", false }, { en, "You have three days.", false }, { en, "It costs €30.", false },
        { en, "It costs $4.50.", false }, { en, "It costs 4.50 kronor.", false }, { en, "It costs €45.0.", false }, { en, "That is 30 %.", false },
        { en, "That is 9.9 euros.", false }, { en, "It is open until 13 March 2026.", false }, { en, "It is open until 12 April 2026.", false },
        { en, "It is open until 12 March 2027.", false }, { en, "The last day is a Friday.", false }, { en, "In May it closes.", false },
        { en, "Ask for Bob there.", false }, { en, "It comes from Malmö.", false }, { en, "Amazon ships it.", false },
        { en, "The return is free.", false }, { en, "It is free of charge.", false }, { en, "We will refund you.", false }, { en, "We guarantee that.", false },
        { en, "You get compensation.", false }, { en, "We always ask for your password.", false }, { en, "You can pay by cheque.", false },
        { en, "You cannot pay by card.", false }, { en, "Your loan is approved.", false }, { en, "We waive the fee.", false },
        { en, "It happens immediately.", false }, { en, "See https://evil.example/x.", false }, { en, "The return is not free.", true },
        { sv, "Återbetalningen kommer efter 5 dagar.", true }, { sv, "Det är kostnadsfritt att betala i förtid.", true }, { sv, "Du har 3 veckor.", true },
        { sv, "Återbetalningen kommer efter sex dagar, kanske sju.", false }, { sv, "Vi ersätter dig.", false }, { sv, "Vi lovar det.", false },
        { sv, "Vi garanterar det.", false }, { sv, "Det sker omedelbart.", false }, { sv, "Det kostar att betala i förtid inte.", false },
        { sv, "Ring Anders i Malmö.", false },
        { de, "Nach 30 Tagen ist die Rechnung fällig.", true }, { de, "Das kostet 4.50 Euro.", true }, { de, "Das ist kostenlos.", false },
        { de, "Wir erstatten den Betrag.", false }, { de, "Nach 45 Tagen ist die Rechnung fällig.", false }, { de, "Das kostet 450 €.", false },
        { de, "Wir versprechen es.", false }, { de, "Sie bekommen Schadensersatz.", false }, { de, "Das geht sofort.", false },
        { es, "El plazo vence el 12/3/2026.", true }, { es, "Desde 50 € el envío es gratuito.", true }, { es, "Devolvemos el dinero de las tarjetas.", false },
        { es, "El plazo vence el 13 de marzo.", false }, { es, "Garantizamos el plazo.", false }, { es, "El envío no es gratis.", false },
        { es, "Le compensaremos.", false }, { es, "El plazo vence el 12 de abril.", false }, { es, "Pregunte a Pablo.", false },
    };
    struct err err;
    size_t wrong = 0;
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str source = str_of(rows[i].source);
        bool good = ground_facts(&err, str_of(rows[i].text), &source, 1, STR_EMPTY);
        if (good != rows[i].good) {
            print_message("%s: %s (%s)\n", good ? "let through" : "refused", rows[i].text, good ? "" : err.text);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void values_ground_what_is_phrased_too(void **state)
{
    struct str source = STR("Your payment for {{order}} is due on {{day}}.");
    struct err err;
    UNUSED(state);
    const struct str values = STR("W-20417\n2026-03-12\n4990\nEUR\n");
    assert_true(ground_facts(&err, STR("Order W-20417 costs €49.90; the payment is due on Thursday, 12 March."), &source, 1, values));
    assert_false(ground_facts(&err, STR("Order W-20418 is due on 12 March."), &source, 1, values));
    assert_false(ground_facts(&err, STR("Order W-20417 costs €4,990."), &source, 1, values));
    assert_false(ground_facts(&err, STR("Order W-20417 is due on Friday, 12 March."), &source, 1, values));
    assert_string_equal(err.text, "the weekday 'friday' stands in no source");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filled_answer_stands_on_its_sources), cmocka_unit_test(planted_errors_are_refused),
        cmocka_unit_test(no_changed_digit_gets_through), cmocka_unit_test(noise_is_checked_without_harm),
        cmocka_unit_test(an_answer_is_made_of_whole_sentences),
        cmocka_unit_test(a_list_is_said_once_for_each_of_its_items), cmocka_unit_test(numbers_read_as_their_country_writes_them),
        cmocka_unit_test(a_phrased_answer_may_say_it_otherwise_but_nothing_else), cmocka_unit_test(values_ground_what_is_phrased_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
