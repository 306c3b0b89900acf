/* The demo workspace is whole: no mistake in any file, every topic has enough examples, an answer in
 * both languages and a source, and what the topics promise is what the firm's back end does. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "demo/firm.h"
#include "workspace/workspace.h"

static struct workspace *workspace;

static int read_it(void **state)
{
    struct problems problems = { 0 };
    UNUSED(state);
    workspace = workspace_read("demo", &problems);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%.*s:%d: %.*s; %.*s\n", STR_ARG(problems.items[i].file), problems.items[i].line,
                    STR_ARG(problems.items[i].what), STR_ARG(problems.items[i].cure));
    problems_free(&problems);
    return workspace ? 0 : -1;
}

static int free_it(void **state)
{
    UNUSED(state);
    workspace_free(workspace);
    return 0;
}

static void there_is_enough_of_everything(void **state)
{
    UNUSED(state);
    assert_true(workspace->topic_count >= 14);
    assert_true(workspace->article_count >= 14);
    assert_true(workspace->action_count >= 5);
    assert_true(workspace->staff_count >= 4);
    assert_true(workspace->identity_secret.len >= 16);
    assert_true(workspace->action_token.len >= 16);
}

static void every_topic_speaks_both_languages_and_names_a_source(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        print_message("topic %.*s\n", STR_ARG(topic->name));
        assert_int_equal(topic->example_count, 2);
        for (size_t j = 0; j < topic->example_count; j++) {
            bool english = str_equal(topic->examples[j].language, STR("en"));
            assert_true(topic->examples[j].count >= (english ? 15u : 5u));
        }
        assert_int_equal(topic->title_count, 2);
        assert_true(topic->answer_count >= 2);
        assert_true(topic->related_count >= 1);
        assert_true(topic->skill_count >= 1);
        for (size_t j = 0; j < topic->related_count; j++)
            assert_non_null(workspace_article(workspace, topic->related[j], STR("en")));
    }
}

/* People only: nothing here may be tried by a machine. */
static void security_is_for_people(void **state)
{
    UNUSED(state);
    assert_int_equal(workspace_topic(workspace, STR("hacked-account"))->ceiling, AUTONOMY_OFF);
    assert_int_equal(workspace_topic(workspace, STR("unknown-purchase"))->ceiling, AUTONOMY_DRAFT);
}

/* The words of the article and the numbers of the back end are one fact. */
static void must_say(const char *article, const char *format, int number)
{
    char words[128];
    snprintf(words, sizeof words, format, number);
    const struct article *found = workspace_article(workspace, str_of(article), STR("en"));
    assert_non_null(found);
    if (str_find(found->markdown, str_of(words), 0) < 0) fail_msg("%s.md does not say \"%s\"", article, words);
}

static void the_articles_say_what_the_back_end_does(void **state)
{
    UNUSED(state);
    must_say("more-time-to-pay", "once by %d days", FIRM_EXTENSION_DAYS);
    must_say("returning-something", "pause it for %d days", FIRM_PAUSE_DAYS);
    must_say("reminders-and-late-fees", "late fee of €%d ", FIRM_LATE_FEE_MINOR / 100);
    must_say("reminders-and-late-fees", "open seven days after", FIRM_LATE_FEE_DAYS);
    must_say("refunds", "within five working days", FIRM_REFUND_WORKING_DAYS);
    must_say("invoices-and-receipts", "works for one hour", FIRM_LINK_SECONDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_enough_of_everything),
        cmocka_unit_test(every_topic_speaks_both_languages_and_names_a_source),
        cmocka_unit_test(security_is_for_people),
        cmocka_unit_test(the_articles_say_what_the_back_end_does),
    };
    return cmocka_run_group_tests(tests, read_it, free_it);
}
