/* A conversation changes hands: to a colleague, to a skill, or because the agent is gone. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria, chat, ana, ben, cleo;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    ana = story_agent(&s, "", "en");
    story_online(&s, ana);
    chat = story_waiting(&s, maria);
    story_accept(&s, ana);
    ben = story_agent(&s, "", "en");
    cleo = story_agent(&s, "cards", "en");
    s.now_ms += 60000;
    struct command beat = story_by_agent(COMMAND_HEARTBEAT, ana, 0);
    return (int)story_give(&s, &beat);
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static struct command transfer(uint64_t to_agent, const char *to_skill)
{
    struct command command = story_by_agent(COMMAND_TRANSFER, ana, chat);
    command.transfer = (struct command_transfer){ .to_agent = to_agent, .to_skill = str_of(to_skill), .note = STR("please") };
    return command;
}

static void to_a_skill(void **state)
{
    UNUSED(state);
    story_online(&s, ben);
    story_online(&s, cleo);
    struct command command = transfer(0, "cards");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "conversation.transferred conversation.queued offer.made");
    assert_int_equal(story_conversation(&s, chat).wait_from, s.now_ms);
    assert_int_equal(story_conversation(&s, chat).offered_to, cleo);
    assert_int_equal(story_event(&s, EVENT_CONVERSATION_TRANSFERRED)->owner, ana);
    assert_int_equal(story_agent_view(&s, ana).active, 0);
}

static void to_a_colleague_who_is_there(void **state)
{
    UNUSED(state);
    story_online(&s, cleo);
    story_online(&s, ben);
    struct command command = transfer(ben, "");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).offered_to, ben);
    story_accept(&s, ben);
    assert_int_equal(story_conversation(&s, chat).agent, ben);
}

static void a_colleague_who_does_not_come_makes_room_for_all(void **state)
{
    UNUSED(state);
    story_online(&s, cleo);
    struct command command = transfer(ben, "");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    int64_t from = s.now_ms;
    assert_int_equal(story_conversation(&s, chat).offered_to, 0);
    story_wait_alive(&s, 29999);
    assert_int_equal(story_conversation(&s, chat).offered_to, 0);
    story_wait_alive(&s, 1);
    assert_true(story_conversation(&s, chat).offered_to);
    assert_int_equal(story_conversation(&s, chat).wait_from, from);
}

static void a_colleague_comes_in_time(void **state)
{
    UNUSED(state);
    struct command command = transfer(ben, "");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    story_wait(&s, 10000);
    story_online(&s, ben);
    assert_events(&s, "presence.changed offer.made");
}

static void a_colleague_who_is_removed_makes_room_for_all(void **state)
{
    UNUSED(state);
    story_online(&s, cleo);
    struct command command = transfer(ben, ""), removal = story_by_node(COMMAND_REMOVE_AGENT);
    removal.agent = ben;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &removal), REFUSAL_NONE);
    story_check_replay(&s);
    story_wait_alive(&s, 30000);
    assert_true(story_conversation(&s, chat).offered_to);
}

static void mistakes_are_refused(void **state)
{
    UNUSED(state);
    const struct { struct command command; enum refusal refusal; } cases[] = {
        { transfer(0, ""), REFUSAL_MISSING_FIELD }, { transfer(ben, "cards"), REFUSAL_BAD_FIELD },
        { transfer(ana, ""), REFUSAL_BAD_FIELD }, { transfer(99, ""), REFUSAL_UNKNOWN_AGENT },
        { transfer(0, "dancing"), REFUSAL_UNKNOWN_SKILL } };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(story_give(&s, &cases[i].command), cases[i].refusal);
    struct command command = transfer(0, "cards");
    command.agent = ben;
    assert_refused(&s, &command, NOT_OWNER);
    command.conversation = 99;
    assert_refused(&s, &command, NOT_FOUND);
}

static void an_agent_who_goes_home_gives_conversations_up(void **state)
{
    UNUSED(state);
    story_online(&s, ben);
    story_presence(&s, ana, "offline");
    assert_events(&s, "conversation.transferred human.requested conversation.queued presence.changed offer.made");
    assert_true(str_equal(story_event(&s, EVENT_CONVERSATION_TRANSFERRED)->conversation_transferred.reason, STR("agent_gone")));
    assert_true(str_equal(story_event(&s, EVENT_HUMAN_REQUESTED)->human_requested.via, STR("transfer")));
    assert_int_equal(story_conversation(&s, chat).wait_from, s.now_ms);
    assert_int_equal(story_conversation(&s, chat).offered_to, ben);
}

static void away_keeps_them(void **state)
{
    UNUSED(state);
    story_presence(&s, ana, "away");
    assert_events(&s, "presence.changed");
    assert_int_equal(story_conversation(&s, chat).agent, ana);
    story_waiting(&s, story_customer(&s));
    assert_false(story_offer_of(&s, ana));
}

static void who_waits_already_keeps_the_start_of_the_wait(void **state)
{
    UNUSED(state);
    uint64_t boss = story_staff(&s, "supervisor", "", "en"), second = story_waiting(&s, story_customer(&s));
    int64_t from = s.now_ms;
    story_wait(&s, 5000);
    struct command command = story_by_supervisor(COMMAND_TRANSFER, boss, second);
    command.transfer.to_skill = STR("cards");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "offer.ended conversation.transferred conversation.queued");
    assert_int_equal(story_conversation(&s, second).wait_from, from);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(to_a_skill), TEST(to_a_colleague_who_is_there), TEST(a_colleague_who_does_not_come_makes_room_for_all),
        TEST(a_colleague_comes_in_time), TEST(a_colleague_who_is_removed_makes_room_for_all),
        TEST(mistakes_are_refused), TEST(an_agent_who_goes_home_gives_conversations_up), TEST(away_keeps_them),
        TEST(who_waits_already_keeps_the_start_of_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
