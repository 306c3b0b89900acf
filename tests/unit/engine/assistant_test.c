/* The assistant is never trusted: a reply counts for the message it answers, or not at all. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria, chat, question;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    chat = story_open(&s, maria);
    question = story_say(&s, maria, chat, "When do I pay?");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static struct command reply(const char *decision, const char *reason)
{
    struct command command = story_by_assistant(COMMAND_ASSISTANT_REPLY, chat);
    command.assistant_reply = (struct command_assistant_reply){
        .turn = story_conversation(&s, chat).turn, .decision = str_of(decision), .reason = str_of(reason),
        .text = STR("I think so."), .confidence = 400 };
    return command;
}

static void an_answer_to_an_older_message_is_stale(void **state)
{
    UNUSED(state);
    struct command late = reply("answer", "");
    uint64_t second = story_say(&s, maria, chat, "I mean the second rate");
    assert_refused(&s, &late, STALE);
    late.assistant_reply.turn = second;
    assert_int_equal(story_give(&s, &late), REFUSAL_NONE);
    assert_refused(&s, &late, STALE);
    late.assistant_reply.turn = 0;
    assert_refused(&s, &late, STALE);
}

static void when_an_action_begins(void)
{
    struct command start = story_by_assistant(COMMAND_ACTION_START, chat);
    start.action_start = (struct command_action_start){ .turn = question, .action = STR("move-date") };
    assert_int_equal(story_give(&s, &start), REFUSAL_NONE);
}

/* What it has done must be told, or it would be asked for and done again. */
static void a_turn_that_acts_is_not_overtaken(void **state)
{
    UNUSED(state);
    struct command first = reply("act", "");
    when_an_action_begins();
    story_say(&s, maria, chat, "And the fee?");
    uint64_t newest = story_say(&s, maria, chat, "I mean the late fee");
    assert_int_equal(story_conversation(&s, chat).turn, question);
    assert_int_equal(story_give(&s, &first), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).turn, newest);
    struct command second = reply("answer", "");
    assert_int_equal(story_give(&s, &second), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).turn, 0);
}

static void a_request_beside_an_action_leaves_nothing_to_the_assistant(void **state)
{
    UNUSED(state);
    struct command first = reply("act", "");
    when_an_action_begins();
    story_say(&s, maria, chat, "And the fee?");
    story_ask_human(&s, maria, chat);
    assert_refused(&s, &first, STALE);
    assert_int_equal(story_conversation(&s, chat).turn, 0);
}

static void after_a_request_the_assistant_is_silent(void **state)
{
    UNUSED(state);
    struct command late = reply("answer", "");
    story_ask_human(&s, maria, chat);
    assert_refused(&s, &late, STALE);
    struct command start = story_by_assistant(COMMAND_ACTION_START, chat);
    start.action_start = (struct command_action_start){ .turn = question, .action = STR("move-date") };
    assert_refused(&s, &start, STALE);
}

static void a_hand_over_says_why_and_leaves_a_note(void **state)
{
    UNUSED(state);
    struct command command = reply("hand_over", "vulnerable");
    command.assistant_reply.topic = STR("due-date");
    command.assistant_reply.note = STR("{\"want\":\"time\"}");
    command.assistant_reply.language = STR("es");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "assistant.decided message.sent human.requested handover.noted conversation.queued");
    const struct event_conversation_queued *queued = &story_event(&s, EVENT_CONVERSATION_QUEUED)->conversation_queued;
    assert_true(str_equal(queued->skills, STR("payments")));
    assert_true(str_equal(queued->language, STR("es")));
    assert_true(str_equal(story_event(&s, EVENT_HUMAN_REQUESTED)->human_requested.via, STR("vulnerable")));
}

static void two_turns_that_do_not_help_are_enough(void **state)
{
    UNUSED(state);
    struct command command = reply("ask", "");
    command.assistant_reply.failed = 1;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "assistant.decided message.sent");
    story_say(&s, maria, chat, "No, the other one");
    command = reply("answer", "");
    command.assistant_reply.failed = 1;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "assistant.decided human.requested conversation.queued");
    assert_true(str_equal(story_event(&s, EVENT_ASSISTANT_DECIDED)->assistant_decided.decision, STR("hand_over")));
    assert_true(str_equal(story_event(&s, EVENT_HUMAN_REQUESTED)->human_requested.via, STR("assistant_failed")));
}

