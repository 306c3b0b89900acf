/* Presence is a lease kept by heartbeats; a closed laptop is offline within seconds. */
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
    ana = story_agent(&s, "", "en");
    story_online(&s, ana);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static void beat(void)
{
    struct command command = story_by_agent(COMMAND_HEARTBEAT, ana, 0);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "");
}

static void assert_presence(enum agent_state state)
{
    assert_string_equal(agent_state_names[story_agent_view(&s, ana).state], agent_state_names[state]);
}

static void no_heartbeat_no_presence(void **state)
{
    UNUSED(state);
    story_wait(&s, 19999);
    assert_presence(AGENT_ONLINE);
    story_wait(&s, 1);
    assert_presence(AGENT_OFFLINE);
    assert_true(str_equal(story_event(&s, EVENT_PRESENCE_CHANGED)->presence_changed.reason, STR("lease_expired")));
}

static void heartbeats_keep_it(void **state)
{
    UNUSED(state);
    for (int i = 0; i < 100; i++) {
        story_wait(&s, 15000);
        beat();
    }
    assert_presence(AGENT_ONLINE);
    story_wait(&s, 20000);
    assert_presence(AGENT_OFFLINE);
}

static void away_has_a_lease_too(void **state)
{
    UNUSED(state);
    story_presence(&s, ana, "away");
    story_wait(&s, 20000);
    assert_presence(AGENT_OFFLINE);
}

static void a_late_heartbeat_brings_nobody_back(void **state)
{
    UNUSED(state);
    story_presence(&s, ana, "offline");
    beat();
    assert_presence(AGENT_OFFLINE);
    assert_int_equal(engine_next_wake(s.engine), INT64_MAX);
}

static void whatever_an_agent_does_shows_that_they_are_there(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, story_customer(&s));
    story_accept(&s, ana);
    for (int i = 0; i < 5; i++) {
        story_wait(&s, 15000);
        struct command say = story_by_agent(COMMAND_SAY, ana, chat);
        say.say.text = STR("One moment");
        assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    }
    assert_presence(AGENT_ONLINE);
}

static void the_same_again_is_no_news(void **state)
{
    UNUSED(state);
    struct command command = story_by_agent(COMMAND_SET_PRESENCE, ana, 0);
    command.set_presence.state = STR("online");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "");
    command.set_presence.state = STR("asleep");
    assert_refused(&s, &command, BAD_FIELD);
}

static void after_a_start_everybody_has_a_fresh_lease(void **state)
{
    UNUSED(state);
    struct buf snapshot;
    struct err err;
    struct engine *restored = engine_new();
    buf_init(&snapshot, LIMIT_SNAPSHOT);
    engine_encode(s.engine, &snapshot);
    assert_true(engine_decode(&err, restored, buf_str(&snapshot)));
    buf_free(&snapshot);
    int64_t later = s.now_ms + 3600000;
    engine_start(restored, later);
    struct command wake = story_by_node(COMMAND_WAKE);
    struct agent_view view;
    for (int64_t at = later; at < later + 20000; at += 1000)
        engine_handle(restored, at, &wake, &s.events);
    assert_true(engine_agent(restored, ana, &view));
    assert_int_equal(view.state, AGENT_ONLINE);
    engine_handle(restored, later + 20000, &wake, &s.events);
    assert_true(engine_agent(restored, ana, &view));
    assert_int_equal(view.state, AGENT_OFFLINE);
    engine_free(restored);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_heartbeat_no_presence), TEST(heartbeats_keep_it), TEST(away_has_a_lease_too),
        TEST(a_late_heartbeat_brings_nobody_back), TEST(whatever_an_agent_does_shows_that_they_are_there),
        TEST(the_same_again_is_no_news), TEST(after_a_start_everybody_has_a_fresh_lease),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
