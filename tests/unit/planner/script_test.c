/* A script is read into statements, or refused with file, line and reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "planner/script.h"
#include "planner/script_words.h"

static void refused(const char *text, const char *reason)
{
    struct script script;
    struct err err = { "" };
    bool read = script_read(&err, &script, STR("story.scn"), str_of(text));
    if (read) print_message("read although it should not be: %s\n", text);
    assert_false(read);
    if (!strstr(err.text, reason)) print_message("%s: %s\n", text, err.text);
    assert_non_null(strstr(err.text, reason));
    assert_true(str_starts(str_of(err.text), STR("story.scn")));
}

static void a_line_becomes_a_statement(void **state)
{
    struct script script;
    struct err err;
    UNUSED(state);
    assert_true(script_read(&err, &script, STR("story.scn"), STR(
        "story \"A \\\"quoted\\\" one\"\n"
        "\n"
        "  # only a comment\n"
        "customer anna say \"Hello # there\" key k1 # and a comment\n"
        "agent sam expect message.sent author customer text contains \"Hello\" within 3s\n")));
    assert_int_equal(script.count, 3);
    assert_true(str_equal(script.story, STR("A \"quoted\" one")));
    const struct script_statement *say = &script.statements[1], *expect = &script.statements[2];
    assert_int_equal(say->line, 4);
    assert_int_equal(say->verb, SCRIPT_SAY);
    assert_int_equal(say->who, BY_CUSTOMER);
    assert_true(str_equal(say->name, STR("anna")));
    assert_true(str_equal(script_argument(say, 0)->text, STR("Hello # there")));
    assert_true(str_equal(script_option(say, "key")->text, STR("k1")));
    assert_null(script_option(say, "refused"));
    assert_true(str_equal(expect->event, STR("message.sent")));
    assert_int_equal(expect->match_count, 2);
    assert_int_equal(expect->matches[1].op, OP_CONTAINS);
    assert_int_equal(script_option(expect, "within")->number, 3000);
    script_free(&script);
}

static void times_and_ranges(void **state)
{
    int64_t from, to;
    UNUSED(state);
    assert_true(words_number(STR("250ms"), &from) && from == 250);
    assert_true(words_number(STR("15s"), &from) && from == 15000);
    assert_true(words_number(STR("7d"), &from) && from == 604800000);
    assert_true(words_number(STR("-1"), &from) && from == -1);
    assert_false(words_number(STR("-1s"), &from));
    assert_false(words_number(STR("s"), &from));
    assert_false(words_number(STR("1w"), &from));
    assert_false(words_number(STR("9999999999d"), &from));
    assert_true(words_range(STR("2s..5s"), &from, &to) && from == 2000 && to == 5000);
    assert_true(words_range(STR("2s"), &from, &to) && from == 2000 && to == 2000);
    assert_false(words_range(STR("5s..2s"), &from, &to));
    assert_false(words_range(STR("1..2..3"), &from, &to));
}

static void mistakes_are_named_with_their_line(void **state)
{
    UNUSED(state);
    refused("customer anna\n", "story.scn:1: what the customer does is missing");
    refused("\n\ncustomer anna fly\n", "story.scn:3: a customer cannot `fly`");
    refused("customer anna accept\n", "cannot `accept`");
    refused("anna open\n", "a line begins with");
    refused("customer Anna open\n", "a name of small letters");
    refused("customer anna say hello\n", "`hello` stands where a TEXT is wanted");
    refused("customer anna say\n", "TEXT is missing");
    refused("customer anna say \"a\n", "no closing quote");
    refused("customer anna say \"a\\x\"\n", "may follow a backslash");
    refused("customer anna say \"a\" \"b\"\n", "does not belong here");
    refused("customer anna rate five\n", "a NUMBER is wanted");
    refused("customer anna say \"a\" key k key l\n", "stands twice");
    refused("customer anna expect\n", "say what is expected");
    refused("customer anna expect no state waiting\n", "needs the kind of an event");
    refused("customer anna expect message.sent text\n", "is missing at the end");
    refused("customer anna expect place at-least many\n", "compares with a number");
    refused("action pay returns {\"a\":1\n", "no closing }");
    refused("agent sam transfer note \"x\"\n", "transfer needs");
    refused("agent sam transfer agent kim skill refunds\n", "transfer needs");
    refused("advance 400d\n", "NUMBER is wanted");
    refused("customer anna open\nsetting wrapup_ms 0\n", "story.scn:2: settings stand before");
    refused("\xff\n", "UTF-8");
}

static void repeats_are_whole(void **state)
{
    struct script script;
    struct err err;
    UNUSED(state);
    assert_true(script_read(&err, &script, STR("story.scn"), STR(
        "repeat 500 customer visitor over 10m seed 7\n  customer visitor open\ndone\nadvance 1s\n")));
    assert_int_equal(script.statements[0].done, 2);
    assert_int_equal(script_option(&script.statements[0], "over")->upper, 600000);
    script_free(&script);
    refused("repeat 5 customer a\ncustomer a open\n", "story.scn:1: this repeat has no `done`");
    refused("done\n", "no repeat that ends here");
    refused("repeat 5 customer a\nrepeat 5 customer b\ndone\ndone\n", "inside another");
    refused("repeat 5 customer a\ncustomer b open\ndone\n", "only `customer a` acts");
    refused("repeat 5 agent a\ndone\n", "only customers");
    refused("repeat 0 customer a\ndone\n", "repeat 1 to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_becomes_a_statement),
        cmocka_unit_test(times_and_ranges),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(repeats_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
