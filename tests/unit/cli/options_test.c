/* What is typed is read strictly: an option that does not exist, is doubled or lacks its value is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/cli.h"

/* Runs cli_parse with stderr caught in `said`. */
static bool parse(struct cli_args *args, char said[2048], int argc, const char **argv)
{
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    assert_non_null(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    bool fine = cli_parse(args, argc, (char **)(uintptr_t)argv);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    said[fread(said, 1, 2047, file)] = 0;
    fclose(file);
    return fine;
}

#define PARSE(args, said, ...) \
    parse((args), (said), (int)ARRAY_LEN(((const char *[]){ __VA_ARGS__ })), (const char *[]){ __VA_ARGS__ })

static void options_and_operands_in_any_order(void **state)
{
    struct cli_args args;
    char said[2048];
    int64_t port;
    UNUSED(state);
    assert_true(PARSE(&args, said, "serve", "--port", "99", "folder", "--quiet", "--address=::1"));
    assert_int_equal(args.count, 1);
    assert_string_equal(args.operands[0], "folder");
    assert_true(cli_number(&args, "port", 0, 65535, 8080, &port));
    assert_int_equal(port, 99);
    assert_string_equal(cli_value(&args, "address", NULL), "::1");
    assert_true(cli_given(&args, "quiet"));
    assert_false(cli_given(&args, "tls-cert"));
    assert_string_equal(said, "");
}

static void a_value_may_be_left_out_only_where_the_table_says(void **state)
{
    struct cli_args args;
    char said[2048];
    UNUSED(state);
    assert_true(PARSE(&args, said, "serve", "demo", "--traffic"));
    assert_string_equal(cli_value(&args, "traffic", "none"), "");
    assert_true(PARSE(&args, said, "serve", "--traffic", "demo"));
    assert_string_equal(args.operands[0], "demo");
    assert_true(PARSE(&args, said, "serve", "demo", "--traffic", "30"));
    assert_string_equal(cli_value(&args, "traffic", "none"), "30");
    assert_false(PARSE(&args, said, "serve", "demo", "--port"));
    assert_non_null(strstr(said, "`--port` needs a value"));
    assert_false(PARSE(&args, said, "serve", "demo", "--port", "--quiet"));
    assert_false(PARSE(&args, said, "serve", "demo", "--quiet=1"));
    assert_non_null(strstr(said, "takes no value"));
}

static void what_is_wrong_is_named_and_the_nearest_is_offered(void **state)
{
    struct cli_args args;
    char said[2048];
    UNUSED(state);
    assert_false(PARSE(&args, said, "serve", "demo", "--prot", "1"));
    assert_non_null(strstr(said, "did you mean `--port`?"));
    assert_non_null(strstr(said, "usage: beckon serve"));
    assert_false(PARSE(&args, said, "serve", "demo", "--xyzzy"));
    assert_null(strstr(said, "did you mean"));
    assert_false(PARSE(&args, said, "serve", "demo", "-p", "1"));
    assert_false(PARSE(&args, said, "serve", "demo", "--port", "1", "--port", "2"));
    assert_non_null(strstr(said, "given twice"));
    assert_false(PARSE(&args, said, "serve"));
    assert_non_null(strstr(said, "needs DIR"));
    assert_false(PARSE(&args, said, "serve", "a", "b"));
    assert_non_null(strstr(said, "`b`"));
}

static void two_dashes_end_the_options(void **state)
{
    struct cli_args args;
    char said[2048];
    UNUSED(state);
    assert_true(PARSE(&args, said, "ask", "demo", "--", "--json is what?"));
    assert_string_equal(args.operands[1], "--json is what?");
    assert_false(cli_given(&args, "json"));
}

static void numbers_have_limits(void **state)
{
    struct cli_args args;
    char said[2048];
    int64_t port;
    UNUSED(state);
    assert_true(PARSE(&args, said, "serve", "demo", "--port", "65536"));
    assert_false(cli_number(&args, "port", 0, 65535, 8080, &port));
    assert_true(PARSE(&args, said, "serve", "demo", "--port", "8o8o"));
    assert_false(cli_number(&args, "port", 0, 65535, 8080, &port));
    assert_true(PARSE(&args, said, "serve", "demo"));
    assert_true(cli_number(&args, "port", 0, 65535, 8080, &port));
    assert_int_equal(port, 8080);
}

static void the_table_is_in_order(void **state)
{
    UNUSED(state);
    for (const struct cli_command *row = cli_commands; row->name; row++) {
        size_t count = 0;
        for (const struct cli_option *option = row->options; option && option->name; option++) count++;
        assert_true(count <= CLI_OPTIONS_MAX);
        assert_ptr_equal(cli_find(row->name), row);
        assert_non_null(row->run);
        assert_true(row->most < 0 || row->most >= row->least);
        struct buf text;
        buf_init(&text, 1 << 16);
        help_command(row, &text);
        assert_false(text.full);
        assert_true(str_starts(buf_str(&text), STR("usage: beckon ")));
        buf_free(&text);
    }
}

static void what_others_wrote_cannot_move_the_cursor(void **state)
{
    static const struct { const char *text, *shown; } cases[] = {
        { "plain, with ä and 日本", "plain, with ä and 日本" },
        { "two\nlines\tand a tab", "two\\nlines\\u0009and a tab" },
        { "\033[2J\177", "\\u001b[2J\\u007f" },
        { "\302\233", "\\u009b" },                         /* CSI in one character */
        { "a\342\200\256b\342\200\251", "a\\u202eb\\u2029" }, /* turned; a paragraph's end */
        { "\377x", "\\xffx" },
        { "", "" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf out;
        buf_init(&out, 1000);
        cli_add_shown(&out, str_of(cases[i].text));
        assert_string_equal(buf_cstr(&out), cases[i].shown);
        buf_free(&out);
    }
}

static void a_letter_stands_for_an_option_where_the_table_says(void **state)
{
    struct cli_args args;
    char said[2048];
    UNUSED(state);
    assert_true(PARSE(&args, said, "tail", "-f", "folder"));
    assert_true(cli_given(&args, "follow"));
    assert_false(PARSE(&args, said, "tail", "-fx", "folder"));
    assert_false(PARSE(&args, said, "tail", "-j", "folder"));
    assert_false(PARSE(&args, said, "serve", "-f", "folder"));
    assert_non_null(strstr(said, "no option `-f`"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_in_any_order),
        cmocka_unit_test(a_value_may_be_left_out_only_where_the_table_says),
        cmocka_unit_test(what_is_wrong_is_named_and_the_nearest_is_offered),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(numbers_have_limits),
        cmocka_unit_test(the_table_is_in_order),
        cmocka_unit_test(what_others_wrote_cannot_move_the_cursor),
        cmocka_unit_test(a_letter_stands_for_an_option_where_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
