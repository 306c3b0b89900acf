/* Versions of the files that people edit: kept, put back, and finished after a crash. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/must.h"
#include "workspace/versions.h"
#include "workspace/workspace.h"

static struct folder folder;
static struct arena arena;

static void write_file(const char *name, const char *text)
{
    file_write(folder_file(&folder, name), str_of(text));
}

static int begin(void **state)
{
    UNUSED(state);
    folder_make(&folder);
    must(mkdir(folder_file(&folder, "topics"), 0777) == 0 && mkdir(folder_file(&folder, "knowledge"), 0777) == 0);
    write_file("topics/fees.md", "fees, first");
    write_file("topics/cards.md", "cards");
    write_file("knowledge/rules.md", "rules");
    write_file("workspace.yaml", "name: x");
    return 0;
}

static int end(void **state)
{
    UNUSED(state);
    arena_free(&arena);
    folder_remove(&folder);
    return 0;
}

static uint64_t keep(const char *workspace, const char *what)
{
    struct err err;
    struct version version = { .workspace = str_of(workspace), .what = str_of(what), .at_ms = 77, .agent = 4 };
    assert_true(versions_keep(&err, &arena, folder.path, &version));
    return version.number;
}

static bool file_is(const char *name, const char *text)
{
    return str_equal(file_read(&arena, folder_file(&folder, name)), str_of(text));
}

static struct version_file change(const char *file, const char *text)
{
    struct err err;
    struct version_file made = { str_of(file), STR_EMPTY };
    if (text) assert_true(versions_keep_text(&err, &arena, folder.path, str_of(text), &made.digest));
    return made;
}

static void what_is_there_becomes_a_version(void **state)
{
    UNUSED(state);
    struct err err;
    struct version version;
    struct str text;
    assert_int_equal(versions_last(folder.path), 0);
    assert_int_equal(keep("aa", "found"), 1);
    assert_int_equal(keep("aa", "again"), 1); /* the same workspace: nothing new */
    assert_int_equal(keep("bb", "topics/fees.md"), 2);
    assert_int_equal(versions_last(folder.path), 2);
    assert_true(versions_get(&err, &arena, folder.path, 2, &version));
    assert_true(str_equal(version.what, STR("topics/fees.md")) && str_equal(version.workspace, STR("bb")));
    assert_int_equal(version.at_ms, 77);
    assert_int_equal(version.agent, 4);
    assert_int_equal(version.file_count, 3); /* not workspace.yaml */
    assert_true(str_equal(version.files[2].file, STR("topics/fees.md")));
    assert_true(versions_text(&err, &arena, folder.path, version.files[2].digest, &text) && str_equal(text, STR("fees, first")));
    assert_false(versions_get(&err, &arena, folder.path, 3, &version));
}

static void files_are_replaced_made_and_removed_together(void **state)
{
    UNUSED(state);
    struct err err;
    struct version_file changes[] = { change("topics/fees.md", "fees, second"), change("knowledge/new.md", "new"),
                                      change("topics/cards.md", NULL), change("topics/never-there.md", NULL) };
    assert_true(versions_put(&err, &arena, folder.path, changes, ARRAY_LEN(changes)));
    assert_true(file_is("topics/fees.md", "fees, second") && file_is("knowledge/new.md", "new"));
    assert_int_equal(access(folder_file(&folder, "topics/cards.md"), F_OK), -1);
    assert_true(file_is("workspace.yaml", "name: x"));
    assert_false(versions_pending(folder.path));
}

/* As if the power had failed when one of two files was replaced. */
static void a_crash_in_between_is_finished(void **state)
{
    UNUSED(state);
    struct err err;
    struct version_file first = change("topics/fees.md", "fees, second"), second = change("topics/cards.md", "cards, second");
    struct version wish = { .workspace = STR("-"), .what = STR("publishing"), .files = (struct version_file[]){ first, second }, .file_count = 2 };
    struct buf text;
    buf_init(&text, 10000);
    version_write(&wish, &text);
    file_write(folder_file(&folder, "data/versions/publishing"), buf_str(&text));
    buf_free(&text);
    write_file("topics/fees.md", "fees, second");
    assert_true(versions_pending(folder.path));
    assert_true(versions_finish(&err, folder.path));
    assert_true(file_is("topics/fees.md", "fees, second") && file_is("topics/cards.md", "cards, second"));
    assert_false(versions_pending(folder.path));
}

