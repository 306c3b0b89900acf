/* One question to a model's server: what it sends, what it takes, when it gives up. Tests do not ask how long
 * something took, but what came of it: the waiting ones fail only by never ending. */
#include "../../support/fake_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "assistant/model_call.h"

#define KEY "sk-very-secret-key-0123456789"

static struct fake_model *fake;
static struct arena arena;
static struct model_state *state;
static struct workspace_model model;
static struct model_question question;
static struct model_answer answer;
static atomic_bool cancelled;

static int set_up(void **context)
{
    UNUSED(context);
    fake = fake_model_start();
    state = model_state_new();
    atomic_store(&cancelled, false);
    model = (struct workspace_model){ .base_url = str_of(fake_model_url(fake)), .name = STR("small"), .key = STR(KEY), .deadline_ms = 5000,
                                      .max_output_tokens = 100, .budget_day = 100000, .temperature = 200, .uses = 15 };
    question = (struct model_question){ .model = &model, .state = state, .messages = { { "system", STR("be brief") }, { "user", STR("hello \"you\"") } },
                                        .message_count = 2, .tokens_left = 100000, .cancelled = &cancelled };
    return 0;
}

static int tear_down(void **context)
{
    UNUSED(context);
    completion_free(&answer.completion);
    model_state_free(state);
    fake_model_end(fake);
    arena_free(&arena);
    return 0;
}

static void ask(void)
{
    completion_free(&answer.completion);
    if (!question.deadline_at_ms || model_clock_ms() > question.deadline_at_ms - 1000)
        question.deadline_at_ms = model_clock_ms() + model.deadline_ms;
    model_call(&question, &arena, &answer);
    question.deadline_at_ms = 0;
    assert_null(strstr(answer.err.text, "sk-very"));
}

static void play(struct fake_scene scene)
{
    fake_model_play(fake, &scene, 1);
}

#define PLAYS(...) play((struct fake_scene){ __VA_ARGS__ })
#define ends_as(expected) assert_string_equal(model_outcome_names[answer.outcome], expected)
#define says(expected) assert_string_equal(arena_cstr(&arena, completion_text(&answer.completion, &arena)), expected)
#define error_has(part) assert_non_null(strstr(answer.err.text, part))

static void a_stream_is_read_and_its_tokens_are_counted(void **context)
{
    UNUSED(context);
    PLAYS(.body = fake_says(&arena, "Hej, så här är det: 5 €."), .piece = 7);
    ask();
    ends_as("done");
    says("Hej, så här är det: 5 €.");
    assert_int_equal(answer.tokens, 120);
    assert_int_equal(model_state_today(state), 120);
}

static void the_request_is_as_the_protocol_wants_it(void **context)
{
    UNUSED(context);
    struct model_tool tool = { STR("pay"), STR("pays"), STR("{\"type\":\"object\"}") };
    question.tools = &tool;
    question.tool_count = 1;
    question.schema = STR("{\"type\":\"object\"}");
    PLAYS(.body = fake_says(&arena, "x"));
    ask();
    struct str request = fake_model_request(fake, 0, &arena);
    static const char *const parts[] = { "POST /v1/chat/completions HTTP/1.1\r\n", "Authorization: Bearer " KEY "\r\n", "Content-Type: application/json\r\n",
        "{\"model\":\"small\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"hello \\\"you\\\"\"}]",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"pay\",\"description\":\"pays\",\"parameters\":{\"type\":\"object\"}}}]", "\"tool_choice\":\"auto\"",
        "\"response_format\":{\"type\":\"json_schema\"", "\"max_tokens\":100", "\"temperature\":0.200", "\"stream\":true", "\"include_usage\":true" };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        assert_true(str_find(request, str_of(parts[i]), 0) >= 0);
    assert_true(str_find(request, STR("Expect"), 0) < 0);
}

static void a_server_that_answers_whole_is_understood(void **context)
{
    UNUSED(context);
    PLAYS(.body = fake_whole(&arena, "Yes."));
    ask();
    ends_as("done");
    says("Yes.");
}

static void a_stream_without_done_or_reason_counts_when_it_ends(void **context)
{
    UNUSED(context);
    PLAYS(.body = "data: {\"choices\":[{\"delta\":{\"content\":\"Yes.\"}}]}\n\n");
    ask();
    ends_as("done");
    says("Yes.");
    assert_true(answer.tokens > 0); /* estimated */
}

static void a_server_that_hangs_after_the_last_word_is_not_waited_for(void **context)
{
    UNUSED(context);
    model.deadline_ms = 60000;
    PLAYS(.body = "data: {\"choices\":[{\"delta\":{\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}\n\n", .ending = FAKE_HANGS);
    int64_t began = model_clock_ms();
    ask();
    ends_as("done");
    says("Yes.");
    assert_true(model_clock_ms() - began < 50000);
}

