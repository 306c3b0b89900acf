/* Sessions and members of staff. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t ana, admin;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    ana = story_agent(&s, "payments", "en");
    admin = story_staff(&s, "administrator", "", "en");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static uint64_t log_in(uint64_t agent, uint64_t token, int64_t expires_at)
{
    struct command command = story_by_node(COMMAND_OPEN_SESSION);
    command.agent = agent;
    command.open_session = (struct command_open_session){ .token = { 8, token }, .expires_at = expires_at };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    return s.outcome.id;
}

static bool is_in(uint64_t token)
{
    struct session_view view;
    return engine_session(s.engine, (struct digest){ 8, token }, s.now_ms, &view);
}

static void a_session_is_found_by_its_token_until_it_ends(void **state)
{
    UNUSED(state);
    uint64_t id = log_in(ana, 1, s.now_ms + 1000);
    struct session_view view;
    assert_true(engine_session(s.engine, (struct digest){ 8, 1 }, s.now_ms, &view));
    assert_int_equal(view.agent, ana);
    assert_int_equal(view.session, id);
    assert_false(is_in(2));
    assert_false(engine_session(s.engine, (struct digest){ 8, 1 }, s.now_ms + 1000, &view));
    story_wait(&s, 1000);
    assert_events(&s, "session.closed");
    assert_false(is_in(1));
}

static void logging_out_of_the_last_goes_offline(void **state)
{
    UNUSED(state);
    uint64_t first = log_in(ana, 1, 0);
    log_in(ana, 2, 0);
    story_online(&s, ana);
    struct command close = story_by_agent(COMMAND_CLOSE_SESSION, ana, 0);
    close.close_session.session = first;
    assert_int_equal(story_give(&s, &close), REFUSAL_NONE);
    assert_events(&s, "session.closed");
    assert_refused(&s, &close, NOT_FOUND);
    close.close_session.session = 0;
    assert_int_equal(story_give(&s, &close), REFUSAL_NONE);
    assert_events(&s, "session.closed presence.changed");
    assert_int_equal(story_agent_view(&s, ana).state, AGENT_OFFLINE);
    assert_false(is_in(2));
}

static void the_seventeenth_ends_the_first(void **state)
{
    UNUSED(state);
    for (uint64_t i = 1; i <= LIMIT_SESSIONS_PER_AGENT; i++) log_in(ana, i, 0);
    log_in(ana, 99, 0);
    assert_events(&s, "session.opened session.closed");
    assert_false(is_in(1));
    assert_true(is_in(2));
    assert_true(is_in(99));
}

static void bad_sessions_are_refused(void **state)
{
    UNUSED(state);
    struct command command = story_by_node(COMMAND_OPEN_SESSION);
    command.agent = 99;
    command.open_session.token = (struct digest){ 8, 1 };
    assert_refused(&s, &command, UNKNOWN_AGENT);
    command.agent = ana;
    command.open_session.expires_at = s.now_ms;
    assert_refused(&s, &command, BAD_FIELD);
    command.open_session.expires_at = INT64_MAX;
    assert_refused(&s, &command, BAD_FIELD);
    command.open_session.expires_at = 0;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_refused(&s, &command, BAD_FIELD); /* the token is taken */
    command.open_session.token = (struct digest){ 0, 0 };
    assert_refused(&s, &command, BAD_FIELD);
}

static void a_new_password_ends_all_sessions(void **state)
{
    UNUSED(state);
    log_in(ana, 1, 0);
    log_in(ana, 2, 0);
    story_online(&s, ana);
    struct command command = story_by_supervisor(COMMAND_SET_PASSWORD, admin, 0);
    command.target = ana;
    command.set_password.password_hash = STR("$argon2id$");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "agent.password_set presence.changed");
    assert_false(is_in(1) || is_in(2));
}

static void an_administrator_ends_anothers_sessions_and_no_agent_does(void **state)
{
    UNUSED(state);
    log_in(ana, 1, 0);
    struct command command = story_by_agent(COMMAND_CLOSE_SESSION, ana, 0);
    command.target = admin;
    assert_refused(&s, &command, NOT_ALLOWED);
    command = story_by_supervisor(COMMAND_CLOSE_SESSION, admin, 0);
    command.target = ana;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_false(is_in(1));
}

