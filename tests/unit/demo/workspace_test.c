/* The demo workspace is whole: no mistake in any file, every topic has enough examples and every answer in
 * every language, and a source, and what the topics promise is what the firm's back end does. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "demo/firm.h"
#include "workspace/steps.h"

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
    assert_true(workspace->article_files >= 40);
    assert_true(workspace->action_count >= 18);
    assert_true(workspace->staff_count >= 4);
    assert_true(workspace->identity_secret.len >= 16);
    assert_true(workspace->action_token.len >= 16);
}

static bool in_all_languages(const struct text_by_language *texts, size_t count)
{
    size_t found = 0;
    for (size_t l = 0; l < workspace->language_count; l++)
        for (size_t i = 0; i < count; i++)
            found += str_equal(texts[i].language, workspace->languages[l]) && texts[i].text.len > 0;
    return found == workspace->language_count;
}

/* As many lines in each language as `least` says, the first language's first; the same number if `same`. */
static void lists_are_in_all_languages(const struct utterances *lists, size_t count, size_t first, size_t others, bool same)
{
    assert_int_equal(count, workspace->language_count);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(lists[i].language, workspace->languages[i]));
        assert_true(lists[i].count >= (i == 0 ? first : others));
        assert_true(!same || lists[i].count == lists[0].count);
    }
}

static bool has_case(const struct topic *topic, const struct topic_case *wanted, struct str language)
{
    for (size_t i = 0; i < topic->case_count; i++) {
        const struct topic_case *option = &topic->cases[i];
        if (str_equal(option->language, language) && str_equal(option->field, wanted->field) && str_equal(option->value, wanted->value))
            return true;
    }
    return false;
}

/* What is said in one situation in English is said in it in every language. */
static void every_case_is_in_all_languages(const struct topic *topic)
{
    for (size_t i = 0; i < topic->case_count; i++)
        for (size_t l = 0; l < workspace->language_count && str_equal(topic->cases[i].language, workspace->languages[0]); l++)
            if (!has_case(topic, &topic->cases[i], workspace->languages[l]))
                fail_msg("%.*s has no '%.*s=%.*s' in '%.*s'", STR_ARG(topic->name), STR_ARG(topic->cases[i].field),
                         STR_ARG(topic->cases[i].value), STR_ARG(workspace->languages[l]));
}

static void every_topic_speaks_all_languages_and_names_a_source(void **state)
{
    UNUSED(state);
    assert_int_equal(workspace->language_count, 4);
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        print_message("topic %.*s\n", STR_ARG(topic->name));
        lists_are_in_all_languages(topic->examples, topic->example_count, 15, 8, false);
        assert_true(in_all_languages(topic->titles, topic->title_count));
        assert_true(in_all_languages(topic->answers, topic->answer_count));
        every_case_is_in_all_languages(topic);
        if (topic->quick_reply_count)
            lists_are_in_all_languages(topic->quick_replies, topic->quick_reply_count, 1, 1, true);
        assert_true(topic->related_count >= 1);
        assert_true(topic->skill_count >= 1);
        for (size_t j = 0; j < topic->related_count; j++)
            assert_non_null(workspace_article(workspace, topic->related[j], STR("en")));
    }
}

/* A number in an answer stands in its translations too: nobody is told another price or another date. */
static void count_digits(struct str text, size_t digits[10])
{
    memset(digits, 0, 10 * sizeof *digits);
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            digits[text.data[i] - '0']++;
}

static void have_the_same_figures(struct str name, struct str language, struct str english, struct str other)
{
    size_t wanted[10], found[10];
    count_digits(english, wanted);
    count_digits(other, found);
    for (int d = 0; d < 10; d++)
        if (wanted[d] != found[d])
            fail_msg("%.*s in '%.*s' has %zu times the digit %d, not %zu times", STR_ARG(name), STR_ARG(language), found[d], d, wanted[d]);
}

static void every_language_gives_the_same_figures(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        for (size_t j = 1; j < topic->answer_count; j++)
            have_the_same_figures(topic->name, topic->answers[j].language, topic->answers[0].text, topic->answers[j].text);
    }
    for (size_t i = 0; i < workspace->article_count; i++) {
        const struct article *article = &workspace->articles[i];
        const struct article *english = workspace_article(workspace, article->name, STR("en"));
        have_the_same_figures(article->name, article->language, english->markdown, article->markdown);
    }
}

static size_t count_headings(struct str markdown)
{
    size_t found = 0;
    for (ptrdiff_t at = str_find(markdown, STR("## "), 0); at >= 0; at = str_find(markdown, STR("## "), (size_t)at + 3))
        found++;
    return found;
}

/* Nobody is sent to a page that is not in their language, or that leaves out what another language says. */
static void every_article_is_in_all_the_workspaces_languages(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < workspace->article_count; i++) {
        struct str name = workspace->articles[i].name;
        const struct article *english = workspace_article(workspace, name, STR("en"));
        for (size_t l = 0; l < workspace->language_count; l++) {
            struct str language = workspace->languages[l];
            const struct article *article = workspace_article(workspace, name, language);
            if (!article || !str_equal(article->language, language))
                fail_msg("%.*s is not in '%.*s'", STR_ARG(name), STR_ARG(language));
            if (count_headings(article->markdown) != count_headings(english->markdown))
                fail_msg("%.*s in '%.*s' has other sections than in English", STR_ARG(name), STR_ARG(language));
            if (article != english && (str_equal(article->title, english->title) || str_equal(article->markdown, english->markdown)))
                fail_msg("%.*s in '%.*s' is the English one", STR_ARG(name), STR_ARG(language));
        }
    }
}

