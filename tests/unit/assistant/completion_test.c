/* An answer is the same however a compatible server sends it: a quirk a test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "assistant/completion.h"

static struct completion completion;
static struct arena arena;

static int set_up(void **state)
{
    UNUSED(state);
    completion_init(&completion);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    completion_free(&completion);
    arena_free(&arena);
    return 0;
}

static bool add(const char *data)
{
    return completion_add(&completion, str_of(data));
}

#define says(expected) assert_string_equal(arena_cstr(&arena, completion_text(&completion, &arena)), expected)

/* Every call as name(arguments). */
static const char *calls(void)
{
    struct str all = STR_EMPTY;
    for (size_t i = 0; i < completion.call_count; i++)
        all = arena_format(&arena, "%.*s%s%s(%.*s)%s", STR_ARG(all), i ? " " : "", completion.calls[i].name,
                           STR_ARG(buf_str(&completion.calls[i].arguments)), completion.calls[i].bad ? "!" : "");
    return arena_cstr(&arena, all);
}

#define has_calls(expected) assert_string_equal(calls(), expected)

/* A chunk whose delta has these calls. */
static bool add_calls(const char *pieces)
{
    return add(arena_cstr(&arena, arena_format(&arena, "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":%s}}]}", pieces)));
}

static void text_comes_in_pieces(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}"));
    assert_true(add("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hej \"}}]}"));
    assert_true(add("{\"choices\":[{\"index\":0,\"delta\":{\"content\":null}}]}"));
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"då\"},\"finish_reason\":\"stop\"}]}"));
    assert_true(add("{\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}"));
    assert_false(add("[DONE]"));
    says("Hej då");
    assert_true(completion.done && completion.has_usage && !completion.failed);
    assert_int_equal(completion.finish, COMPLETION_STOPPED);
    assert_int_equal(completion.prompt_tokens, 11);
    assert_int_equal(completion.answer_tokens, 7);
}

static void usage_may_stand_in_the_last_piece_or_in_all(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}"));
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}"));
    assert_true(add("{\"choices\":[],\"usage\":null}"));
    assert_int_equal(completion.answer_tokens, 2);
}

static void what_is_no_json_is_passed_over(void **state)
{
    UNUSED(state);
    assert_true(add(": OPENROUTER PROCESSING"));
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"));
    assert_true(add("null"));
    assert_true(add("[1,2]"));
    assert_true(add("{broken"));
    assert_true(add("{\"choices\":null}"));
    assert_true(add("{\"choices\":[null,7,{\"delta\":null},{}]}"));
    says("a");
    assert_int_equal(completion.skipped, 4);
}

static void arguments_come_split_whole_as_an_object_empty_or_not_at_all(void **state)
{
    UNUSED(state);
    assert_true(add_calls("[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"one\",\"arguments\":\"\"}}]"));
    assert_true(add_calls("[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":\"}}]"));
    assert_true(add_calls("[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]"));
    assert_true(add_calls("[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":{\"y\":2}}}]"));
    assert_true(add_calls("[{\"index\":2,\"id\":\"c\",\"function\":{\"name\":\"three\",\"arguments\":null}}]"));
    assert_true(add_calls("[{\"index\":3,\"id\":\"d\",\"function\":{\"name\":\"four\"}}]"));
    has_calls("one({\"x\":1}) two({\"y\":2}) three() four()");
}

static void arguments_that_are_repeated_whole_are_taken_once(void **state)
{
    UNUSED(state);
    assert_true(add_calls("[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{\\\"x\\\":1}\"}}]"));
    assert_true(add_calls("[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{\\\"x\\\":1}\"}}]"));
    has_calls("one({\"x\":1})");
}

static void without_an_index_the_id_tells_calls_apart(void **state)
{
    UNUSED(state);
    assert_true(add_calls("[{\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{\"}}]"));
    assert_true(add_calls("[{\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":\"{\"}}]"));
    assert_true(add_calls("[{\"id\":\"a\",\"function\":{\"arguments\":\"}\"}}]"));
    assert_true(add_calls("[{\"id\":\"b\",\"function\":{\"arguments\":\"}\"}}]"));
    has_calls("one({}) two({})");
}

static void without_index_and_id_the_place_does(void **state)
{
    UNUSED(state);
    assert_true(add_calls("[{\"function\":{\"name\":\"one\",\"arguments\":\"{\"}},{\"function\":{\"name\":\"two\",\"arguments\":\"{\"}}]"));
    assert_true(add_calls("[{\"function\":{\"arguments\":\"}\"}},{\"function\":{\"arguments\":\"}\"}}]"));
    has_calls("one({}) two({})");
}

static void without_anything_a_new_name_begins_a_call(void **state)
{
    UNUSED(state);
    assert_true(add_calls("[{\"function\":{\"name\":\"one\",\"arguments\":\"{\"}}]"));
    assert_true(add_calls("[{\"function\":{\"arguments\":\"}\"}}]"));
    assert_true(add_calls("[{\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}}]"));
    assert_true(add_calls("[{\"function\":{\"name\":\"two\",\"arguments\":\"{}\"}}]"));
    has_calls("one({}) one({}) two({})");
}

/* ollama and others: every call has index 0. */
static void calls_that_all_have_index_0_do_not_merge(void **state)
{
    UNUSED(state);
    assert_true(add_calls("[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}}]"));
    assert_true(add_calls("[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":\"{}\"}}]"));
    has_calls("one({}) two({})");
}

static void a_finish_of_stop_takes_no_calls_away(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}}]},"
                    "\"finish_reason\":\"stop\"}]}"));
    has_calls("one({})");
    assert_int_equal(completion.finish, COMPLETION_STOPPED);
}

