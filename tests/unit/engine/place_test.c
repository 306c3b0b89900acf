/* An agent's places: active conversations, offers and wrap-ups; never more than the capacity. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t ana;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    ana = story_agent(&s, "payments", "en");
    story_online(&s, ana);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static void change(uint64_t capacity, const char *skills)
{
    struct command command = story_by_node(COMMAND_CHANGE_AGENT);
    command.agent = ana;
    command.change_agent.capacity = capacity;
    command.change_agent.skills = str_of(skills);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
}

static void assert_places(int active, int wrapping, int offered)
{
    struct agent_view view = story_agent_view(&s, ana);
    assert_int_equal(view.active, active);
    assert_int_equal(view.wrapping, wrapping);
    assert_int_equal(view.offered, offered);
}

static void three_at_once_and_no_more(void **state)
{
    UNUSED(state);
    for (int i = 0; i < 5; i++) story_waiting(&s, story_customer(&s));
    assert_places(0, 0, 3);
    story_accept(&s, ana);
    assert_places(1, 0, 2);
    story_accept(&s, ana);
    story_accept(&s, ana);
    assert_places(3, 0, 0);
}

static void a_wrap_up_keeps_its_place_until_it_ends(void **state)
{
    UNUSED(state);
    change(1, "payments");
    uint64_t first = story_waiting(&s, story_customer(&s));
    story_waiting(&s, story_customer(&s));
    story_accept(&s, ana);
    story_resolve(&s, ana, first);
    assert_events(&s, "conversation.resolved wrapup.started");
    assert_places(0, 1, 0);
    assert_int_equal(engine_wrapup_until(s.engine, ana, first), s.now_ms + 30000);
    struct command end = story_by_agent(COMMAND_END_WRAPUP, ana, first);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "wrapup.ended offer.made");
    assert_places(0, 0, 1);
    assert_refused(&s, &end, WRONG_STATE);
    end.conversation = 99;
    assert_refused(&s, &end, NOT_FOUND);
}

static void a_wrap_up_ends_by_itself(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, story_customer(&s)), ids[4];
    story_accept(&s, ana);
    story_resolve(&s, ana, chat);
    assert_int_equal(engine_conversations_of_agent(s.engine, ana, ids, 4), 1);
    story_wait_alive(&s, 29999);
    assert_places(0, 1, 0);
    story_wait_alive(&s, 1);
    assert_places(0, 0, 0);
    assert_int_equal(engine_conversations_of_agent(s.engine, ana, ids, 4), 0);
}

static void no_wrap_up_when_the_workspace_wants_none(void **state)
{
    UNUSED(state);
    assert_int_equal(story_configure(&s, "2", STORY_SETTINGS "wrapup_ms 0\n"), REFUSAL_NONE);
    uint64_t chat = story_waiting(&s, story_customer(&s));
    story_accept(&s, ana);
    story_resolve(&s, ana, chat);
    assert_events(&s, "conversation.resolved");
    assert_places(0, 0, 0);
}

static void wrapping_up_the_same_conversation_twice_is_one_wrap_up(void **state)
{
    UNUSED(state);
    uint64_t maria = story_customer(&s), chat = story_waiting(&s, maria);
    for (int i = 0; i < 2; i++) {
        story_accept(&s, ana);
        story_resolve(&s, ana, chat);
        story_wait(&s, 1000);
        if (!i) story_ask_human(&s, maria, chat);
    }
    assert_places(0, 1, 0);
    assert_int_equal(engine_wrapup_until(s.engine, ana, chat), s.now_ms - 1000 + 30000);
}

static void less_capacity_takes_offers_back_but_no_conversation(void **state)
{
    UNUSED(state);
    for (int i = 0; i < 3; i++) story_waiting(&s, story_customer(&s));
    story_accept(&s, ana);
    story_accept(&s, ana);
    change(1, "payments");
    assert_events(&s, "agent.changed offer.ended");
    assert_places(2, 0, 0);
    change(3, "payments");
    assert_places(2, 0, 1);
}

static void less_skills_take_offers_back(void **state)
{
    UNUSED(state);
    uint64_t maria = story_customer(&s), chat = story_open(&s, maria);
    story_say(&s, maria, chat, "Hello");
    story_answer(&s, chat, "due-date", "Hm.");
    story_ask_human(&s, maria, chat);
    assert_places(0, 0, 1);
    change(3, "cards");
    assert_events(&s, "agent.changed offer.ended");
    change(3, "cards,payments");
    assert_events(&s, "agent.changed offer.made");
}

static void limits_of_capacity(void **state)
{
    UNUSED(state);
    struct command command = story_by_node(COMMAND_CHANGE_AGENT);
    command.agent = ana;
    command.change_agent.capacity = LIMIT_CAPACITY + 1;
    assert_refused(&s, &command, BAD_FIELD);
    command.change_agent.capacity = 0;
    command.change_agent.given = 1 << 2; /* given, and 0 */
    assert_refused(&s, &command, BAD_FIELD);
    command.change_agent.capacity = LIMIT_CAPACITY;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    for (int i = 0; i < LIMIT_CAPACITY + 2; i++) story_waiting(&s, story_customer(&s));
    assert_places(0, 0, LIMIT_CAPACITY);
    for (int i = 0; i < LIMIT_CAPACITY; i++) story_accept(&s, ana);
    assert_places(LIMIT_CAPACITY, 0, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_at_once_and_no_more), TEST(a_wrap_up_keeps_its_place_until_it_ends), TEST(a_wrap_up_ends_by_itself),
        TEST(no_wrap_up_when_the_workspace_wants_none), TEST(wrapping_up_the_same_conversation_twice_is_one_wrap_up),
        TEST(less_capacity_takes_offers_back_but_no_conversation), TEST(less_skills_take_offers_back),
        TEST(limits_of_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
