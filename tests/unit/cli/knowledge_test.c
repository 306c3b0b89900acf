/* knowledge eval and search, as a person and a script call them. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "cli/cli.h"

#define SAID 65536

/* Runs a command with stdout and stderr caught. */
static int run(char said[SAID], int (*command)(int, char **), int argc, const char **argv)
{
    FILE *file = tmpfile();
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    const char *copy[8];
    assert_non_null(file);
    memcpy(copy, argv, (size_t)argc * sizeof *argv);
    fflush(NULL);
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    int status = command(argc, (char **)(uintptr_t)copy);
    fflush(NULL);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    rewind(file);
    said[fread(said, 1, SAID - 1, file)] = 0;
    fclose(file);
    return status;
}

#define RUN(said, command, ...) \
    run((said), (command), (int)ARRAY_LEN(((const char *[]){ __VA_ARGS__ })), (const char *[]){ __VA_ARGS__ })

static const char articles[] =
    "[{\"id\": 1, \"title\": \"Refunds\", \"content\": \"<p>The money comes back within five days.</p>\"},\n"
    " {\"id\": \"two\", \"title\": \"Parcels\", \"content\": \"A parcel that is lost is replaced.\"},\n"
    " {\"id\": 3, \"title\": \"Addresses\", \"content\": \"Open Settings and write the new street.\"}]\n";

struct files {
    struct folder folder;
    const char *articles, *questions;
};

static void given_files(struct files *files, const char *json, const char *csv)
{
    folder_make(&files->folder);
    files->articles = folder_file(&files->folder, "articles.json");
    files->questions = folder_file(&files->folder, "questions.csv");
    file_write(files->articles, str_of(json));
    file_write(files->questions, str_of(csv));
}

static void the_figures_stand_beside_plain_bm25(void **state)
{
    struct files files;
    char said[SAID];
    UNUSED(state);
    given_files(&files, articles, "text,id\r\n\"refnuds, please\",1\r\nlosing parcels,two\r\nthe new street,3\r\n");
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", files.articles, files.questions), CLI_OK);
    assert_non_null(strstr(said, "3 articles, 3 questions, language en"));
    assert_non_null(strstr(said, "\nfused        1.000"));
    assert_non_null(strstr(said, "\nplain BM25   0.667")); /* a typing error: not found at all */
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", "--plain", files.articles, files.questions), CLI_OK);
    assert_null(strstr(said, "fused"));
    folder_remove(&files.folder);
}

static void scripts_get_json(void **state)
{
    static const char *const keys[] = { "map", "mrr", "p_at_1", "recall_at_5", "query_us_p50", "query_us_p99", "index_ms", "articles", "queries" };
    struct files files;
    char said[SAID];
    UNUSED(state);
    given_files(&files, articles, "text,id\nrefnuds,1\nlost parcel,two\n");
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", "--json", files.articles, files.questions), CLI_OK);
    json_t *json = json_loads(said, 0, NULL), *plain = json_object_get(json, "plain");
    assert_non_null(json);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (!json_is_number(json_object_get(json, keys[i])) || !json_is_number(json_object_get(plain, keys[i])))
            fail_msg("no %s", keys[i]);
    assert_true(json_number_value(json_object_get(json, "map")) == 1);
    assert_true(json_number_value(json_object_get(plain, "map")) == 0.5);
    assert_int_equal(json_integer_value(json_object_get(json, "queries")), 2);
    json_decref(json);
    folder_remove(&files.folder);
}

static void a_header_may_be_left_out(void **state)
{
    struct files files;
    char with[SAID], without[SAID];
    UNUSED(state);
    given_files(&files, articles, "text,id\nhow long does a refund take,1\nrefund,1\n");
    assert_int_equal(RUN(with, cli_knowledge_eval, "knowledge eval", files.articles, files.questions), CLI_OK);
    folder_remove(&files.folder);
    given_files(&files, articles, "how long does a refund take,1\nrefund,1\n");
    assert_int_equal(RUN(without, cli_knowledge_eval, "knowledge eval", files.articles, files.questions), CLI_OK);
    folder_remove(&files.folder);
    given_files(&files, articles, "question,article\nrefund,1\n");
    assert_int_equal(RUN(without, cli_knowledge_eval, "knowledge eval", files.articles, files.questions), CLI_FAILED);
    assert_non_null(strstr(without, "the header names the column 'text' 0 times"));
    folder_remove(&files.folder);
}

static void mistakes_end_with_a_reason(void **state)
{
    struct files files;
    char said[SAID];
    UNUSED(state);
    given_files(&files, articles, "text,id\na,1\nb,9\n");
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", files.articles, files.questions), CLI_FAILED);
    assert_non_null(strstr(said, "questions.csv:3: no article has the id '9' (1 of 2 rows"));
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", "/nowhere.json", files.questions), CLI_FAILED);
    assert_non_null(strstr(said, "/nowhere.json cannot be opened"));
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", files.questions, files.questions), CLI_FAILED);
    assert_non_null(strstr(said, "questions.csv:1: the file is no list of articles"));
    assert_int_equal(RUN(said, cli_knowledge_eval, "knowledge eval", files.articles), CLI_USAGE);
    folder_remove(&files.folder);
}

static void an_author_sees_what_a_question_finds(void **state)
{
    char said[SAID];
    UNUSED(state);
    assert_int_equal(RUN(said, cli_knowledge_search, "knowledge search", "demo", "how long does a refund to my card take"), CLI_OK);
    assert_non_null(strstr(said, "language en\n"));
    assert_non_null(strstr(said, "knowledge/refunds.md"));
    assert_non_null(strstr(said, "wording_gram"));
    assert_int_equal(RUN(said, cli_knowledge_search, "knowledge search", "--json", "demo", "refund"), CLI_OK);
    json_t *json = json_loads(said, 0, NULL), *first = json_array_get(json_object_get(json, "hits"), 0);
    assert_true(json_is_string(json_object_get(first, "passage")) && json_is_number(json_object_get(first, "whole_gram")));
    json_decref(json);
    assert_int_equal(RUN(said, cli_knowledge_search, "knowledge search", "demo", "?!"), CLI_OK);
    assert_non_null(strstr(said, "nothing has a word in common with it"));
    assert_int_equal(RUN(said, cli_knowledge_search, "knowledge search", "/nowhere", "refund"), CLI_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_stand_beside_plain_bm25), cmocka_unit_test(scripts_get_json),
        cmocka_unit_test(a_header_may_be_left_out), cmocka_unit_test(mistakes_end_with_a_reason), cmocka_unit_test(an_author_sees_what_a_question_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
