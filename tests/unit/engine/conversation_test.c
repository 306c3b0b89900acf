/* A conversation from its opening to its end, and back again. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static void assert_state(uint64_t chat, enum conversation_state state)
{
    assert_string_equal(conversation_state_names[story_conversation(&s, chat).state], conversation_state_names[state]);
}

static void the_assistant_answers_first(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    assert_events(&s, "conversation.opened");
    assert_state(chat, CONVERSATION_ASSISTANT);
    uint64_t question = story_say(&s, maria, chat, "When do I pay?");
    assert_int_equal(story_conversation(&s, chat).turn, question);
    story_answer(&s, chat, "due-date", "On the 5th.");
    assert_events(&s, "assistant.decided message.sent");
    assert_true(str_equal(story_event(&s, EVENT_MESSAGE_SENT)->message_sent.author, STR("assistant")));
    assert_int_equal(story_conversation(&s, chat).turn, 0);
    assert_true(str_equal(story_conversation(&s, chat).topic, STR("due-date")));
}

static void a_person_is_one_tap_away(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    story_ask_human(&s, maria, chat);
    assert_events(&s, "human.requested conversation.queued");
    assert_true(str_equal(story_event(&s, EVENT_HUMAN_REQUESTED)->human_requested.via, STR("button")));
    assert_state(chat, CONVERSATION_WAITING);
    assert_int_equal(story_conversation(&s, chat).wait_from, s.now_ms);
    story_wait(&s, 1000);
    story_ask_human(&s, maria, chat);
    assert_events(&s, "");
    assert_int_equal(story_conversation(&s, chat).wait_from, s.now_ms - 1000);
}

static void words_ask_as_well_as_the_button(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    struct command say = story_by_customer(COMMAND_SAY, maria, chat);
    say.say = (struct command_say){ .text = STR("a person please"), .wants_human = STR("words") };
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_events(&s, "message.sent human.requested conversation.queued");
    assert_int_equal(story_conversation(&s, chat).turn, 0);
}

/* Where help is comes before the queue, and while the customer waits; a person who is there needs no machine's words. */
static void who_is_in_danger_is_told_at_once_where_help_is(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    struct command say = story_by_customer(COMMAND_SAY, maria, chat);
    say.say = (struct command_say){ .text = STR("I want to die"), .wants_human = STR("danger"), .care_kind = STR("self_harm"),
                                    .care = STR("Please call 112.") };
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_events(&s, "message.sent care.offered human.requested conversation.queued");
    const struct event *told = story_event(&s, EVENT_CARE_OFFERED);
    assert_true(str_equal(told->care_offered.text, STR("Please call 112.")) && str_equal(told->care_offered.via, STR("danger")));
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_events(&s, "message.sent care.offered");
    say.say.wants_human = STR("vulnerable");
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_events(&s, "message.sent");
}

static void a_silent_assistant_hands_over(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    story_say(&s, maria, chat, "Hello?");
    story_wait(&s, 9999);
    assert_state(chat, CONVERSATION_ASSISTANT);
    story_wait(&s, 1);
    assert_state(chat, CONVERSATION_WAITING);
    assert_true(str_equal(story_event(&s, EVENT_HUMAN_REQUESTED)->human_requested.via, STR("assistant_silent")));
}

static void nobody_writes_for_a_day_and_it_is_closed(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    story_say(&s, maria, chat, "Hello");
    story_answer(&s, chat, "greeting", "Hello!");
    story_wait(&s, 86400000 - 1);
    assert_state(chat, CONVERSATION_ASSISTANT);
    story_wait(&s, 1);
    assert_state(chat, CONVERSATION_RESOLVED);
    assert_true(str_equal(story_event(&s, EVENT_CONVERSATION_RESOLVED)->conversation_resolved.by, STR("idle")));
}

static void who_waits_is_never_closed(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    story_wait(&s, 30LL * 86400000);
    assert_state(chat, CONVERSATION_WAITING);
}

static void the_customer_ends_it_and_comes_back(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    story_say(&s, maria, chat, "Thanks");
    struct command end = story_by_customer(COMMAND_END, maria, chat);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_state(chat, CONVERSATION_RESOLVED);
    assert_refused(&s, &end, WRONG_STATE);
    story_wait(&s, 3600000);
    story_say(&s, maria, chat, "One more thing");
    assert_events(&s, "conversation.reopened message.sent");
    assert_state(chat, CONVERSATION_ASSISTANT);
    assert_true(story_conversation(&s, chat).turn);
}

static void too_late_to_go_on_but_not_for_a_person(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    struct command end = story_by_customer(COMMAND_END, maria, chat);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    story_wait(&s, 86400000);
    struct command say = story_by_customer(COMMAND_SAY, maria, chat);
    say.say.text = STR("Hello again");
    assert_refused(&s, &say, WRONG_STATE);
    story_ask_human(&s, maria, chat);
    assert_events(&s, "conversation.reopened human.requested conversation.queued");
}

static void other_peoples_conversations_do_not_exist(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria), john = story_customer(&s);
    static const enum command_kind kinds[] = { COMMAND_SAY, COMMAND_MARK, COMMAND_ASK_HUMAN, COMMAND_MAKE_APPOINTMENT,
        COMMAND_RATE, COMMAND_END };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct command command = story_by_customer(kinds[i], john, chat);
        if (kinds[i] == COMMAND_SAY) command.say.text = STR("let me in");
        assert_refused(&s, &command, NOT_FOUND);
        command.customer = maria;
        command.conversation = chat + 1;
        assert_refused(&s, &command, NOT_FOUND);
    }
}

