/* The demo workspace is whole: no mistake in any file, every topic has enough examples, an answer in
 * each of its languages and a source, and what the topics promise is what the firm's back end does. */
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
    assert_true(workspace->topic_count >= 50);
    assert_true(workspace->article_count >= 40);
    assert_true(workspace->action_count >= 18);
    assert_true(workspace->staff_count >= 4);
    assert_true(workspace->identity_secret.len >= 16);
    assert_true(workspace->action_token.len >= 16);
}

static const struct topic *topic_named(const char *name)
{
    const struct topic *topic = workspace_topic(workspace, str_of(name));
    if (!topic) fail_msg("there is no topic %s", name);
    return topic;
}

static void every_topic_speaks_its_languages_and_names_a_source(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        print_message("topic %.*s\n", STR_ARG(topic->name));
        assert_true(topic->example_count >= 2);
        for (size_t j = 0; j < topic->example_count; j++) {
            bool english = str_equal(topic->examples[j].language, STR("en"));
            assert_true(topic->examples[j].count >= (english ? 15u : 5u));
        }
        assert_int_equal(topic->title_count, topic->example_count);
        assert_int_equal(topic->answer_count, topic->example_count);
        assert_true(topic->related_count >= 1);
        assert_true(topic->skill_count >= 1);
        for (size_t j = 0; j < topic->related_count; j++)
            assert_non_null(workspace_article(workspace, topic->related[j]));
    }
}

static bool has_case(const struct topic *topic, struct str language, struct str field, struct str value)
{
    for (size_t i = 0; i < topic->case_count; i++)
        if (str_equal(topic->cases[i].language, language) && str_equal(topic->cases[i].field, field) &&
            str_equal(topic->cases[i].value, value))
            return true;
    return false;
}

/* What is said in one language is said in all of them, to the last case. */
static void a_topic_in_four_languages_says_the_same_in_each(void **state)
{
    UNUSED(state);
    size_t in_four = 0;
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        if (topic->title_count < 4) continue;
        in_four++;
        for (size_t j = 0; j < topic->example_count; j++) {
            bool english = str_equal(topic->examples[j].language, STR("en"));
            if (topic->examples[j].count < (english ? 18u : 6u)) fail_msg("few examples: %.*s", STR_ARG(topic->name));
        }
        assert_true(topic->quick_reply_count == 0 || topic->quick_reply_count == 4);
        for (size_t j = 0; j < topic->case_count; j++)
            for (size_t k = 0; k < topic->answer_count; k++)
                if (!has_case(topic, topic->answers[k].language, topic->cases[j].field, topic->cases[j].value))
                    fail_msg("%.*s has no '%.*s=%.*s' in %.*s", STR_ARG(topic->name), STR_ARG(topic->cases[j].field),
                             STR_ARG(topic->cases[j].value), STR_ARG(topic->answers[k].language));
    }
    assert_true(in_four >= 25);
}

