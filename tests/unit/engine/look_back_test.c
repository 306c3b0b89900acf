/* Who of the staff is in a conversation, and what agents may read of those that are over (P6). */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define HOUR ((int64_t)3600000)

static struct story s;
static uint64_t maria, chat, ana, ben, boss;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin_with(&s, STORY_SETTINGS "wrapup_ms 30000\nlook_back_ms 172800000\n");
    maria = story_customer(&s);
    ana = story_agent(&s, "", "en");
    boss = story_staff(&s, "supervisor", "", "en");
    story_online(&s, ana);
    chat = story_waiting(&s, maria);
    story_accept(&s, ana);
    ben = story_agent(&s, "", "en");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static bool reads(uint64_t agent)
{
    return engine_agent_may_read(s.engine, agent, chat, s.now_ms);
}

static void look_back_is_for_the_agent_in_whose_hands_it_was_resolved(void **state)
{
    UNUSED(state);
    assert_true(reads(ana));
    assert_false(reads(ben));
    story_resolve(&s, ana, chat);
    story_wait_alive(&s, HOUR); /* the wrap-up is long over */
    assert_true(reads(ana));
    assert_false(reads(ben));
    assert_false(engine_agent_may_read(s.engine, 0, chat, s.now_ms));
    assert_false(engine_agent_may_read(s.engine, ana, chat + 1, s.now_ms));
}

static void it_ends_with_its_time(void **state)
{
    UNUSED(state);
    story_resolve(&s, ana, chat);
    int64_t resolved_at = s.now_ms;
    assert_true(engine_agent_may_read(s.engine, ana, chat, resolved_at + 48 * HOUR - 1));
    story_wait_alive(&s, HOUR);
    assert_false(engine_agent_may_read(s.engine, ana, chat, resolved_at + 48 * HOUR));
}

static void it_ends_when_the_customer_comes_back(void **state)
{
    UNUSED(state);
    story_resolve(&s, ana, chat);
    story_wait_alive(&s, HOUR);
    story_say(&s, maria, chat, "one more thing");
    assert_false(reads(ana));
    story_answer(&s, chat, "due-date", "so and so");
    story_wait_alive(&s, 25 * HOUR); /* with the assistant, until it is closed as idle: not in Ana's hands */
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_RESOLVED);
    assert_false(reads(ana));
}

static void who_gave_it_on_does_not_look_back(void **state)
{
    UNUSED(state);
    story_online(&s, ben);
    struct command transfer = story_by_agent(COMMAND_TRANSFER, ana, chat);
    transfer.transfer = (struct command_transfer){ .to_agent = ben };
    assert_int_equal(story_give(&s, &transfer), REFUSAL_NONE);
    story_accept(&s, ben);
    story_resolve(&s, ben, chat);
    story_wait_alive(&s, HOUR);
    assert_true(reads(ben));
    assert_false(reads(ana));
}

static void looking_back_is_reading_only(void **state)
{
    UNUSED(state);
    story_resolve(&s, ana, chat);
    story_wait_alive(&s, HOUR);
    static const enum command_kind kinds[] = { COMMAND_SAY, COMMAND_NOTE, COMMAND_TRANSFER, COMMAND_RESOLVE, COMMAND_MARK };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct command command = story_by_agent(kinds[i], ana, chat);
        command.say = (struct command_say){ .text = STR("x"), .name = STR("Ana") };
        assert_true(story_give(&s, &command) != REFUSAL_NONE);
    }
}

static void the_rating_reaches_who_handled_it(void **state)
{
    UNUSED(state);
    story_resolve(&s, ana, chat);
    story_wait_alive(&s, HOUR);
    struct command rate = story_by_customer(COMMAND_RATE, maria, chat);
    rate.rate = (struct command_rate){ .stars = 5, .comment = STR("kind") };
    assert_int_equal(story_give(&s, &rate), REFUSAL_NONE);
    const struct event *rated = story_event(&s, EVENT_CONVERSATION_RATED);
    assert_true(event_visible(rated, (struct viewer){ VIEWER_AGENT, ana }));
    assert_false(event_visible(rated, (struct viewer){ VIEWER_AGENT, ben }));
}

static void the_engine_remembers_as_long_as_there_is_looking_back(void **state)
{
    UNUSED(state);
    assert_int_equal(story_configure(&s, "2", STORY_SETTINGS "wrapup_ms 0\nreopen_window_ms 0\nlook_back_ms 259200000\n"), REFUSAL_NONE);
    story_resolve(&s, ana, chat);
    story_wait_alive(&s, 71 * HOUR);
    story_open(&s, maria); /* events let go of what is over */
    assert_true(reads(ana));
    story_wait_alive(&s, 2 * HOUR);
    story_open(&s, maria);
    struct conversation_view view;
    assert_false(engine_conversation(s.engine, chat, &view));
}

static void staff_in_it_are_the_owner_and_who_joined(void **state)
{
    UNUSED(state);
    uint64_t ids[ENGINE_STAFF_IN_MAX];
    struct command join = story_by_supervisor(COMMAND_JOIN, boss, chat);
    assert_int_equal(engine_staff_in(s.engine, chat, ids), 1);
    assert_int_equal(ids[0], ana);
    assert_int_equal(story_give(&s, &join), REFUSAL_NONE);
    assert_int_equal(engine_staff_in(s.engine, chat, ids), 2);
    assert_int_equal(ids[1], boss);
    story_resolve(&s, ana, chat);
    assert_int_equal(engine_staff_in(s.engine, chat, ids), 0);
    assert_int_equal(engine_staff_in(s.engine, 999, ids), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(look_back_is_for_the_agent_in_whose_hands_it_was_resolved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_ends_with_its_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_ends_when_the_customer_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_gave_it_on_does_not_look_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(looking_back_is_reading_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_rating_reaches_who_handled_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_engine_remembers_as_long_as_there_is_looking_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(staff_in_it_are_the_owner_and_who_joined, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