static void a_turn_that_helps_makes_up_for_one_that_did_not(void **state)
{
    UNUSED(state);
    static const bool failed[] = { true, false, true };
    for (size_t i = 0; i < ARRAY_LEN(failed); i++) {
        struct command command = reply("answer", "");
        command.assistant_reply.failed = failed[i];
        assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
        story_say(&s, maria, chat, "and?");
    }
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_ASSISTANT);
    assert_int_equal(story_conversation(&s, chat).failed_turns, 1);
}

static void nonsense_is_refused_and_the_customer_gets_a_person(void **state)
{
    UNUSED(state);
    struct command command = reply("dance", "");
    assert_refused(&s, &command, BAD_FIELD);
    command = reply("hand_over", "button");
    assert_refused(&s, &command, BAD_FIELD);
    command = reply("hand_over", "");
    assert_refused(&s, &command, BAD_FIELD);
    command = reply("answer", "");
    command.assistant_reply.text = STR_EMPTY;
    assert_refused(&s, &command, EMPTY);
    command.assistant_reply.confidence = 1001;
    assert_refused(&s, &command, BAD_FIELD);
    command.actor = ACTOR_CUSTOMER;
    command.customer = maria;
    assert_refused(&s, &command, NOT_ALLOWED);
    story_wait(&s, 10000);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_WAITING);
}

static void a_topic_that_the_engine_does_not_know_is_none(void **state)
{
    UNUSED(state);
    struct command command = reply("answer", "");
    command.assistant_reply.topic = STR("brand-new");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).topic.len, 0);
}

static void actions_are_on_record_even_when_they_end_late(void **state)
{
    UNUSED(state);
    struct command start = story_by_assistant(COMMAND_ACTION_START, chat);
    start.action_start = (struct command_action_start){ .turn = question, .action = STR("move-date"), .parameters = STR("{}") };
    assert_int_equal(story_give(&s, &start), REFUSAL_NONE);
    story_ask_human(&s, maria, chat);
    struct command finish = story_by_assistant(COMMAND_ACTION_FINISH, chat);
    finish.action_finish = (struct command_action_finish){ .turn = question, .action = STR("move-date"), .outcome = STR("done") };
    assert_int_equal(story_give(&s, &finish), REFUSAL_NONE);
    assert_events(&s, "action.finished");
    finish.action_finish.outcome = STR("maybe");
    assert_refused(&s, &finish, BAD_FIELD);
}

static void a_note_follows_a_request_by_button(void **state)
{
    UNUSED(state);
    struct command note = story_by_assistant(COMMAND_NOTE_HANDOVER, chat);
    note.note_handover.note = STR("{\"who\":\"Maria\"}");
    assert_refused(&s, &note, STALE);
    story_ask_human(&s, maria, chat);
    assert_int_equal(story_give(&s, &note), REFUSAL_NONE);
    assert_events(&s, "handover.noted");
    note.note_handover.note = STR_EMPTY;
    assert_refused(&s, &note, EMPTY);
}

static void a_translation_stands_beside_its_message(void **state)
{
    UNUSED(state);
    struct command command = story_by_assistant(COMMAND_TRANSLATE, chat);
    command.translate = (struct command_translate){ .message = question, .said_by = STR("customer"), .from = STR("pl"), .to = STR("en"),
                                                    .text = STR("Where is my parcel?"), .model = STR("small"), .tokens = 40 };
    assert_refused(&s, &command, STALE); /* the assistant needs none */
    story_ask_human(&s, maria, chat);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "message.translated");
    command.translate.message = question + 1000;
    assert_refused(&s, &command, BAD_FIELD);
    command.translate.message = question;
    command.translate.to = STR("pl");
    assert_refused(&s, &command, BAD_FIELD);
    command.translate.to = STR("en");
    command.translate.text = STR_EMPTY;
    assert_refused(&s, &command, EMPTY);
    command.translate.fallback = STR("check_facts"); /* then it was not translated, and everybody sees so */
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "message.translated");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_to_an_older_message_is_stale), TEST(a_turn_that_acts_is_not_overtaken),
        TEST(a_request_beside_an_action_leaves_nothing_to_the_assistant), TEST(after_a_request_the_assistant_is_silent),
        TEST(a_hand_over_says_why_and_leaves_a_note), TEST(two_turns_that_do_not_help_are_enough),
        TEST(a_turn_that_helps_makes_up_for_one_that_did_not),
        TEST(nonsense_is_refused_and_the_customer_gets_a_person),
        TEST(a_topic_that_the_engine_does_not_know_is_none), TEST(actions_are_on_record_even_when_they_end_late),
        TEST(a_note_follows_a_request_by_button), TEST(a_translation_stands_beside_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
