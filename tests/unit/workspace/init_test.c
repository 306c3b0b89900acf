/* What `beckon init` writes has no mistake, and the engine's settings come out of it as text. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "engine/settings.h"
#include "workspace/workspace.h"

static struct workspace *read_fine(const char *directory)
{
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read(directory, &problems);
    for (size_t i = 0; i < problems.count; i++)
        print_message("%.*s:%d: %.*s\n", STR_ARG(problems.items[i].file), problems.items[i].line, STR_ARG(problems.items[i].what));
    assert_non_null(workspace);
    problems_free(&problems);
    return workspace;
}

static void a_new_workspace_has_no_mistake(void **state)
{
    struct folder folder = { 0 };
    struct err err;
    UNUSED(state);
    folder_make(&folder);
    const char *fresh = folder_file(&folder, "fresh");
    assert_true(workspace_init(&err, fresh));
    struct workspace *workspace = read_fine(fresh);
    assert_int_equal(workspace->topic_count, 3);
    assert_int_equal(workspace->article_count, 2);
    workspace_free(workspace);
    assert_false(workspace_init(&err, fresh)); /* not empty any more: nothing is overwritten */
    assert_true(str_find(str_of(err.text), STR("not empty"), 0) >= 0);
    folder_remove(&folder);
}

static void the_engine_understands_the_settings(void **state)
{
    struct err err;
    struct buf text;
    struct arena arena = { 0 };
    struct settings settings;
    UNUSED(state);
    struct workspace *workspace = read_fine("demo");
    buf_init(&text, LIMIT_SETTINGS);
    workspace_engine_settings(workspace, &text);
    if (!settings_decode(&err, buf_str(&text), &arena, &settings))
        fail_msg("%s", err.text);
    assert_int_equal(settings.topic_count, workspace->topic_count);
    assert_int_equal(settings.skill_count, workspace->skill_count);
    assert_true(str_equal(settings.languages[0], workspace->languages[0]));
    buf_free(&text);
    arena_free(&arena);
    workspace_free(workspace);
}

/* The workspace's folder is below the engine's, so it has the limits in a table of its own. */
static void both_know_the_same_settings(void **state)
{
    struct folder folder = { 0 };
    struct buf yaml;
    UNUSED(state);
    static const struct { const char *name; long long smallest, greatest; } rows[] = {
#define X(name, initial, smallest, greatest, meaning) { #name, smallest, greatest },
        SETTINGS(X)
#undef X
    };
    folder_make(&folder);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (int outside = 0; outside < 4; outside++) {
            struct problems problems = { 0 };
            long long value = outside == 0 ? rows[i].smallest : outside == 1 ? rows[i].greatest
                            : outside == 2 ? rows[i].smallest - 1 : rows[i].greatest + 1;
            buf_init(&yaml, 4096);
            buf_add_format(&yaml, "name: L\nlanguages: [en]\nengine:\n  %s: %lld\n", rows[i].name, value);
            file_write(folder_file(&folder, "workspace.yaml"), buf_str(&yaml));
            assert_null(workspace_read(folder.path, &problems)); /* it has no topic */
            assert_int_equal(problems.count, outside < 2 ? 1 : 2);
            problems_free(&problems);
            buf_free(&yaml);
        }
    }
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_workspace_has_no_mistake), cmocka_unit_test(the_engine_understands_the_settings),
        cmocka_unit_test(both_know_the_same_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