static void errors_are_errors_with_whatever_status(void **context)
{
    UNUSED(context);
    PLAYS(.body = "{\"error\":{\"message\":\"no model small, key " KEY "\"}}");
    ask();
    ends_as("failed");
    error_has("no model small, key [key]");
    PLAYS(.body = "data: {\"choices\":[{\"delta\":{\"content\":\"Ye\"}}]}\n\ndata: {\"error\":{\"message\":\"overloaded\"}}\n\n");
    ask();
    ends_as("failed");
    error_has("overloaded");
    PLAYS(.status = 404, .body = "{\"error\":{\"message\":\"model not found\"}}");
    ask();
    ends_as("refused_by_server");
    error_has("404: model not found");
    PLAYS(.body = "<html>hello</html>");
    ask();
    ends_as("failed");
}

static void a_wrong_key_is_said_without_it(void **context)
{
    UNUSED(context);
    PLAYS(.status = 401, .body = "{\"error\":{\"message\":\"Incorrect API key provided: " KEY "\"}}");
    ask();
    ends_as("refused_by_server");
    error_has("does not take the key (401)");
    assert_int_equal(fake_model_asked(fake), 1);
}

static void what_may_pass_is_tried_again(void **context)
{
    UNUSED(context);
    struct fake_scene scenes[] = { { .status = 503, .body = "{}" }, { .status = 429, .headers = "Retry-After: 1\r\n", .body = "{}" },
                                   { .ending = FAKE_BREAKS }, { .body = fake_says(&arena, "Now.") } };
    model.deadline_ms = 30000;
    fake_model_play(fake, scenes, ARRAY_LEN(scenes));
    ask();
    ends_as("done");
    says("Now.");
    assert_int_equal(answer.tries, 4);
}

/* A server that asks for more time than there is gets no second question. */
static void retry_after_beyond_the_deadline_ends_it(void **context)
{
    UNUSED(context);
    PLAYS(.status = 429, .headers = "Retry-After: 600\r\n", .body = "{\"error\":{\"message\":\"slow down\"}}");
    ask();
    ends_as("down");
    error_has("429: slow down");
    assert_int_equal(fake_model_asked(fake), 1);
}

static void what_will_not_pass_is_not_tried_again(void **context)
{
    UNUSED(context);
    PLAYS(.status = 400, .body = "{\"error\":{\"message\":\"bad\"}}");
    ask();
    ends_as("refused_by_server");
    assert_int_equal(fake_model_asked(fake), 1);
    PLAYS(.status = 404, .body = "404 page not found");
    ask();
    ends_as("refused_by_server");
    error_has("mostly ends in /v1");
}

static void parameters_that_a_server_does_not_know_are_left_out_from_then_on(void **context)
{
    UNUSED(context);
    struct fake_scene scenes[] = {
        { .status = 400, .body = "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.\"}}" },
        { .status = 422, .body = "{\"detail\":\"extra fields not permitted: stream_options\"}" },
        { .body = fake_says(&arena, "Now.") } };
    fake_model_play(fake, scenes, ARRAY_LEN(scenes));
    ask();
    ends_as("done");
    struct str last = fake_model_request(fake, 2, &arena);
    assert_true(str_find(last, STR("\"max_completion_tokens\":100"), 0) >= 0);
    assert_true(str_find(last, STR("stream_options"), 0) < 0);
    PLAYS(.body = fake_says(&arena, "Again."));
    ask();
    ends_as("done");
    assert_int_equal(fake_model_asked(fake), 1);
    assert_true(str_find(fake_model_request(fake, 0, &arena), STR("\"max_tokens\""), 0) < 0);
}

static void no_redirect_is_followed(void **context)
{
    UNUSED(context);
    struct fake_model *other = fake_model_start();
    struct fake_scene scene = { .body = fake_says(&arena, "elsewhere") };
    fake_model_play(other, &scene, 1);
    PLAYS(.status = 307, .headers = arena_cstr(&arena, arena_format(&arena, "Location: %s/chat/completions\r\n", fake_model_url(other))), .body = "{}");
    ask();
    ends_as("refused_by_server");
    error_has("no redirect");
    assert_int_equal(fake_model_asked(other), 0);
    fake_model_end(other);
}