static void three_open_conversations_are_enough(void **state)
{
    UNUSED(state);
    for (int i = 0; i < LIMIT_OPEN_PER_CUSTOMER; i++) story_open(&s, maria);
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    assert_refused(&s, &open, TOO_MANY_OPEN);
    struct command end = story_by_customer(COMMAND_END, maria, 1);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    story_open(&s, maria);
    /* Going on in the first would make four; a person is there all the same. */
    struct command say = story_by_customer(COMMAND_SAY, maria, 1);
    say.say.text = STR("and this");
    assert_refused(&s, &say, TOO_MANY_OPEN);
    story_ask_human(&s, maria, 1);
    assert_state(1, CONVERSATION_WAITING);
}

static void the_language_is_one_of_the_workspace(void **state)
{
    UNUSED(state);
    static const struct { const char *given, *taken; } cases[] = {
        { "", "en" }, { "es", "es" }, { "es-MX", "es" }, { "en-GB", "en" } };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct command open = story_by_customer(COMMAND_OPEN, story_customer(&s), 0);
        open.open.language = str_of(cases[i].given);
        assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
        assert_true(str_equal(story_conversation(&s, s.outcome.conversation).language, str_of(cases[i].taken)));
    }
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    open.open.language = STR("fr");
    assert_refused(&s, &open, UNKNOWN_SKILL);
}

static void empty_and_endless_texts_are_refused(void **state)
{
    UNUSED(state);
    static char endless[LIMIT_MESSAGE + 1];
    memset(endless, 'a', sizeof endless);
    uint64_t chat = story_open(&s, maria);
    struct command say = story_by_customer(COMMAND_SAY, maria, chat);
    assert_refused(&s, &say, EMPTY);
    say.say.text = str_make(endless, sizeof endless);
    assert_refused(&s, &say, TOO_LONG);
    say.say.text.len--;
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    say.say.wants_human = STR("nonsense");
    assert_refused(&s, &say, BAD_FIELD);
}

static void marks_only_go_forward(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria), first = story_say(&s, maria, chat, "one");
    story_answer(&s, chat, "", "two");
    uint64_t second = story_conversation(&s, chat).last_message;
    struct command mark = story_by_customer(COMMAND_MARK, maria, chat);
    mark.mark = (struct command_mark){ .mark = STR("read"), .up_to = second };
    assert_int_equal(story_give(&s, &mark), REFUSAL_NONE);
    assert_events(&s, "mark.set");
    assert_int_equal(story_conversation(&s, chat).customer_read, second);
    assert_int_equal(story_conversation(&s, chat).customer_delivered, second);
    mark.mark.up_to = first;
    assert_int_equal(story_give(&s, &mark), REFUSAL_NONE);
    assert_events(&s, "");
    mark.mark.up_to = second + 1;
    assert_refused(&s, &mark, BAD_FIELD);
    mark.mark.up_to = 0;
    assert_refused(&s, &mark, BAD_FIELD);
    mark.mark = (struct command_mark){ .mark = STR("burnt"), .up_to = first };
    assert_refused(&s, &mark, BAD_FIELD);
}

static void rated_once_until_reopened(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    struct command rate = story_by_customer(COMMAND_RATE, maria, chat);
    struct command end = story_by_customer(COMMAND_END, maria, chat);
    rate.rate.stars = 4;
    assert_refused(&s, &rate, WRONG_STATE);
    story_say(&s, maria, chat, "Hello");
    assert_refused(&s, &rate, WRONG_STATE);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    for (uint64_t stars = 0; stars <= 6; stars += 6) {
        rate.rate.stars = stars;
        assert_refused(&s, &rate, BAD_FIELD);
    }
    rate.rate.stars = 5;
    assert_int_equal(story_give(&s, &rate), REFUSAL_NONE);
    assert_refused(&s, &rate, ALREADY_RATED);
    assert_int_equal(story_conversation(&s, chat).stars, 5);
    story_say(&s, maria, chat, "again");
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &rate), REFUSAL_NONE);
}

static void nothing_said_nothing_to_rate(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    story_ask_human(&s, maria, chat);
    struct command rate = story_by_customer(COMMAND_RATE, maria, chat);
    rate.rate.stars = 1;
    assert_refused(&s, &rate, WRONG_STATE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_assistant_answers_first), TEST(a_person_is_one_tap_away), TEST(words_ask_as_well_as_the_button),
        TEST(who_is_in_danger_is_told_at_once_where_help_is),
        TEST(a_silent_assistant_hands_over), TEST(nobody_writes_for_a_day_and_it_is_closed),
        TEST(who_waits_is_never_closed), TEST(the_customer_ends_it_and_comes_back),
        TEST(too_late_to_go_on_but_not_for_a_person), TEST(other_peoples_conversations_do_not_exist),
        TEST(three_open_conversations_are_enough), TEST(the_language_is_one_of_the_workspace),
        TEST(empty_and_endless_texts_are_refused), TEST(marks_only_go_forward), TEST(rated_once_until_reopened),
        TEST(nothing_said_nothing_to_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