static void the_old_form_of_a_call_counts(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"one\",\"arguments\":\"{\"}}}]}"));
    assert_true(add("{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\"}\"}},\"finish_reason\":\"function_call\"}]}"));
    has_calls("one({})");
}

static void an_error_in_the_middle_ends_it(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"));
    assert_false(add("{\"error\":{\"message\":\"overloaded\",\"code\":502}}"));
    assert_true(completion.failed);
    assert_non_null(strstr(completion.err.text, "overloaded"));
    assert_false(add("{\"choices\":[{\"delta\":{\"content\":\"b\"}}]}"));
    says("a");
}

static void an_error_body_with_status_200_is_an_error(void **state)
{
    UNUSED(state);
    static const char *const bodies[] = { "{\"error\":{\"message\":\"no such model\"}}", "{\"error\":\"no such model\"}",
        "{\"object\":\"error\",\"message\":\"no such model\"}", "{\"detail\":\"no such model\"}" };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        completion_free(&completion);
        completion_init(&completion);
        assert_false(completion_take(&completion, str_of(bodies[i])));
        assert_non_null(strstr(completion.err.text, "no such model"));
        assert_string_equal(arena_cstr(&arena, completion_error(str_of(bodies[i]), &arena)), "no such model");
    }
    assert_false(completion_take(&completion, STR("<html>")));
    assert_false(completion_take(&completion, STR("{\"ok\":true}")));
}

static void an_error_that_says_nothing_beside_an_answer_is_none(void **state)
{
    UNUSED(state);
    static const char *const nothings[] = { "false", "null", "0", "\"\"", "{}", "{\"message\":null,\"code\":0}", "{\"message\":\"\"}" };
    static const char *const errors[] = { "true", "503", "{\"code\":503}", "{\"message\":null,\"code\":\"overloaded\"}" };
    for (size_t i = 0; i < ARRAY_LEN(nothings) + ARRAY_LEN(errors); i++) {
        bool good = i < ARRAY_LEN(nothings);
        const char *error = good ? nothings[i] : errors[i - ARRAY_LEN(nothings)];
        const char *body = arena_format(&arena, "{\"error\":%s,\"message\":\"ok\",\"choices\":[{\"message\":{\"content\":\"Yes.\"}}]}", error).data;
        completion_free(&completion);
        completion_init(&completion);
        assert_int_equal(completion_take(&completion, str_of(body)), good);
        assert_int_equal(completion.failed, !good);
        if (good)
            says("Yes.");
    }
}

static void a_byte_order_mark_before_the_json_is_passed_over(void **state)
{
    UNUSED(state);
    assert_true(completion_take(&completion, STR("\xef\xbb\xbf{\"choices\":[{\"message\":{\"content\":\"Yes.\"}}]}")));
    says("Yes.");
}

static void a_call_in_words_is_a_call(void **state)
{
    UNUSED(state);
    static const char *const rows[][2] = {
        { "{\"name\": \"one\", \"arguments\": {\"a\":1}}", "one({\"a\":1})" }, { "<tool_call>\n{\"name\":\"one\",\"arguments\":{}}\n</tool_call>", "one({})" },
        { "```json\n[{\"name\":\"one\",\"parameters\":{}}]\n```", "one({})" }, { "{\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}}", "one({})" },
        { "{\"type\":\"function\",\"function\":\"one\",\"parameters\":{}}", "one({})" }, { "<think>x</think>{\"name\":\"one\"}", "one()" },
        { "I would call {\"name\":\"one\"}", "" }, { "{\"name\":\"one\",\"name\":\"two\"}", "" }, { "{\"name\":7}", "" }, { "[]", "" }, { "```", "" } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        completion_free(&completion);
        completion_init(&completion);
        buf_add_str(&completion.text, str_of(rows[i][0]));
        completion_call_in_text(&completion, &arena);
        has_calls(rows[i][1]);
        completion_call_in_text(&completion, &arena);
        has_calls(rows[i][1]);
    }
}

