/* The `model:` of workspace.yaml: what it may say, and every mistake named at its line. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "engine/settings.h"
#include "workspace/workspace.h"

static struct folder folder;
static struct problems problems;
static struct workspace *workspace;

#define HEAD "name: Lantern\nlanguages: [en]\n" /* two lines */
#define MODEL HEAD "model:\n  base_url: http://127.0.0.1:8080/v1/\n  name: small\n"

static int begin(void **state)
{
    UNUSED(state);
    folder_make(&folder);
    mkdir(folder_file(&folder, "topics"), 0755);
    file_write(folder_file(&folder, "topics/where.md"), STR("---\ntitle: Where?\nexamples: [where is it, has it come]\n---\nHere.\n"));
    return 0;
}

static int end(void **state)
{
    UNUSED(state);
    workspace_free(workspace);
    workspace = NULL;
    problems_free(&problems);
    folder_remove(&folder);
    return 0;
}

static void read(const char *yaml)
{
    workspace_free(workspace);
    problems_free(&problems);
    file_write(folder_file(&folder, "workspace.yaml"), str_of(yaml));
    workspace = workspace_read(folder.path, &problems);
}

/* One mistake, at this line, whose sentence or cure has these words. */
static void says(const char *yaml, int line, const char *words)
{
    read(yaml);
    assert_null(workspace);
    for (size_t i = 0; i < problems.count; i++)
        print_message("%d: %.*s; %.*s\n", problems.items[i].line, STR_ARG(problems.items[i].what), STR_ARG(problems.items[i].cure));
    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.items[0].line, line);
    assert_true(str_find(problems.items[0].what, str_of(words), 0) >= 0 || str_find(problems.items[0].cure, str_of(words), 0) >= 0);
}

static void without_it_there_is_no_model(void **state)
{
    UNUSED(state);
    read(HEAD);
    assert_non_null(workspace);
    assert_int_equal(workspace->model.base_url.len, 0);
}

static void address_and_name_are_enough(void **state)
{
    UNUSED(state);
    read(MODEL);
    assert_non_null(workspace);
    const struct workspace_model *model = &workspace->model;
    assert_true(str_equal(model->base_url, STR("http://127.0.0.1:8080/v1")));
    assert_int_equal(model->deadline_ms, 6000);
    assert_int_equal(model->max_output_tokens, 600);
    assert_int_equal(model->temperature, MODEL_TEMPERATURE_UNSET);
    assert_int_equal(model->uses, MODEL_USE_PHRASE | MODEL_USE_PLAN | MODEL_USE_SUMMARISE | MODEL_USE_TRANSLATE);
    assert_int_equal(model->key.len, 0);
}

static void everything_can_be_said(void **state)
{
    UNUSED(state);
    file_write(folder_file(&folder, "model.key"), STR("sk-1\n"));
    read(MODEL "  key_file: model.key\n  deadline_ms: 4000\n  max_output_tokens: 300\n  budget_tokens_conversation: 9000\n"
               "  budget_tokens_day: 100000\n  temperature: 0.25\n  parallel: 4\n  uses: [phrase, translate]\n");
    assert_non_null(workspace);
    const struct workspace_model *model = &workspace->model;
    assert_true(str_equal(model->key, STR("sk-1")));
    assert_int_equal(model->deadline_ms, 4000);
    assert_int_equal(model->max_output_tokens, 300);
    assert_int_equal(model->budget_conversation, 9000);
    assert_int_equal(model->budget_day, 100000);
    assert_int_equal(model->temperature, 250);
    assert_int_equal(model->parallel, 4);
    assert_int_equal(model->uses, MODEL_USE_PHRASE | MODEL_USE_TRANSLATE);
}

static void the_key_may_come_from_the_environment(void **state)
{
    UNUSED(state);
    setenv("BECKON_TEST_KEY", "sk-2", 1);
    read(MODEL "  key_env: BECKON_TEST_KEY\n");
    assert_non_null(workspace);
    assert_true(str_equal(workspace->model.key, STR("sk-2")));
    unsetenv("BECKON_TEST_KEY");
    says(MODEL "  key_env: BECKON_TEST_KEY\n", 6, "'BECKON_TEST_KEY' is not set");
}

static void a_key_is_one_word_and_comes_from_one_place(void **state)
{
    UNUSED(state);
    file_write(folder_file(&folder, "model.key"), STR("sk-1\r\nX-Evil: 1\n"));
    says(MODEL "  key_file: model.key\n", 4, "blanks");
    setenv("BECKON_TEST_KEY", "sk-2", 1);
    file_write(folder_file(&folder, "model.key"), STR("sk-1"));
    says(MODEL "  key_file: model.key\n  key_env: BECKON_TEST_KEY\n", 4, "both");
    says(MODEL "  key_file: nowhere.key\n", 6, "cannot be read");
}

static void mistakes_are_named(void **state)
{
    UNUSED(state);
    says(HEAD "model:\n  base_url: http://127.0.0.1:1/v1\n", 4, "'name' is missing");
    says(HEAD "model:\n  name: small\n  base_url: http://models.example/v1\n", 5, "safe address");
    says(HEAD "model:\n  name: small\n  base_url: /v1\n", 5, "no host");
    says(HEAD "model:\n  name: small\n  base_url: https://models.example/v1/chat/completions\n", 5, "leave /chat/completions out");
    says(HEAD "model:\n  name: small\n  base_url: https://models.example/v1?version=2\n", 5, "leave out what begins with ?");
    says(MODEL "  key: sk-1\n", 6, "unknown key 'key'");
    says(MODEL "  temperature: 3\n", 6, "from 0 to 2");
    says(MODEL "  uses: [phrase, translat]\n", 6, "translate");
    says(MODEL "  max_output_tokens: 5\n", 6, "max_output_tokens");
    says(HEAD "model: yes\n", 3, "map");
}

static void the_model_gives_up_before_the_engine_does(void **state)
{
    UNUSED(state);
    says(MODEL "  deadline_ms: 9500\n", 6, "patience");
    says(HEAD "engine:\n  assistant_patience_ms: 5000\nmodel:\n  base_url: http://127.0.0.1:8080/v1\n  name: small\n", 6, "patience");
    read(HEAD "engine:\n  assistant_patience_ms: 5000\nmodel:\n  base_url: http://127.0.0.1:8080/v1\n  name: small\n  deadline_ms: 4000\n");
    assert_non_null(workspace);
}

/* The patience that read_model.c counts on when the workspace says none. */
static void the_engines_own_patience_is_what_the_reader_thinks(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct settings settings;
    struct err err;
    assert_true(settings_decode(&err, STR("language en\n"), &arena, &settings));
    assert_int_equal(settings.assistant_patience_ms, 10000);
    arena_free(&arena);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(without_it_there_is_no_model),
        STORY(address_and_name_are_enough),
        STORY(everything_can_be_said),
        STORY(the_key_may_come_from_the_environment),
        STORY(a_key_is_one_word_and_comes_from_one_place),
        STORY(mistakes_are_named),
        STORY(the_model_gives_up_before_the_engine_does),
        STORY(the_engines_own_patience_is_what_the_reader_thinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