static void removed_is_gone_with_everything(void **state)
{
    UNUSED(state);
    log_in(ana, 1, 0);
    story_online(&s, ana);
    uint64_t maria = story_customer(&s), first = story_waiting(&s, maria);
    story_accept(&s, ana);
    story_waiting(&s, maria);
    struct command command = story_by_supervisor(COMMAND_REMOVE_AGENT, admin, 0);
    command.target = ana;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "offer.ended conversation.transferred human.requested conversation.queued presence.changed agent.removed");
    assert_int_equal(story_conversation(&s, first).state, CONVERSATION_WAITING);
    struct agent_view view;
    assert_false(engine_agent(s.engine, ana, &view));
    assert_false(is_in(1));
    assert_refused(&s, &command, UNKNOWN_AGENT);
    struct command online = story_by_agent(COMMAND_SET_PRESENCE, ana, 0);
    online.set_presence.state = STR("online");
    assert_refused(&s, &online, NOT_LOGGED_IN);
}

static struct command addition(uint64_t login)
{
    struct command command = story_by_supervisor(COMMAND_ADD_AGENT, admin, 0);
    command.add_agent = (struct command_add_agent){ .login = STR("ben"), .name = STR("Ben"), .login_digest = { 1, login } };
    return command;
}

static void a_new_member_of_staff_has_sensible_defaults(void **state)
{
    UNUSED(state);
    struct command command = addition(500);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    struct agent_view view = story_agent_view(&s, s.outcome.id);
    assert_true(str_equal(view.role, STR("agent")));
    assert_true(str_equal(view.pool, STR("employee")));
    assert_true(str_equal(view.languages, STR("en")));
    assert_int_equal(view.capacity, 3);
    assert_int_equal(view.state, AGENT_OFFLINE);
    assert_int_equal(engine_agent_by_login(s.engine, (struct digest){ 1, 500 }), view.id);
    assert_refused(&s, &command, TAKEN);
}

static void wrong_members_of_staff_are_refused(void **state)
{
    UNUSED(state);
    struct command command = addition(501);
    command.add_agent.role = STR("king");
    assert_refused(&s, &command, BAD_FIELD);
    command = addition(501);
    command.add_agent.pool = STR("ocean");
    assert_refused(&s, &command, BAD_FIELD);
    command = addition(501);
    command.add_agent.capacity = LIMIT_CAPACITY + 1;
    assert_refused(&s, &command, BAD_FIELD);
    command = addition(501);
    command.add_agent.skills = STR("payments,dancing");
    assert_refused(&s, &command, UNKNOWN_SKILL);
    command = addition(501);
    command.add_agent.languages = STR("tlh");
    assert_refused(&s, &command, UNKNOWN_SKILL);
    command = addition(501);
    command.add_agent.name = STR_EMPTY;
    assert_refused(&s, &command, EMPTY);
    command = addition(501);
    command.actor = ACTOR_AGENT;
    command.agent = ana;
    assert_refused(&s, &command, NOT_ALLOWED);
}

static void a_change_leaves_the_rest(void **state)
{
    UNUSED(state);
    struct command command = story_by_supervisor(COMMAND_CHANGE_AGENT, admin, 0);
    command.target = ana;
    command.change_agent.languages = STR("en,es");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    struct agent_view view = story_agent_view(&s, ana);
    assert_true(str_equal(view.skills, STR("payments")));
    assert_true(str_equal(view.languages, STR("en,es")));
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "");
    command.change_agent = (struct command_change_agent){ .given = 1 << 3 };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_int_equal(story_agent_view(&s, ana).skills.len, 0);
    command.target = 99;
    assert_refused(&s, &command, UNKNOWN_AGENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_session_is_found_by_its_token_until_it_ends), TEST(logging_out_of_the_last_goes_offline),
        TEST(the_seventeenth_ends_the_first), TEST(bad_sessions_are_refused), TEST(a_new_password_ends_all_sessions),
        TEST(an_administrator_ends_anothers_sessions_and_no_agent_does), TEST(removed_is_gone_with_everything),
        TEST(a_new_member_of_staff_has_sensible_defaults), TEST(wrong_members_of_staff_are_refused),
        TEST(a_change_leaves_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