/* Without the empty lines between them, the events of a stream come as one. */
static void pieces_that_come_joined_are_read_line_by_line(void **state)
{
    UNUSED(state);
    assert_false(add("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n: x\n{\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n[DONE]"));
    assert_true(completion.done);
    says("ab");
}

static void a_whole_answer_is_taken_too(void **state)
{
    UNUSED(state);
    assert_true(completion_take(&completion, STR("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
        "{\"type\":\"text\",\"text\":\"b\"}],\"tool_calls\":[{\"id\":\"x\",\"function\":{\"name\":\"one\",\"arguments\":\"{}\"}}]},"
        "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}")));
    says("ab");
    has_calls("one({})");
    assert_int_equal(completion.finish, COMPLETION_CUT);
}

static void a_stream_that_repeats_the_whole_at_its_end_is_taken_once(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"));
    assert_true(add("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"));
    says("a");
}

static void a_letter_cut_in_two_is_whole_again(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"1 \xe2\x82\"}}]}"));
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"\xac!\"}}]}"));
    says("1 €!");
}

static void half_a_letter_and_control_characters_are_dropped(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"a\xe2\x82 \\u001b[31mred\\u0000\\r\\nb\"}}]}"));
    says("a [31mred\nb");
}

static void thinking_is_not_the_answer(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}"));
    assert_true(add("{\"choices\":[{\"delta\":{\"content\":\"<think>\\nhm\\n</think>\\n\\nYes.\"}}]}"));
    says("Yes.");
}

static void only_the_first_choice_counts(void **state)
{
    UNUSED(state);
    assert_true(add("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}},{\"index\":0,\"delta\":{\"content\":\"first\"}}]}"));
    says("first");
}

static void sizes_are_bounded(void **state)
{
    UNUSED(state);
    struct str big = arena_format(&arena, "%0*d", COMPLETION_ARGUMENTS + 1, 7);
    for (int i = 0; i < COMPLETION_CALLS + 5; i++)
        assert_true(add_calls(arena_cstr(&arena, arena_format(&arena, "[{\"index\":%d,\"id\":\"i%d\",\"function\":{\"name\":\"n\",\"arguments\":\"{}\"}}]", i, i))));
    assert_int_equal(completion.call_count, COMPLETION_CALLS);
    assert_true(add_calls(arena_cstr(&arena, arena_format(&arena, "[{\"index\":0,\"function\":{\"arguments\":\"%.*s\"}}]", STR_ARG(big)))));
    assert_true(completion.calls[0].bad && !completion.calls[1].bad);
    bool good = true;
    for (int i = 0; i < 100 && good; i++)
        good = add(arena_cstr(&arena, arena_format(&arena, "{\"choices\":[{\"delta\":{\"content\":\"%.*s\"}}]}", STR_ARG(big))));
    assert_false(good);
    assert_true(completion.failed && completion.text.len <= COMPLETION_TEXT);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(text_comes_in_pieces),
        STORY(usage_may_stand_in_the_last_piece_or_in_all),
        STORY(what_is_no_json_is_passed_over),
        STORY(arguments_come_split_whole_as_an_object_empty_or_not_at_all),
        STORY(arguments_that_are_repeated_whole_are_taken_once),
        STORY(without_an_index_the_id_tells_calls_apart),
        STORY(without_index_and_id_the_place_does),
        STORY(without_anything_a_new_name_begins_a_call),
        STORY(calls_that_all_have_index_0_do_not_merge),
        STORY(a_finish_of_stop_takes_no_calls_away),
        STORY(the_old_form_of_a_call_counts),
        STORY(an_error_in_the_middle_ends_it),
        STORY(an_error_body_with_status_200_is_an_error),
        STORY(an_error_that_says_nothing_beside_an_answer_is_none),
        STORY(a_byte_order_mark_before_the_json_is_passed_over),
        STORY(a_call_in_words_is_a_call),
        STORY(pieces_that_come_joined_are_read_line_by_line),
        STORY(a_whole_answer_is_taken_too),
        STORY(a_stream_that_repeats_the_whole_at_its_end_is_taken_once),
        STORY(a_letter_cut_in_two_is_whole_again),
        STORY(half_a_letter_and_control_characters_are_dropped),
        STORY(thinking_is_not_the_answer),
        STORY(only_the_first_choice_counts),
        STORY(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