static void questions_are_asked_in_all_languages(void **state)
{
    UNUSED(state);
    assert_true(in_all_languages(workspace->greetings, workspace->greeting_count));
    for (size_t i = 0; i < workspace->action_count; i++) {
        const struct action *action = &workspace->actions[i];
        assert_true(!action->changes || in_all_languages(action->confirmations, action->confirmation_count));
        for (size_t j = 0; j < action->parameter_count; j++)
            assert_true(!action->parameters[j].required ||
                        in_all_languages(action->parameters[j].questions, action->parameters[j].question_count));
    }
    for (size_t i = 0; i < workspace->canned_count; i++) {
        size_t versions = 0;
        for (size_t j = 0; j < workspace->canned_count; j++)
            versions += str_equal(workspace->canned[i].name, workspace->canned[j].name);
        assert_int_equal(versions, workspace->language_count);
    }
}

static void an_agent_speaks_each_language(void **state)
{
    UNUSED(state);
    for (size_t l = 0; l < workspace->language_count; l++) {
        bool spoken = false;
        for (size_t i = 0; i < workspace->staff_count; i++) {
            const struct staff *one = &workspace->staff[i];
            spoken |= str_equal(one->role, STR("agent")) && str_find(one->languages, workspace->languages[l], 0) >= 0;
        }
        assert_true(spoken);
    }
}

static const struct topic *topic_named(const char *name)
{
    const struct topic *topic = workspace_topic(workspace, str_of(name));
    if (!topic) fail_msg("there is no topic %s", name);
    return topic;
}

static bool has_words_for(const struct topic *topic, const char *field, struct str value)
{
    struct topic_case wanted = { .field = str_of(field), .value = value };
    return has_case(topic, &wanted, STR("en"));
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
        assert_true(has_words_for(topic, "general", STR_EMPTY));
        while (refused.len && str_split(&refused, ' ', &code))
            if (!has_words_for(topic, "refused", code)) fail_msg("%s: refused=%.*s", rows[i].topic, STR_ARG(code));
        while (status.len && str_split(&status, ' ', &code))
            if (!has_words_for(topic, "status", code)) fail_msg("%s: status=%.*s", rows[i].topic, STR_ARG(code));
    }
}

/* What changes something asks first, in every language of the workspace that its topic speaks. */
static void every_change_is_confirmed(void **state)
{
    size_t changes = 0;
    UNUSED(state);
    for (size_t i = 0; i < workspace->action_count; i++) {
        const struct action *action = &workspace->actions[i];
        assert_true(action->identity >= IDENTITY_SIGNED);
        assert_true(str_find(action->url, STR("/customers/{customer}"), 0) == 0);
        changes += action->changes;
        assert_int_equal(action->changes, action->confirmation_count > 0);
    }
    assert_true(changes >= 10);
}

static bool ends_with_a_person(const struct topic *topic)
{
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct step *step = &topic->steps[i];
        if (step->kind == STEP_END || step->next == STEP_TO_END || step->other == STEP_TO_END || step->refused == STEP_TO_END)
            return false;
    }
    return topic->step_count > 0;
}

/* People only, or a machine that blocks the card and pauses the purchase, and then always a person. */
static void security_is_for_people(void **state)
{
    UNUSED(state);
    assert_int_equal(workspace_topic(workspace, STR("hacked-account"))->ceiling, AUTONOMY_OFF);
    assert_int_equal(workspace_topic(workspace, STR("unknown-purchase"))->strangers, STRANGERS_PERSON);
    assert_true(ends_with_a_person(workspace_topic(workspace, STR("unknown-purchase"))));
    assert_false(ends_with_a_person(workspace_topic(workspace, STR("extend-due-date"))));
    assert_int_equal(workspace_topic(workspace, STR("deceased"))->ceiling, AUTONOMY_DRAFT); /* a person sends it, or not */
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
    const struct article *found = workspace_article(workspace, str_of(article), STR("en"));
    assert_non_null(found);
    if (str_find(found->markdown, str_of(words), 0) < 0) fail_msg("%s.md does not say \"%s\"", article, words);
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
        cmocka_unit_test(every_topic_speaks_all_languages_and_names_a_source),
        cmocka_unit_test(every_language_gives_the_same_figures),
        cmocka_unit_test(every_article_is_in_all_the_workspaces_languages),
        cmocka_unit_test(questions_are_asked_in_all_languages),
        cmocka_unit_test(an_agent_speaks_each_language),
        cmocka_unit_test(every_refusal_is_answered_in_words),
        cmocka_unit_test(every_change_is_confirmed),
        cmocka_unit_test(security_is_for_people),
        cmocka_unit_test(the_articles_say_what_the_back_end_does),
    };
    return cmocka_run_group_tests(tests, read_it, free_it);
}