/* Each code that the back end refuses with has its own words, and each status that it comes to. */
static void every_refusal_is_answered_in_words(void **state)
{
    static const struct {
        const char *topic, *refused, *status;
    } rows[] = {
        { "autopay-off", "already_off", "off_from_tomorrow" },
        { "autopay-on", "already_on card_expired", "" },
        { "block-card", "already_blocked no_card", "" },
        { "change-address", "same_address bad_address changed_today", "" },
        { "data-export", "under_way too_many", "" },
        { "double-charge", "", "paid_back none" },
        { "extend-due-date", "already_extended overdue paused held nothing_to_pay", "" },
        { "gift-card-balance", "not_found too_many", "unused empty expired" },
        { "late-delivery", "not_found", "on_its_way preparing delivered cancelled none" },
        { "limit-left", "", "full late plan" },
        { "login-code", "too_many", "" },
        { "lost-parcel", "not_found not_late just_delivered not_sent already_reported returned cancelled long_ago",
          "paused noted" },
        { "marketing-opt-out", "already_off", "" },
        { "payment-due-date", "", "autopay late paused held none" },
        { "payment-history", "", "none" },
        { "payment-plan", "already_requested nothing_to_pay too_small", "" },
        { "unblock-card", "not_blocked overdue blocked_for_safety no_card", "" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct topic *topic = topic_named(rows[i].topic);
        struct str refused = str_of(rows[i].refused), status = str_of(rows[i].status), code;
        assert_true(has_case(topic, STR("en"), STR("general"), STR_EMPTY));
        while (refused.len && str_split(&refused, ' ', &code))
            if (!has_case(topic, STR("en"), STR("refused"), code)) fail_msg("%s: refused=%.*s", rows[i].topic, STR_ARG(code));
        while (status.len && str_split(&status, ' ', &code))
            if (!has_case(topic, STR("en"), STR("status"), code)) fail_msg("%s: status=%.*s", rows[i].topic, STR_ARG(code));
    }
}

/* What changes something asks first, in every language of the workspace that its topic speaks. */
static void every_change_is_confirmed(void **state)
{
    size_t changes = 0;
    UNUSED(state);
    for (size_t i = 0; i < workspace->action_count; i++) {
        const struct action *action = &workspace->actions[i];
        assert_int_equal(action->identity, IDENTITY_SIGNED);
        assert_true(str_find(action->url, STR("/customers/{customer}"), 0) == 0);
        changes += action->changes;
        assert_int_equal(action->changes, action->confirmation_count > 0);
    }
    assert_true(changes >= 10);
}

/* People only: nothing here may be tried by a machine. */
static void security_is_for_people(void **state)
{
    UNUSED(state);
    assert_int_equal(workspace_topic(workspace, STR("hacked-account"))->ceiling, AUTONOMY_OFF);
    assert_int_equal(workspace_topic(workspace, STR("unknown-purchase"))->ceiling, AUTONOMY_DRAFT);
    assert_int_equal(workspace_topic(workspace, STR("deceased"))->ceiling, AUTONOMY_OFF);
}

static const char *word_for(int number)
{
    static const char *const words[] = { "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten" };
    assert_true(number >= 0 && number < (int)ARRAY_LEN(words));
    return words[number];
}

/* As must_say below, with the number written out. */
static void must_say_in_words(const char *article, const char *format, int number)
{
    char words[128];
    snprintf(words, sizeof words, format, word_for(number));
    const struct article *found = workspace_article(workspace, str_of(article));
    assert_non_null(found);
    if (str_find(found->markdown, str_of(words), 0) < 0) fail_msg("%s.md does not say \"%s\"", article, words);
}

/* The words of the article and the numbers of the back end are one fact. */
static void must_say(const char *article, const char *format, int number)
{
    char words[128];
    snprintf(words, sizeof words, format, number);
    const struct article *found = workspace_article(workspace, str_of(article));
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
    must_say_in_words("when-a-parcel-is-late-or-lost", "by more than %s working days", FIRM_LOST_WORKING_DAYS);
    must_say_in_words("when-a-parcel-is-late-or-lost", "still missing after %s days", FIRM_DELIVERED_DAYS);
    must_say_in_words("when-a-parcel-is-late-or-lost", "has %s working days to answer", FIRM_SHOP_WORKING_DAYS);
    must_say("when-a-parcel-is-late-or-lost", "pause the payment for %d days", FIRM_LOST_PAUSE_DAYS);
    must_say("when-a-parcel-is-late-or-lost", "within %d days of the delivery", FIRM_DELIVERED_MAX_DAYS);
    must_say_in_words("payment-plans", "answers within %s working days", FIRM_PLAN_WORKING_DAYS);
    must_say("payment-plans", "for %d days while we decide", FIRM_PLAN_PAUSE_DAYS);
    must_say("payment-plans", "at least €%d", FIRM_PLAN_LEAST_MINOR / 100);
    must_say_in_words("your-data", "ready within %s days", FIRM_EXPORT_DAYS);
    must_say_in_words("logging-in", "%s times a day at most", FIRM_CODES_MAX);
    must_say_in_words("logging-in", "valid for %s minutes", FIRM_CODE_MINUTES);
    must_say_in_words("gift-cards", "After %s codes that do not exist", FIRM_GIFT_CARD_MISSES_MAX);
    must_say("the-whimbrel-card", "from €%d to", FIRM_PURCHASE_LEAST_MINOR / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_enough_of_everything),
        cmocka_unit_test(every_topic_speaks_its_languages_and_names_a_source),
        cmocka_unit_test(a_topic_in_four_languages_says_the_same_in_each),
        cmocka_unit_test(every_refusal_is_answered_in_words),
        cmocka_unit_test(every_change_is_confirmed),
        cmocka_unit_test(security_is_for_people),
        cmocka_unit_test(the_articles_say_what_the_back_end_does),
    };
    return cmocka_run_group_tests(tests, read_it, free_it);
}
