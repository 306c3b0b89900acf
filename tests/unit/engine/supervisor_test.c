/* What supervisors may do in other people's conversations, and what agents may not. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria, chat, ana, boss;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    ana = story_agent(&s, "", "en");
    boss = story_staff(&s, "supervisor", "", "en");
    story_online(&s, ana);
    chat = story_waiting(&s, maria);
    story_accept(&s, ana);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static struct command say_as(uint64_t agent, enum actor actor)
{
    struct command command = story_by_agent(COMMAND_SAY, agent, chat);
    command.actor = actor;
    command.say = (struct command_say){ .text = STR("Hello"), .name = STR("Somebody") };
    return command;
}

static void only_the_owner_speaks(void **state)
{
    UNUSED(state);
    uint64_t ben = story_agent(&s, "", "en");
    struct command by_ana = say_as(ana, ACTOR_AGENT), by_ben = say_as(ben, ACTOR_AGENT), by_boss = say_as(boss, ACTOR_SUPERVISOR);
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    assert_true(str_equal(story_event(&s, EVENT_MESSAGE_SENT)->message_sent.author, STR("agent")));
    assert_refused(&s, &by_ben, NOT_OWNER);
    assert_refused(&s, &by_boss, NOT_OWNER);
    static const enum command_kind kinds[] = { COMMAND_NOTE, COMMAND_TRANSFER, COMMAND_RESOLVE, COMMAND_MARK };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct command command = story_by_agent(kinds[i], ben, chat);
        assert_refused(&s, &command, NOT_OWNER);
    }
}

static void a_supervisor_joins_speaks_and_leaves(void **state)
{
    UNUSED(state);
    struct command join = story_by_supervisor(COMMAND_JOIN, boss, chat), leave = story_by_supervisor(COMMAND_LEAVE, boss, chat);
    struct command say = say_as(boss, ACTOR_SUPERVISOR);
    assert_refused(&s, &leave, WRONG_STATE);
    assert_int_equal(story_give(&s, &join), REFUSAL_NONE);
    assert_events(&s, "supervisor.joined");
    assert_int_equal(story_give(&s, &join), REFUSAL_NONE);
    assert_events(&s, "");
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_true(str_equal(story_event(&s, EVENT_MESSAGE_SENT)->message_sent.author, STR("supervisor")));
    assert_int_equal(story_conversation(&s, chat).agent, ana);
    story_check_replay(&s);
    assert_int_equal(story_give(&s, &leave), REFUSAL_NONE);
    assert_refused(&s, &say, NOT_OWNER);
}

static void who_is_no_supervisor_any_more_speaks_no_more(void **state)
{
    UNUSED(state);
    struct command join = story_by_supervisor(COMMAND_JOIN, boss, chat), say = say_as(boss, ACTOR_AGENT);
    assert_int_equal(story_give(&s, &join), REFUSAL_NONE);
    struct command change = story_by_node(COMMAND_CHANGE_AGENT);
    change.agent = boss;
    change.change_agent.role = STR("agent");
    assert_int_equal(story_give(&s, &change), REFUSAL_NONE);
    assert_refused(&s, &say, NOT_OWNER);
    say.actor = ACTOR_SUPERVISOR;
    assert_refused(&s, &say, NOT_ALLOWED);
}

static void the_table_says_who_may(void **state)
{
    UNUSED(state);
    static const enum actor actors[] = { ACTOR_CUSTOMER, ACTOR_AGENT, ACTOR_SUPERVISOR, ACTOR_ASSISTANT, ACTOR_NODE };
    for (int kind = 0; kind < COMMAND_KINDS; kind++)
        for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
            struct command command = { .kind = (enum command_kind)kind, .actor = actors[i], .customer = maria,
                                       .agent = actors[i] == ACTOR_SUPERVISOR ? boss : ana, .conversation = chat };
            if (command_table[kind].who & (int)actors[i]) continue;
            assert_refused(&s, &command, NOT_ALLOWED);
        }
}

static void a_role_is_not_taken_at_its_word(void **state)
{
    UNUSED(state);
    struct command take = story_by_supervisor(COMMAND_TAKE_OVER, ana, chat);
    assert_refused(&s, &take, NOT_ALLOWED);
    take.agent = 99;
    assert_refused(&s, &take, NOT_LOGGED_IN);
    static const enum command_kind kinds[] = { COMMAND_ADD_AGENT, COMMAND_CHANGE_AGENT, COMMAND_SET_PASSWORD,
        COMMAND_REMOVE_AGENT, COMMAND_ERASE_CUSTOMER };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct command command = story_by_supervisor(kinds[i], boss, 0);
        command.target = ana;
        assert_refused(&s, &command, NOT_ALLOWED);
    }
}

static void a_supervisor_takes_over(void **state)
{
    UNUSED(state);
    struct command take = story_by_supervisor(COMMAND_TAKE_OVER, boss, chat);
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    assert_events(&s, "presence.changed conversation.transferred conversation.assigned wrapup.started");
    assert_int_equal(story_conversation(&s, chat).agent, boss);
    assert_int_equal(story_agent_view(&s, ana).wrapping, 1);
    /* From now on the page's heartbeats count: somebody is responsible. */
    assert_int_equal(story_agent_view(&s, boss).state, AGENT_AWAY);
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    assert_events(&s, "");
    story_wait(&s, 20000);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_WAITING);
}

