/* Which passage of the workspace's articles answers a question. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/passages.h"

static struct arena arena;

static struct str codes[] = { { "en", 2 }, { "sv", 2 } };
static struct str label_questions[] = { { "which sticker goes on the box", 29 } };
static struct str swedish_questions[] = { { "hur fungerar autogiro", 21 } };
static struct utterances english[] = { { { "en", 2 }, label_questions, 1 } };
static struct utterances swedish[] = { { { "sv", 2 }, swedish_questions, 1 } };
static struct article articles[] = {
    { .name = { "a", 1 }, .title = { "Returns", 7 }, .language = { "en", 2 }, .questions = english, .question_count = 1 },
    { .name = { "b", 1 }, .title = { "Returer", 7 }, .language = { "sv", 2 } },
    { .name = { "c", 1 }, .title = { "Autopay", 7 }, .language = { "en", 2 }, .questions = swedish, .question_count = 1 },
};

static struct passages *given_articles(struct workspace *workspace)
{
    articles[0].markdown = STR("Intro.\n\n## Labels\n\nPrint the return label and put it on the parcel.\n\n## Money\n\nRefunds take five days.");
    articles[1].markdown = STR("Skriv ut returetiketten.");
    articles[2].markdown = STR("Autopay takes each payment on its due date.\n\n## Turning it off\n\nOpen Payments.");
    *workspace = (struct workspace){ .articles = articles, .article_count = 3, .languages = codes, .language_count = 2 };
    return passages_new(workspace);
}

static void passages_are_found_by_what_they_say(void **state)
{
    struct workspace workspace;
    struct passages *passages = given_articles(&workspace);
    struct passage_hit hits[PASSAGES_TOP];
    UNUSED(state);
    assert_true(passages_search(passages, &arena, STR("where do I put the labels"), STR("en"), hits) > 0);
    assert_true(str_equal(hits[0].passage->heading, STR("Labels")));
    assert_true(passages_search(passages, &arena, STR("refunding"), STR("en"), hits) > 0);
    assert_true(str_equal(hits[0].passage->heading, STR("Money")));
    assert_int_equal(passages_search(passages, &arena, STR("zzz qqq"), STR("en"), hits), 0);
    assert_int_equal(passages_search(passages, &arena, STR(""), STR("en"), hits), 0);
    passages_free(passages);
}

static void a_question_is_looked_up_in_its_own_language_first(void **state)
{
    struct workspace workspace;
    struct passages *passages = given_articles(&workspace);
    struct passage_hit hits[PASSAGES_TOP];
    UNUSED(state);
    assert_true(passages_search(passages, &arena, STR("skriva ut etikett returetiketten"), STR("sv"), hits) > 0);
    assert_true(str_equal(hits[0].passage->article->name, STR("b")));
    assert_true(passages_search(passages, &arena, STR("parcel labels"), STR("sv"), hits) > 0);
    assert_true(str_equal(hits[0].passage->article->name, STR("a"))); /* nothing in Swedish: what there is */
    passages_free(passages);
}

static void an_article_is_known_by_its_questions_in_any_language(void **state)
{
    struct workspace workspace;
    struct passages *passages = given_articles(&workspace);
    struct passage_hit hits[PASSAGES_TOP];
    UNUSED(state);
    assert_true(passages_search(passages, &arena, STR("what sticker for my box"), STR("en"), hits) > 0);
    assert_true(str_equal(hits[0].passage->article->name, STR("a")));
    assert_true(passages_search(passages, &arena, STR("hur fungerar autogiro?"), STR("sv"), hits) > 0);
    assert_true(str_equal(hits[0].passage->article->name, STR("c")));
    assert_true(str_starts(hits[0].passage->markdown, STR("Autopay takes each")));
    assert_true(hits[0].matched == 2 && hits[0].coverage > 0.99);
    passages_free(passages);
}

static void synonyms_of_the_workspace_count(void **state)
{
    static struct str words[] = { { "parcel", 6 }, { "pouch", 5 } };
    static struct synonyms group = { { "en", 2 }, words, 2 };
    struct workspace workspace;
    struct passages *passages = given_articles(&workspace);
    struct passage_hit hits[PASSAGES_TOP];
    UNUSED(state);
    assert_true(passages_search(passages, &arena, STR("pouch"), STR("en"), hits) == 0 || hits[0].matched == 0);
    passages_free(passages);
    workspace.synonyms = &group;
    workspace.synonym_count = 1;
    passages = passages_new(&workspace);
    assert_true(passages_search(passages, &arena, STR("pouch"), STR("en"), hits) > 0 && hits[0].matched == 1);
    assert_true(str_equal(hits[0].passage->heading, STR("Labels")));
    passages_free(passages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passages_are_found_by_what_they_say), cmocka_unit_test(a_question_is_looked_up_in_its_own_language_first),
        cmocka_unit_test(an_article_is_known_by_its_questions_in_any_language), cmocka_unit_test(synonyms_of_the_workspace_count),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
