/* Texts with their intents, from CSV as people write it and from a workspace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/examples.h"
#include "base/memory.h"

static void then_rows(const char *csv, size_t count, size_t topics)
{
    struct err err = { "" };
    struct examples examples = { .count = 0 };
    if (!examples_read(&err, &examples, STR("x.csv"), str_of(csv)))
        fail_msg("'%s': %s", csv, err.text);
    if (examples.count != count || examples.topics != topics)
        fail_msg("'%s' gives %zu rows of %zu intents", csv, examples.count, examples.topics);
    examples_free(&examples);
}

static void csv_is_read_as_people_write_it(void **state)
{
    UNUSED(state);
    then_rows("text,intent\nhello,greet\nbye,leave\n", 2, 2);
    then_rows("hello,greet\nbye,leave\n", 2, 2);
    then_rows("\xef\xbb\xbftext,intent\r\nhello,greet\r\n", 1, 1);
    then_rows("intent,text\ngreet,hello\n", 1, 1);
    then_rows("id,Utterance,lang,Label\n1,hello,en,greet\n2,hej,sv,greet\n", 2, 1);
    then_rows("text,intent\n\"a, \"\"b\"\"\nc\",x\n\n\n", 1, 1);
    then_rows("text,intent\nwhat,oos\nhi,greet\nwhy,OOS", 3, 1);
    then_rows("text,intent\n,greet\n", 1, 1);
    then_rows("text,intent\n", 0, 0);
    then_rows("a,same\nb, same \nc,\"same\"\n", 3, 1);
}

static void lines_and_topics_are_kept(void **state)
{
    struct err err = { "" };
    struct examples examples = { .count = 0 };
    UNUSED(state);
    assert_true(examples_read(&err, &examples, STR("x.csv"), STR("text,intent\n\"two\nlines\",a\nhello,b\nwhat,oos\nbye,a\n")));
    assert_int_equal(examples.lines[0], 2);
    assert_int_equal(examples.lines[1], 4);
    assert_int_equal(examples.items[1].topic, 1);
    assert_true(examples.items[2].topic == INTENT_NONE);
    assert_int_equal(examples.items[3].topic, 0);
    assert_true(examples_read(&err, &examples, STR("y.csv"), STR("again,b\nnew,c\n")));
    assert_int_equal(examples.count, 6);
    assert_int_equal(examples.topics, 3);
    assert_int_equal(examples.items[4].topic, 1);
    examples_free(&examples);
}

static void mistakes_name_line_and_cure(void **state)
{
    static const struct { const char *csv, *says; } rows[] = {
        { "", "x.csv:1: the file is empty" }, { "text,intent\nhello\n", "x.csv:2: the record has 1 fields" },
        { "only one\n", "x.csv:1: the line has not two fields" }, { "a,b,c\n", "x.csv:1: the line has not two fields" },
        { "text,intent\nhi,a\nhello,\n", "x.csv:3: the row has no intent" }, { "text,intent\na,\"b\n", "x.csv:2: a field that begins" },
        { "text,intent\nhi,a,b\n", "x.csv:2: the record has 3 fields" }, { "text,intent\n\xff,a\n", "x.csv:2: a byte here is not valid UTF-8" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = { "" };
        struct examples examples = { .count = 0 };
        assert_false(examples_read(&err, &examples, STR("x.csv"), str_of(rows[i].csv)));
        if (!str_starts(str_of(err.text), str_of(rows[i].says)) || !strstr(err.text, "; "))
            fail_msg("'%s' says: %s", rows[i].csv, err.text);
        examples_free(&examples);
    }
}

/* Makes a file of `rows` rows, each with an intent of its own or all of one. */
static void then_refused(size_t rows, bool own, size_t text_len, size_t name_len, const char *says)
{
    struct err err = { "" };
    struct examples examples = { .count = 0 };
    struct buf csv;
    buf_init(&csv, 64 * 1024 * 1024);
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < text_len; k++)
            buf_add_char(&csv, 'x');
        buf_add_char(&csv, ',');
        for (size_t k = 0; k < name_len; k++)
            buf_add_char(&csv, 'n');
        buf_add_format(&csv, "%zu\n", own ? i : 0);
    }
    bool good = examples_read(&err, &examples, STR("x.csv"), buf_str(&csv));
    if (says ? good || !strstr(err.text, says) : !good)
        fail_msg("%zu rows: %s", rows, err.text);
    examples_free(&examples);
    buf_free(&csv);
}

static void every_input_has_its_maximum(void **state)
{
    UNUSED(state);
    then_refused(LIMIT_EXAMPLES, false, 1, 1, NULL);
    then_refused(LIMIT_EXAMPLES + 1, false, 1, 1, "x.csv:100001: there are more than 100000 rows");
    then_refused(LIMIT_TOPICS, true, 1, 1, NULL);
    then_refused(LIMIT_TOPICS + 1, true, 1, 1, "x.csv:1025: 'n1024' is one intent more than the 1024");
    then_refused(2, false, LIMIT_MESSAGE, 1, NULL);
    then_refused(2, false, LIMIT_MESSAGE + 1, 1, "x.csv:1: the text has 8001 bytes");
    then_refused(1, false, 1, LIMIT_NAME - 1, NULL);
    then_refused(1, false, 1, LIMIT_NAME, "x.csv:1: the name of the intent has 201 bytes");
}

static void names_are_titles(void **state)
{
    static const struct { const char *name, *title; } rows[] = {
        { "card_arrival", "card arrival" }, { "Refund-not.showing/up", "Refund not showing up" }, { "FindConnection", "Find Connection" },
        { "ATM limit", "ATM limit" }, { "None", NULL }, { "other", NULL }, { "17", NULL }, { "påminnelse", "påminnelse" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = { "" };
        struct examples examples = { .count = 0 };
        char csv[100];
        snprintf(csv, sizeof csv, "text,intent\nhello,%s\n", rows[i].name);
        assert_true(examples_read(&err, &examples, STR("x.csv"), str_of(csv)));
        examples_add_titles(&examples);
        assert_int_equal(examples.count, rows[i].title ? 2 : 1);
        if (rows[i].title && !str_equal(examples.items[1].text, str_of(rows[i].title)))
            fail_msg("'%s' becomes '%.*s'", rows[i].name, STR_ARG(examples.items[1].text));
        examples_free(&examples);
    }
}

static void the_language_of_most_is_guessed(void **state)
{
    static const struct { const char *csv, *code; } rows[] = {
        { "where is my parcel,a\nwhen do i have to pay the bill,b\ni want to send this back to you,c\n", "en" },
        { "wo ist mein paket geblieben,a\nwann muss ich die rechnung bezahlen,b\nich möchte das zurückschicken,c\n", "de" },
        { "where is my parcel,a\nwann muss ich die rechnung bezahlen,b\njag vill skicka tillbaka den här,c\n", "" },
        { "12,a\nxyz,b\n", "" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = { "" };
        struct examples examples = { .count = 0 };
        assert_true(examples_read(&err, &examples, STR("x.csv"), str_of(rows[i].csv)));
        examples_guess_language(&examples);
        if (!str_equal(examples.language, str_of(rows[i].code)))
            fail_msg("row %zu is taken for '%.*s'", i, STR_ARG(examples.language));
        examples_free(&examples);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_read_as_people_write_it), cmocka_unit_test(lines_and_topics_are_kept),
        cmocka_unit_test(mistakes_name_line_and_cure), cmocka_unit_test(every_input_has_its_maximum),
        cmocka_unit_test(names_are_titles), cmocka_unit_test(the_language_of_most_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