static void taking_over_from_queue_and_assistant(void **state)
{
    UNUSED(state);
    uint64_t john = story_customer(&s), waiting = story_waiting(&s, john), fresh = story_open(&s, john);
    story_presence(&s, boss, "away");
    struct command take = story_by_supervisor(COMMAND_TAKE_OVER, boss, waiting);
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    assert_events(&s, "offer.ended conversation.assigned");
    assert_true(str_equal(story_event(&s, EVENT_OFFER_ENDED)->offer_ended.reason, STR("taken_over")));
    take.conversation = fresh;
    story_say(&s, john, fresh, "Hello?");
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    assert_events(&s, "conversation.assigned");
    assert_int_equal(story_conversation(&s, fresh).turn, 0);
}

static void assigned_to_who_is_there_and_has_room(void **state)
{
    UNUSED(state);
    uint64_t ben = story_agent(&s, "", "en");
    struct command assign = story_by_supervisor(COMMAND_ASSIGN, boss, chat);
    assign.assign = (struct command_assign){ .agent = ben, .name = STR("Ben") };
    assert_refused(&s, &assign, NOT_ONLINE);
    assign.assign.agent = 99;
    assert_refused(&s, &assign, UNKNOWN_AGENT);
    assign.assign.agent = ben;
    story_online(&s, ben);
    assert_int_equal(story_give(&s, &assign), REFUSAL_NONE);
    assert_events(&s, "conversation.transferred conversation.assigned wrapup.started");
    for (int i = 0; i < 2; i++) {
        uint64_t next = story_open(&s, story_customer(&s));
        assign.conversation = next;
        assert_int_equal(story_give(&s, &assign), REFUSAL_NONE);
    }
    assign.conversation = story_open(&s, story_customer(&s));
    assert_refused(&s, &assign, AT_CAPACITY);
}

static void an_offer_makes_room_for_what_is_assigned(void **state)
{
    UNUSED(state);
    for (int i = 0; i < 2; i++) story_waiting(&s, story_customer(&s));
    assert_int_equal(story_agent_view(&s, ana).offered, 2);
    uint64_t next = story_open(&s, story_customer(&s));
    struct command assign = story_by_supervisor(COMMAND_ASSIGN, boss, next);
    assign.assign.agent = ana;
    assert_int_equal(story_give(&s, &assign), REFUSAL_NONE);
    assert_events(&s, "offer.ended conversation.assigned");
    assert_int_equal(story_agent_view(&s, ana).active, 2);
    assert_int_equal(story_agent_view(&s, ana).offered, 1);
}

static void a_supervisor_notes_and_resolves_anything_open(void **state)
{
    UNUSED(state);
    struct command note = story_by_supervisor(COMMAND_NOTE, boss, chat), resolve = story_by_supervisor(COMMAND_RESOLVE, boss, chat);
    note.note.text = STR("watch this one");
    assert_int_equal(story_give(&s, &note), REFUSAL_NONE);
    assert_refused(&s, &resolve, MISSING_FIELD);
    resolve.resolve.disposition = STR("solved");
    resolve.resolve.topic = STR("dancing");
    assert_refused(&s, &resolve, BAD_FIELD);
    resolve.resolve.topic = STR("lost-card");
    assert_int_equal(story_give(&s, &resolve), REFUSAL_NONE);
    assert_events(&s, "conversation.resolved wrapup.started");
    assert_int_equal(story_event(&s, EVENT_WRAPUP_STARTED)->agent, ana);
    assert_refused(&s, &resolve, WRONG_STATE);
    assert_refused(&s, &note, WRONG_STATE);
    note.note.text = STR_EMPTY;
    assert_refused(&s, &note, EMPTY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_the_owner_speaks), TEST(a_supervisor_joins_speaks_and_leaves),
        TEST(who_is_no_supervisor_any_more_speaks_no_more), TEST(the_table_says_who_may),
        TEST(a_role_is_not_taken_at_its_word), TEST(a_supervisor_takes_over), TEST(taking_over_from_queue_and_assistant),
        TEST(assigned_to_who_is_there_and_has_room), TEST(an_offer_makes_room_for_what_is_assigned),
        TEST(a_supervisor_notes_and_resolves_anything_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