static void a_server_that_hangs_is_left_at_the_deadline(void **context)
{
    UNUSED(context);
    model.deadline_ms = 600;
    PLAYS(.ending = FAKE_HANGS);
    ask();
    ends_as("late");
    PLAYS(.body = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", .ending = FAKE_HANGS);
    ask();
    ends_as("late");
}

static void a_stream_without_end_is_cut(void **context)
{
    UNUSED(context);
    PLAYS(.body = "data: x\n\n", .ending = FAKE_GOES_ON, .again = "data: {\"choices\":[{\"delta\":{\"content\":\"and so on and so on and so on \"}}]}\n\n");
    ask();
    ends_as("too_long");
    /* Drip by drip, for ever: the deadline ends it. */
    model.deadline_ms = 700;
    PLAYS(.body = "data: x\n\n", .ending = FAKE_GOES_ON, .again = ": still there\n\n", .between_ms = 20);
    ask();
    ends_as("late");
}

static void a_hundred_megabytes_are_not_taken(void **context)
{
    UNUSED(context);
    static char block[65537];
    memset(block, 'x', sizeof block - 1);
    model.deadline_ms = 20000;
    PLAYS(.body = "{\"choices\":[{\"message\":{\"content\":\"", .ending = FAKE_GOES_ON, .again = block, .again_times = 1600);
    ask();
    ends_as("too_long");
    PLAYS(.body = "data: ", .ending = FAKE_GOES_ON, .again = block, .again_times = 1600);
    ask();
    ends_as("too_long");
}

static void *cancel_soon(void *context)
{
    UNUSED(context);
    while (!fake_model_asked(fake)) {
        struct timespec time = { 0, 5000000 };
        nanosleep(&time, NULL);
    }
    atomic_store(&cancelled, true);
    return NULL;
}

static void a_conversation_that_moves_on_ends_the_call(void **context)
{
    UNUSED(context);
    pthread_t thread;
    model.deadline_ms = 60000;
    PLAYS(.ending = FAKE_HANGS);
    int64_t began = model_clock_ms();
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
    ask();
    pthread_join(thread, NULL);
    ends_as("cancelled");
    assert_true(model_clock_ms() - began < 50000);
    ask();
    ends_as("cancelled");
    assert_int_equal(fake_model_asked(fake), 1);
}

static void budgets_end_before_the_question_is_sent(void **context)
{
    UNUSED(context);
    PLAYS(.body = fake_says(&arena, "x"));
    question.tokens_left = 50;
    ask();
    ends_as("budget_conversation");
    question.tokens_left = 100000;
    model.budget_day = 250;
    ask();
    ends_as("done");
    ask(); /* 120 are used, and this one may need 180 more */
    ends_as("budget_day");
    assert_int_equal(fake_model_asked(fake), 1);
    assert_int_equal(model_state_today(state), 120);
}

/* Five failures in a row: a while of peace, so that customers do not wait for each. */
static void a_server_that_is_down_is_left_in_peace(void **context)
{
    UNUSED(context);
    PLAYS(.status = 500, .body = "{}");
    model.deadline_ms = 1500;
    for (int i = 0; i < 5; i++)
        ask();
    ends_as("down");
    error_has("left in peace");
    size_t asked = fake_model_asked(fake);
    ask();
    assert_int_equal(fake_model_asked(fake), asked);
}

static void a_connection_is_used_again(void **context)
{
    UNUSED(context);
    PLAYS(.body = fake_says(&arena, "x"), .keeps = true);
    for (int i = 0; i < 4; i++) {
        ask();
        ends_as("done");
    }
    assert_int_equal(fake_model_connections(fake), 1);
}

static void nobody_listens(void **context)
{
    UNUSED(context);
    model.base_url = STR("http://127.0.0.1:9/v1");
    model.deadline_ms = 800;
    ask();
    ends_as("down");
    error_has("cannot be reached");
    assert_int_equal(answer.tokens, 0);
}

/* What a call took before midnight is of a day that is over: others have taken their own since. */
static void at_midnight_nothing_is_given_back_to_the_new_day(void **unused)
{
    struct model_state *days = model_state_new();
    struct model_taken first, other;
    UNUSED(unused);
    assert_true(model_state_take(days, 1000, 400, &first));
    model_state_give_back(days, &first, 150);
    assert_int_equal(model_state_today(days), 150);
    assert_true(model_state_take(days, 1000, 500, &other));
    first.day--; /* as if it had begun yesterday */
    model_state_give_back(days, &first, 100);
    assert_int_equal(model_state_today(days), 750);
    model_state_give_back(days, &other, 500);
    assert_int_equal(model_state_today(days), 750);
    model_state_free(days);
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(a_stream_is_read_and_its_tokens_are_counted),
        STORY(the_request_is_as_the_protocol_wants_it),
        STORY(a_server_that_answers_whole_is_understood),
        STORY(a_stream_without_done_or_reason_counts_when_it_ends),
        STORY(a_server_that_hangs_after_the_last_word_is_not_waited_for),
        STORY(errors_are_errors_with_whatever_status),
        STORY(a_wrong_key_is_said_without_it),
        STORY(what_may_pass_is_tried_again),
        STORY(retry_after_beyond_the_deadline_ends_it),
        STORY(what_will_not_pass_is_not_tried_again),
        STORY(parameters_that_a_server_does_not_know_are_left_out_from_then_on),
        STORY(no_redirect_is_followed),
        STORY(a_server_that_hangs_is_left_at_the_deadline),
        STORY(a_stream_without_end_is_cut),
        STORY(a_hundred_megabytes_are_not_taken),
        STORY(a_conversation_that_moves_on_ends_the_call),
        STORY(budgets_end_before_the_question_is_sent),
        STORY(a_server_that_is_down_is_left_in_peace),
        STORY(a_connection_is_used_again),
        STORY(nobody_listens),
        STORY(at_midnight_nothing_is_given_back_to_the_new_day),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
