/* Questions that nobody trained on: most get their topic. Prints every miss, and the figure. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"

#define WANTED_PER_CENT 80 /* of what nobody wrote down as an example */
#define FIRST_PER_CENT 76  /* with what is learned at once */

static struct action_result no_action(void *context, struct arena *arena, const struct action *action,
                                      struct str parameters_json, struct str idempotency_key)
{
    UNUSED(context);
    UNUSED(arena);
    UNUSED(action);
    UNUSED(parameters_json);
    UNUSED(idempotency_key);
    return (struct action_result){ .outcome = STR("done"), .json = STR("{\"status\":\"none\"}") };
}

/* The paraphrase must not be an example, or the figure means nothing. */
static bool is_example(const struct workspace *workspace, struct str text)
{
    for (size_t i = 0; i < workspace->topic_count; i++)
        for (size_t j = 0; j < workspace->topics[i].example_count; j++)
            for (size_t k = 0; k < workspace->topics[i].examples[j].count; k++)
                if (str_equal_nocase(workspace->topics[i].examples[j].items[k], text)) return true;
    return false;
}

static void ask(const struct assistant *assistant, struct str text, struct str language, struct arena *arena,
                struct reply *reply)
{
    struct question question = {
        .text = text, .language = language, .failed_turns_max = 2, .customer_id = STR("C-1001"),
        .customer_name = STR("Maja Lindqvist"), .verified = true, .key = STR("t1"), .act = no_action,
    };
    *reply = (struct reply){ 0 };
    assistant_decide(assistant, &question, arena, reply);
}

static bool gets_topic(const struct assistant *assistant, struct str text, struct str topic, bool loud)
{
    struct arena arena = { 0 };
    struct reply reply;
    ask(assistant, text, STR("en"), &arena, &reply);
    bool right = str_equal(reply.topic, topic);
    if (!right && loud)
        print_message("missed: \"%.*s\" is %.*s, got %.*s (%d, %s)\n", STR_ARG(text), STR_ARG(topic),
                      STR_ARG(reply.topic), reply.confidence, decision_names[reply.decision]);
    arena_free(&arena);
    return right;
}

static struct workspace *workspace;
static struct assistant *assistant;

static int learn(void **state)
{
    struct err err = { "" };
    struct problems problems = { 0 };
    UNUSED(state);
    workspace = workspace_read("demo", &problems);
    problems_free(&problems);
    assistant = workspace ? assistant_new(&err, workspace) : NULL;
    if (!assistant) print_error("%s\n", err.text);
    return assistant ? 0 : -1;
}

static int forget(void **state)
{
    UNUSED(state);
    assistant_free(assistant);
    workspace_free(workspace);
    return 0;
}

static void ask_all(const struct assistant *asked_one, int wanted_per_cent, bool loud)
{
    struct arena arena = { 0 };
    struct str rest = file_read(&arena, "tests/unit/demo/paraphrases.tsv"), line, topic;
    int asked = 0, right = 0;
    while (str_split(&rest, '\n', &line)) {
        if (!line.len || line.data[0] == '#') continue;
        struct str text = line;
        assert_true(str_split(&text, '\t', &topic) && text.len);
        assert_non_null(workspace_topic(workspace, topic));
        assert_false(is_example(workspace, text));
        asked++;
        right += gets_topic(asked_one, text, topic, loud);
    }
    int tenths = asked ? 1000 * right / asked : 0;
    print_message("paraphrases: %d of %d get their topic, %d.%d %%\n", right, asked, tenths / 10, tenths % 10);
    assert_true(asked >= 6 * (int)workspace->topic_count);
    assert_true(100 * right >= wanted_per_cent * asked);
    arena_free(&arena);
}

static void unseen_questions_get_their_topic(void **state)
{
    UNUSED(state);
    ask_all(assistant, WANTED_PER_CENT, true);
}

/* A server answers with this one until it has learned the rest. */
static void nearly_as_many_do_with_what_is_learned_at_once(void **state)
{
    struct err err = { "" };
    bool stop = true;
    struct assistant *first = assistant_learn(&err, &(struct assistant_lesson){ .workspace = workspace, .at_once = true });
    UNUSED(state);
    assert_non_null(first);
    assert_true(assistant_is_first(first) && !assistant_is_first(assistant));
    ask_all(first, FIRST_PER_CENT, false);
    assistant_free(first);
    assert_null(assistant_learn(&err, &(struct assistant_lesson){ .workspace = workspace, .stop = &stop }));
    assert_string_equal(err.text, ""); /* it was told to stop: that is no mistake */
}

static bool understands(const struct utterances *replies, size_t place)
{
    struct arena arena = { 0 };
    struct reply reply;
    ask(assistant, replies->items[place], replies->language, &arena, &reply);
    bool person = str_equal(reply.reason, STR("words"));
    bool understood = !reply.failed && (reply.topic.len || person);
    if (!understood) print_error("\"%.*s\" is not understood (%d)\n", STR_ARG(replies->items[place]), reply.confidence);
    arena_free(&arena);
    return understood;
}

/* What we offer to tap must not be answered with a question what it means. */
static void every_choice_that_is_offered_is_understood(void **state)
{
    int missed = 0;
    UNUSED(state);
    for (size_t i = 0; i < workspace->topic_count; i++)
        for (size_t j = 0; j < workspace->topics[i].quick_reply_count; j++)
            for (size_t k = 0; k < workspace->topics[i].quick_replies[j].count; k++)
                missed += !understands(&workspace->topics[i].quick_replies[j], k);
    assert_int_equal(missed, 0);
}

/* The demo has topics about agents and about who answers when: a wish for a person is about neither. */
static void a_bare_wish_for_a_person_is_about_no_topic(void **state)
{
    static const struct { const char *text, *topic; } rows[] = {
        { "agent please", "" }, { "speak to a human please", "" }, { "human", "" }, { "human, my card is blocked", "unblock-card" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena arena = { 0 };
        struct reply reply;
        ask(assistant, str_of(rows[i].text), STR("en"), &arena, &reply);
        assert_int_equal(reply.decision, DECISION_HAND_OVER);
        assert_true(str_equal(reply.topic, str_of(rows[i].topic)));
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unseen_questions_get_their_topic),
        cmocka_unit_test(nearly_as_many_do_with_what_is_learned_at_once),
        cmocka_unit_test(a_bare_wish_for_a_person_is_about_no_topic),
        cmocka_unit_test(every_choice_that_is_offered_is_understood),
    };
    return cmocka_run_group_tests(tests, learn, forget);
}
