#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/input.h"
#include "base/memory.h"

struct story {
    struct arena arena;
    struct err err;
    struct csv csv;
};

static int begin(void **state)
{
    *state = MEMORY_NEW(struct story);
    return 0;
}

static int end(void **state)
{
    struct story *story = *state;
    arena_free(&story->arena);
    memory_free(story);
    return 0;
}

static void given(struct story *story, const char *text)
{
    assert_true(csv_begin(&story->err, &story->csv, &story->arena, STR("t.csv"), str_of(text)));
}

/* The next record is on `line` and has these fields, separated by '|'. */
static void then_record(struct story *story, size_t line, const char *fields)
{
    struct str rest = str_of(fields), piece;
    size_t i = 0;
    if (csv_next(&story->err, &story->csv) != CSV_RECORD) fail_msg("no record: %s", story->err.text);
    assert_int_equal(story->csv.line, line);
    for (; str_split(&rest, '|', &piece); i++) {
        if (i < story->csv.count && !str_equal(story->csv.fields[i], piece))
            fail_msg("line %zu has '%.*s', not '%.*s'", line, STR_ARG(story->csv.fields[i]), STR_ARG(piece));
    }
    assert_int_equal(story->csv.count, i);
}

static void then_end(struct story *story)
{
    assert_int_equal(csv_next(&story->err, &story->csv), CSV_END);
    assert_int_equal(csv_next(&story->err, &story->csv), CSV_END);
}

static void then_mistake(struct story *story, const char *text, const char *words)
{
    enum csv_step step;
    given(story, text);
    while ((step = csv_next(&story->err, &story->csv)) == CSV_RECORD)
        ;
    assert_int_equal(step, CSV_MISTAKE);
    if (!strstr(story->err.text, words)) fail_msg("'%s' does not say '%s'", story->err.text, words);
}

static void records_are_read_field_by_field(void **state)
{
    struct story *story = *state;
    given(story, "text,intent\nhello there,greet\n,\nlast,one");
    then_record(story, 1, "text|intent");
    then_record(story, 2, "hello there|greet");
    then_record(story, 3, "|");
    then_record(story, 4, "last|one");
    then_end(story);
}

static void quotes_hold_commas_quotes_and_lines(void **state)
{
    struct story *story = *state;
    given(story, "\"a, b\",\"say \"\"hi\"\"\"\r\n\"two\r\nlines\",\"\"\n\"\"\"\",x\n");
    then_record(story, 1, "a, b|say \"hi\"");
    then_record(story, 2, "two\r\nlines|");
    then_record(story, 4, "\"|x");
    then_end(story);
}

static void all_line_ends_a_mark_and_empty_lines_are_fine(void **state)
{
    struct story *story = *state;
    given(story, "\xef\xbb\xbf" "a,b\r\n\r\nc,d\re,f\n\n\n");
    then_record(story, 1, "a|b");
    then_record(story, 3, "c|d");
    then_record(story, 4, "e|f");
    then_end(story);
    given(story, "\xef\xbb\xbf");
    then_end(story);
    given(story, "");
    then_end(story);
}

static void a_quote_inside_a_plain_field_is_a_character(void **state)
{
    struct story *story = *state;
    given(story, "a 5\" screen,it's \"new\"\n");
    then_record(story, 1, "a 5\" screen|it's \"new\"");
    then_end(story);
}

static void mistakes_name_the_line_and_the_cure(void **state)
{
    struct story *story = *state;
    then_mistake(story, "a,b\nc,\"d\ne,f\n", "t.csv:2: a field that begins with a quote has no end; write a quote inside such a field twice");
    then_mistake(story, "a\n\"b\"c\n", "t.csv:2: text follows the quote");
    assert_false(csv_begin(&story->err, &story->csv, &story->arena, STR("t.csv"), STR("a\nb\xff\n")));
    assert_string_equal(story->err.text, "t.csv:2: a byte here is not valid UTF-8 text; save the file as UTF-8");
    assert_false(csv_begin(&story->err, &story->csv, &story->arena, STR("t.csv"), STR("a\n\n\0\n")));
    assert_non_null(strstr(story->err.text, "t.csv:3:"));
}

