/* What people taught stands beside what the files say, and changes nothing in them. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "workspace/learned.h"

static struct workspace *base;

static int read_demo(void **state)
{
    struct problems problems = { 0 };
    UNUSED(state);
    base = workspace_read("demo", &problems);
    problems_free(&problems);
    return base ? 0 : -1;
}

static int forget(void **state)
{
    UNUSED(state);
    workspace_free(base);
    return 0;
}

static size_t examples_of(const struct workspace *workspace, size_t topic, struct str language)
{
    const struct topic *found = &workspace->topics[topic];
    for (size_t i = 0; i < found->example_count; i++)
        if (str_equal(found->examples[i].language, language)) return found->examples[i].count;
    return 0;
}

static struct workspace *teach(const struct learned_wording *wordings, size_t count)
{
    return learned_workspace(base, wordings, count);
}

static void a_wording_is_one_example_more(void **state)
{
    UNUSED(state);
    size_t before = examples_of(base, 0, STR("en"));
    struct learned_wording wordings[] = { { false, base->topics[0].name, STR("en"), STR("zyx wvu") },
                                          { false, base->topics[0].name, STR("en"), STR("zyx wvu again") } };
    struct workspace *better = teach(wordings, 2);
    assert_int_equal(better->learned, 2);
    assert_int_equal(examples_of(better, 0, STR("en")), before + 2);
    assert_int_equal(examples_of(base, 0, STR("en")), before);
    assert_true(str_equal(better->version, base->version));
    assert_int_equal(better->taught.len, 16);
    workspace_free(better);
}

static void a_question_of_an_article_stands_in_each_language_of_it(void **state)
{
    UNUSED(state);
    struct learned_wording wording = { true, base->articles[0].name, STR("sv"), STR("zyx wvu") };
    struct workspace *better = teach(&wording, 1);
    assert_int_equal(better->learned, 1);
    for (size_t i = 0; i < better->article_count; i++) {
        bool found = false;
        for (size_t l = 0; l < better->articles[i].question_count; l++)
            for (size_t q = 0; q < better->articles[i].questions[l].count; q++)
                found = found || str_equal(better->articles[i].questions[l].items[q], STR("zyx wvu"));
        assert_int_equal(found, str_equal(better->articles[i].name, base->articles[0].name));
    }
    workspace_free(better);
}

static void what_does_not_fit_the_files_is_left_out(void **state)
{
    UNUSED(state);
    struct str known = base->topics[0].examples[0].items[0];
    struct learned_wording wordings[] = {
        { false, STR("no-such-topic"), STR("en"), STR("a b") }, { true, STR("no-such-article"), STR("en"), STR("a b") },
        { false, base->topics[0].name, STR("xx"), STR("a b") }, { false, base->topics[0].name, STR("en"), STR_EMPTY },
        { false, base->topics[0].name, base->topics[0].examples[0].language, known },
        { false, base->topics[1].name, base->topics[0].examples[0].language, known }, /* the files say that it is the first topic's */
    };
    struct workspace *better = teach(wordings, ARRAY_LEN(wordings));
    assert_int_equal(better->learned, 0);
    assert_int_equal(better->taught.len, 0);
    workspace_free(better);
}

static void the_digest_tells_what_was_taught(void **state)
{
    UNUSED(state);
    struct learned_wording one = { false, base->topics[0].name, STR("en"), STR("zyx") }, other = one;
    other.target = base->topics[1].name;
    struct workspace *first = teach(&one, 1), *same = teach(&one, 1), *second = teach(&other, 1);
    assert_true(str_equal(first->taught, same->taught));
    assert_false(str_equal(first->taught, second->taught));
    workspace_free(first);
    workspace_free(same);
    workspace_free(second);
}

/* As many as the engine keeps, all of one article in four languages: what they take grows with their number, not with its square. */
static void as_many_as_there_may_be_take_their_place_and_no_more(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct rusage before, after;
    struct learned_wording *wordings = ARENA_NEW_ARRAY(&arena, struct learned_wording, LIMIT_PARAPHRASES);
    for (size_t i = 0; i < LIMIT_PARAPHRASES; i++)
        wordings[i] = (struct learned_wording){ true, base->articles[0].name, STR("en"), arena_format(&arena, "wording %zu", i) };
    getrusage(RUSAGE_SELF, &before);
    struct workspace *better = teach(wordings, LIMIT_PARAPHRASES);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(better->learned, LIMIT_PARAPHRASES);
    for (size_t i = 0; i < better->article_count; i++)
        for (size_t l = 0; l < better->articles[i].question_count && str_equal(better->articles[i].name, base->articles[0].name); l++)
            if (str_equal(better->articles[i].questions[l].language, STR("en")))
                assert_true(str_equal(better->articles[i].questions[l].items[better->articles[i].questions[l].count - 1], wordings[LIMIT_PARAPHRASES - 1].wording));
    assert_true(after.ru_maxrss - before.ru_maxrss < 64 * 1024); /* kB */
    workspace_free(better);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wording_is_one_example_more), cmocka_unit_test(a_question_of_an_article_stands_in_each_language_of_it),
        cmocka_unit_test(what_does_not_fit_the_files_is_left_out), cmocka_unit_test(the_digest_tells_what_was_taught),
        cmocka_unit_test(as_many_as_there_may_be_take_their_place_and_no_more),
    };
    return cmocka_run_group_tests(tests, read_demo, forget);
}
