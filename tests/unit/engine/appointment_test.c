/* With nobody there, a request becomes a kept appointment, never a dead end (P1). */
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

static struct command make(uint64_t chat)
{
    struct command command = story_by_customer(COMMAND_MAKE_APPOINTMENT, maria, chat);
    command.make_appointment = (struct command_make_appointment){ .way = STR("call_back"), .address = STR("+49 30 1") };
    return command;
}

static void it_has_a_number_and_keeps_the_place(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    int64_t from = s.now_ms;
    story_wait(&s, 60000);
    struct command command = make(chat);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "appointment.made");
    assert_int_equal(s.outcome.id, 1);
    assert_int_equal(story_conversation(&s, chat).wait_from, from);
    assert_int_equal(story_conversation(&s, chat).appointment, 1);
}

static void a_second_call_changes_the_first(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    struct command command = make(chat);
    story_give(&s, &command);
    command.make_appointment.way = STR("email");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_int_equal(s.outcome.id, 1);
    assert_true(str_equal(story_event(&s, EVENT_APPOINTMENT_MADE)->appointment_made.way, STR("email")));
}

static void whoever_takes_it_up_keeps_it(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria), ana = story_agent(&s, "", "en");
    struct command command = make(chat);
    story_give(&s, &command);
    story_wait(&s, 3600000);
    uint64_t later = story_waiting(&s, story_customer(&s));
    story_online(&s, ana);
    assert_int_equal(story_accept(&s, ana), chat);
    assert_events(&s, "offer.ended conversation.assigned appointment.kept");
    assert_int_equal(story_event(&s, EVENT_APPOINTMENT_KEPT)->appointment_kept.number, 1);
    assert_int_equal(story_conversation(&s, chat).appointment, 0);
    assert_int_equal(story_conversation(&s, later).offered_to, ana);
    command = make(chat);
    assert_refused(&s, &command, WRONG_STATE);
}

static void from_the_assistant_it_is_a_request(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    struct command command = make(chat);
    command.key = (struct command_key){ { 1, 2 }, 3 };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "human.requested conversation.queued appointment.made");
    assert_true(str_equal(story_event(&s, EVENT_HUMAN_REQUESTED)->human_requested.via, STR("appointment")));
    struct outcome first = s.outcome;
    assert_int_equal(first.id, 1);
    story_give(&s, &command);
    assert_true(s.outcome.repeated);
    assert_int_equal(s.outcome.id, first.id);
    assert_int_equal(s.outcome.seq, first.seq);
    story_check_replay(&s);
}

static void from_a_resolved_one_it_reopens(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    struct command end = story_by_customer(COMMAND_END, maria, chat), command = make(chat);
    story_give(&s, &command);
    story_give(&s, &end);
    assert_int_equal(story_conversation(&s, chat).appointment, 0);
    command.key = (struct command_key){ { 5, 5 }, 5 };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "conversation.reopened human.requested conversation.queued appointment.made");
    assert_int_equal(s.outcome.id, 2);
    story_give(&s, &command);
    assert_int_equal(s.outcome.id, 2);
}

static void mistakes_are_refused(void **state)
{
    UNUSED(state);
    struct command command = make(story_open(&s, maria));
    command.make_appointment.way = STR("pigeon");
    assert_refused(&s, &command, BAD_FIELD);
    command.make_appointment.way = STR("email");
    command.make_appointment.due_at = -1;
    assert_refused(&s, &command, BAD_FIELD);
    command.make_appointment.due_at = 0;
    command.make_appointment.address = STR_EMPTY;
    assert_refused(&s, &command, EMPTY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_has_a_number_and_keeps_the_place), TEST(a_second_call_changes_the_first),
        TEST(whoever_takes_it_up_keeps_it), TEST(from_the_assistant_it_is_a_request),
        TEST(from_a_resolved_one_it_reopens), TEST(mistakes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