static void columns_are_found_by_their_names(void **state)
{
    struct story *story = *state;
    const char *const names[] = { "text", "id" };
    size_t columns[2];
    given(story, "note, ID ,Text\nx,7,where is it\ny,8\n");
    assert_true(csv_header(&story->err, &story->csv, names, columns, 2));
    assert_int_equal(columns[0], 2);
    assert_int_equal(columns[1], 1);
    then_record(story, 2, "x|7|where is it");
    assert_int_equal(csv_next(&story->err, &story->csv), CSV_MISTAKE);
    assert_non_null(strstr(story->err.text, "t.csv:3: the record has 2 fields and the header 3"));
    given(story, "text;id\n");
    assert_false(csv_header(&story->err, &story->csv, names, columns, 2));
    assert_non_null(strstr(story->err.text, "t.csv:1: the header names the column 'text' 0 times"));
    given(story, "text,id,text\n");
    assert_false(csv_header(&story->err, &story->csv, names, columns, 2));
    assert_non_null(strstr(story->err.text, "2 times"));
    given(story, "");
    assert_false(csv_header(&story->err, &story->csv, names, columns, 2));
}

static void fields_and_columns_have_maxima(void **state)
{
    struct story *story = *state;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < LIMIT_CSV_COLUMNS - 1; i++) buf_add_char(&text, ',');
    given(story, buf_cstr(&text));
    assert_int_equal(csv_next(&story->err, &story->csv), CSV_RECORD);
    assert_int_equal(story->csv.count, LIMIT_CSV_COLUMNS);
    buf_add_char(&text, ',');
    then_mistake(story, buf_cstr(&text), "t.csv:1: the record has too many fields");
    buf_clear(&text);
    for (int i = 0; i < LIMIT_CSV_FIELD; i++) buf_add_char(&text, 'a');
    given(story, buf_cstr(&text));
    assert_int_equal(csv_next(&story->err, &story->csv), CSV_RECORD);
    buf_add_char(&text, 'a');
    then_mistake(story, buf_cstr(&text), "t.csv:1: a field is too long");
    buf_free(&text);
    assert_false(csv_begin(&story->err, &story->csv, &story->arena, STR("t.csv"), str_make("", (size_t)LIMIT_CSV + 1)));
    assert_non_null(strstr(story->err.text, "the file is larger than"));
}

static void a_file_is_read_whole_or_refused_with_the_reason(void **state)
{
    struct story *story = *state;
    char path[] = "/tmp/beckon-csv-XXXXXX";
    struct str text;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, "12345", 5) == 5 && close(fd) == 0);
    assert_true(input_read(&story->err, &story->arena, path, 5, &text));
    if (!str_equal(text, STR("12345"))) fail_msg("read %.*s", STR_ARG(text));
    assert_false(input_read(&story->err, &story->arena, path, 4, &text));
    assert_non_null(strstr(story->err.text, "is larger than 4 bytes"));
    assert_false(input_read(&story->err, &story->arena, "/tmp", 4, &text));
    assert_non_null(strstr(story->err.text, "is a folder"));
    assert_int_equal(unlink(path), 0);
    assert_false(input_read(&story->err, &story->arena, path, 4, &text));
    assert_non_null(strstr(story->err.text, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(records_are_read_field_by_field, begin, end),
        cmocka_unit_test_setup_teardown(quotes_hold_commas_quotes_and_lines, begin, end),
        cmocka_unit_test_setup_teardown(all_line_ends_a_mark_and_empty_lines_are_fine, begin, end),
        cmocka_unit_test_setup_teardown(a_quote_inside_a_plain_field_is_a_character, begin, end),
        cmocka_unit_test_setup_teardown(mistakes_name_the_line_and_the_cure, begin, end),
        cmocka_unit_test_setup_teardown(columns_are_found_by_their_names, begin, end),
        cmocka_unit_test_setup_teardown(fields_and_columns_have_maxima, begin, end),
        cmocka_unit_test_setup_teardown(a_file_is_read_whole_or_refused_with_the_reason, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