static void what_is_damaged_is_not_put(void **state)
{
    UNUSED(state);
    struct err err;
    struct version_file damaged = change("topics/fees.md", "fees, second");
    const char *path = arena_format(&arena, "data/versions/texts/%.*s", STR_ARG(damaged.digest)).data;
    file_write(folder_file(&folder, path), STR("fees, forged"));
    assert_false(versions_put(&err, &arena, folder.path, &damaged, 1));
    assert_true(file_is("topics/fees.md", "fees, first"));
    write_file("data/versions/publishing", "beckon version 1\nworkspace -\nat 0\nagent 0\nwhat publishing\n- topics/../workspace.md\n");
    assert_false(versions_finish(&err, folder.path));
    assert_true(versions_pending(folder.path));
}

static void only_topics_and_articles_have_versions(void **state)
{
    UNUSED(state);
    static const char *const bad[] = { "topics/../x.md", "../topics/x.md", "actions/x.md", "topics/x.yaml", "topics/.md", "topics/a/b.md", "/topics/x.md", "topics/X.md" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct version version;
        struct str text = arena_format(&arena, "beckon version 1\nworkspace x\nat 0\nagent 0\nwhat y\n- %s\n", bad[i]);
        if (version_parse(&arena, text, &version)) fail_msg("%s", bad[i]);
    }
}

/* --- drafts in place of files -------------------------------------------------------------------- */

static struct workspace *read_drafted(const struct drafted_file *drafts, size_t count, size_t *problem_count)
{
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read_drafted("demo", drafts, count, &problems);
    *problem_count = problems.count;
    problems_free(&problems);
    return workspace;
}

static const char topic[] = "---\ntitle:\n  en: Zebra lamps\nexamples:\n  en:\n    - my zebra lamp hums\n    - zebra lamp\n---\nIt hums.\n";

static void a_draft_is_read_as_if_it_were_on_disk(void **state)
{
    UNUSED(state);
    size_t problems;
    struct drafted_file drafts[] = { { STR("topics/zebra-lamps.md"), STR(topic), false }, { STR("topics/late-fee.md"), STR_EMPTY, true } };
    struct workspace *workspace = read_drafted(drafts, 1, &problems), *plain = read_drafted(NULL, 0, &problems);
    assert_non_null(workspace);
    assert_non_null(workspace_topic(workspace, STR("zebra-lamps")));
    assert_int_equal(workspace->topic_count, plain->topic_count + 1);
    assert_false(str_equal(workspace->version, plain->version));
    workspace_free(workspace);
    workspace = read_drafted(drafts, 2, &problems);
    assert_true(!workspace || !workspace_topic(workspace, STR("late-fee"))); /* it is gone, or missed by another file */
    workspace_free(workspace);
    workspace_free(plain);
}

static void mistakes_in_a_draft_are_found(void **state)
{
    UNUSED(state);
    size_t problems;
    static char large[LIMIT_FILE + 1];
    memset(large, 'x', sizeof large);
    const struct str texts[] = { STR("no front matter"), STR("---\ntitel: x\n---\n"), STR("\xff\xfe"), str_make(large, sizeof large), STR("a\0b") };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct drafted_file draft = { STR("topics/zebra-lamps.md"), texts[i], false };
        assert_null(read_drafted(&draft, 1, &problems));
        assert_true(problems > 0);
    }
    struct drafted_file twice = { STR("topics/zebra-lamps.md"), STR("---\ntitle:\n  en: X\nexamples:\n  en:\n    - late fee\n    - b c\n---\nX.\n"), false };
    assert_null(read_drafted(&twice, 1, &problems)); /* "late fee" is another topic's example */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_is_there_becomes_a_version), TEST(files_are_replaced_made_and_removed_together), TEST(a_crash_in_between_is_finished),
        TEST(what_is_damaged_is_not_put), TEST(only_topics_and_articles_have_versions),
        cmocka_unit_test(a_draft_is_read_as_if_it_were_on_disk), cmocka_unit_test(mistakes_in_a_draft_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
