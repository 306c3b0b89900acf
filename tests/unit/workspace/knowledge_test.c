/* What an article is asked by (`questions`), and words that mean the same (`synonyms`). */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "workspace/workspace.h"

#define YAML "name: Lantern\nlanguages: [en, sv]\n"

struct story {
    struct folder folder;
    struct problems problems;
    struct workspace *workspace;
};

static void given(struct story *story, const char *file, const char *text)
{
    file_write(folder_file(&story->folder, file), str_of(text));
}

static int begin(void **state)
{
    static struct story story;
    story = (struct story){ 0 };
    folder_make(&story.folder);
    mkdir(folder_file(&story.folder, "topics"), 0755);
    mkdir(folder_file(&story.folder, "knowledge"), 0755);
    given(&story, "workspace.yaml", YAML);
    given(&story, "topics/where.md", "---\ntitle: Where is it?\nexamples: [where is my parcel, has it been sent]\n---\nOn its way.\n");
    *state = &story;
    return 0;
}

static int end(void **state)
{
    struct story *story = *state;
    workspace_free(story->workspace);
    problems_free(&story->problems);
    folder_remove(&story->folder);
    return 0;
}

static void when_it_is_read(struct story *story)
{
    workspace_free(story->workspace);
    problems_free(&story->problems);
    story->workspace = workspace_read(story->folder.path, &story->problems);
    for (size_t i = 0; i < story->problems.count; i++)
        print_message("%.*s:%d: %.*s\n", STR_ARG(story->problems.items[i].file), story->problems.items[i].line,
                      STR_ARG(story->problems.items[i].what));
}

/* The only problem stands at this line and says this. */
static void then_it_says(struct story *story, const char *file, int line, const char *words)
{
    when_it_is_read(story);
    assert_int_equal(story->problems.count, 1);
    const struct problem *problem = &story->problems.items[0];
    if (!str_equal(problem->file, str_of(file)) || problem->line != line || str_find(problem->what, str_of(words), 0) < 0 || problem->cure.len == 0)
        fail_msg("not '%s' at %s:%d", words, file, line);
}

static void articles_have_questions_by_language(void **state)
{
    struct story *story = *state;
    given(story, "knowledge/a.md", "---\ntitle: A\nquestions: [one two, three]\n---\nText.\n");
    given(story, "knowledge/b.md", "---\ntitle: B\nlanguage: sv\nquestions: [ett]\n---\nText.\n");
    given(story, "knowledge/c.md", "---\ntitle: C\nquestions:\n  en: [one]\n  sv: [ett, två]\n---\nText.\n");
    when_it_is_read(story);
    assert_non_null(story->workspace);
    const struct article *a = workspace_article(story->workspace, STR("a"), STR("en")), *b = workspace_article(story->workspace, STR("b"), STR("en"));
    const struct article *c = workspace_article(story->workspace, STR("c"), STR("en"));
    assert_true(a->question_count == 1 && a->questions[0].count == 2 && str_equal(a->questions[0].language, STR("en")));
    assert_true(b->question_count == 1 && str_equal(b->questions[0].language, STR("sv"))); /* the article's own */
    assert_true(c->question_count == 2 && str_equal(c->questions[1].items[1], STR("två")));
}

static void mistakes_in_questions_are_named(void **state)
{
    struct story *story = *state;
    given(story, "knowledge/a.md", "---\ntitle: A\nquestions:\n  fr: [un]\n---\nText.\n");
    then_it_says(story, "knowledge/a.md", 4, "the language 'fr' is not one of the workspace's");
    given(story, "knowledge/a.md", "---\ntitle: A\nquestions: [one, one]\n---\nText.\n");
    then_it_says(story, "knowledge/a.md", 3, "'one' stands in 'questions' twice");
    given(story, "knowledge/a.md", "---\ntitle: A\nquestions: one\n---\nText.\n");
    then_it_says(story, "knowledge/a.md", 3, "'questions' should be a list");
}

static void synonyms_are_groups_by_language(void **state)
{
    struct story *story = *state;
    given(story, "workspace.yaml", YAML "synonyms:\n  en:\n    - [bnpl, buy now pay later]\n    - [hub, locker, box]\n  sv:\n    - [skåp, box]\n");
    when_it_is_read(story);
    assert_non_null(story->workspace);
    assert_int_equal(story->workspace->synonym_count, 3);
    assert_true(str_equal(story->workspace->synonyms[0].words[1], STR("buy now pay later")));
    assert_true(story->workspace->synonyms[1].count == 3 && str_equal(story->workspace->synonyms[2].language, STR("sv")));
    given(story, "workspace.yaml", YAML "synonyms:\n  - [hub, locker]\n"); /* in the first language */
    when_it_is_read(story);
    assert_true(story->workspace->synonym_count == 1 && str_equal(story->workspace->synonyms[0].language, STR("en")));
}

static void mistakes_in_synonyms_are_named(void **state)
{
    static const struct { const char *yaml; int line; const char *words; } rows[] = {
        { "synonyms: hub\n", 3, "'synonyms' should be a list of groups" },
        { "synonyms:\n  - hub\n", 4, "a group of synonyms is a list of 2 to 16 words" },
        { "synonyms:\n  - [hub]\n", 4, "a group of synonyms is a list of 2 to 16 words" },
        { "synonyms:\n  - [a1,a2,a3,a4,a5,a6,a7,a8,a9,b0,b1,b2,b3,b4,b5,b6,b7]\n", 4, "a list of 2 to 16 words" },
        { "synonyms:\n  - [hub, \"--\"]\n", 4, "this is not a word" },
        { "synonyms:\n  - [hub, [locker]]\n", 4, "this is not a word" },
        { "synonyms:\n  - [hub, one two three four five]\n", 4, "is longer than 4 words" },
        { "synonyms:\n  - [hub, locker]\n  - [box, Hub]\n", 5, "the synonym 'Hub' is there twice" },
        { "synonyms:\n  - [hub, locker, hub]\n", 4, "the synonym 'hub' is there twice" },
        { "synonyms:\n  en: hub\n", 4, "the synonyms of a language are a list of groups" },
        { "synonyms:\n  fr:\n    - [a, b]\n", 4, "the language 'fr' is not one" },
    };
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str yaml = arena_format(&story->folder.arena, YAML "%s", rows[i].yaml);
        given(story, "workspace.yaml", yaml.data);
        then_it_says(story, "workspace.yaml", rows[i].line, rows[i].words);
    }
}

static void groups_have_a_maximum(void **state)
{
    struct story *story = *state;
    struct buf text;
    buf_init(&text, LIMIT_FILE);
    buf_add_str(&text, STR(YAML "synonyms:\n"));
    for (int i = 0; i <= LIMIT_SYNONYMS; i++)
        buf_add_format(&text, "  - [a%d, b%d]\n", i, i);
    given(story, "workspace.yaml", buf_cstr(&text));
    then_it_says(story, "workspace.yaml", 4 + LIMIT_SYNONYMS, "more than 500 groups");
    buf_free(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(articles_have_questions_by_language), TEST(mistakes_in_questions_are_named), TEST(synonyms_are_groups_by_language),
        TEST(mistakes_in_synonyms_are_named), TEST(groups_have_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
