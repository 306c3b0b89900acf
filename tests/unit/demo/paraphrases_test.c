/* Questions that nobody trained on: at least 85 of 100 get their topic. Prints every miss, and the figure. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"

#define WANTED_PER_CENT 85

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

static bool gets_topic(const struct assistant *assistant, struct str text, struct str topic)
{
    struct arena arena = { 0 };
    struct reply reply = { 0 };
    struct question question = {
        .text = text, .language = STR("en"), .failed_turns_max = 2, .customer_id = STR("C-1001"),
        .customer_name = STR("Maja Lindqvist"), .verified = true, .key = STR("t1"), .act = no_action,
    };
    assistant_decide(assistant, &question, &arena, &reply);
    bool right = str_equal(reply.topic, topic);
    if (!right)
        print_message("missed: \"%.*s\" is %.*s, got %.*s (%d, %s)\n", STR_ARG(text), STR_ARG(topic),
                      STR_ARG(reply.topic), reply.confidence, decision_names[reply.decision]);
    arena_free(&arena);
    return right;
}

static void unseen_questions_get_their_topic(void **state)
{
    struct err err = { "" };
    struct problems problems = { 0 };
    struct arena arena = { 0 };
    UNUSED(state);
    struct workspace *workspace = workspace_read("demo", &problems);
    assert_non_null(workspace);
    struct assistant *assistant = assistant_new(&err, workspace);
    if (!assistant) fail_msg("%s", err.text);
    struct str rest = file_read(&arena, "tests/unit/demo/paraphrases.tsv"), line, topic;
    int asked = 0, right = 0;
    while (str_split(&rest, '\n', &line)) {
        if (!line.len || line.data[0] == '#') continue;
        struct str text = line;
        assert_true(str_split(&text, '\t', &topic) && text.len);
        assert_non_null(workspace_topic(workspace, topic));
        assert_false(is_example(workspace, text));
        asked++;
        right += gets_topic(assistant, text, topic);
    }
    int tenths = asked ? 1000 * right / asked : 0;
    print_message("paraphrases: %d of %d get their topic, %d.%d %%\n", right, asked, tenths / 10, tenths % 10);
    assert_true(asked >= 6 * (int)workspace->topic_count);
    assert_true(100 * right >= WANTED_PER_CENT * asked);
    arena_free(&arena);
    assistant_free(assistant);
    problems_free(&problems);
    workspace_free(workspace);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(unseen_questions_get_their_topic) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
