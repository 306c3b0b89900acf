/* The same customer with the same matter again: silence is not success. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define DAY ((int64_t)86400000)

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

static void ask(uint64_t customer, uint64_t chat, const char *topic)
{
    story_say(&s, customer, chat, "about this");
    story_answer(&s, chat, topic, "so and so");
}

static void end(uint64_t customer, uint64_t chat)
{
    struct command command = story_by_customer(COMMAND_END, customer, chat);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
}

static uint64_t resolved_on(uint64_t customer, const char *topic)
{
    uint64_t chat = story_open(&s, customer);
    ask(customer, chat, topic);
    end(customer, chat);
    return chat;
}

static void another_conversation_on_the_same_topic(void **state)
{
    UNUSED(state);
    uint64_t first = resolved_on(maria, "due-date");
    int64_t resolved_at = s.now_ms;
    story_wait(&s, 6 * DAY);
    uint64_t second = story_open(&s, maria);
    ask(maria, second, "due-date");
    assert_events(&s, "assistant.decided recontact.marked message.sent");
    const struct event_recontact_marked *marked = &story_event(&s, EVENT_RECONTACT_MARKED)->recontact_marked;
    assert_int_equal(marked->previous, first);
    assert_int_equal(marked->resolved_at, resolved_at);
    assert_true(story_conversation(&s, second).recontact);
    ask(maria, second, "due-date");
    assert_int_equal(story_count(&s, EVENT_RECONTACT_MARKED), 0);
}

static void another_topic_or_customer_is_no_recontact(void **state)
{
    UNUSED(state);
    resolved_on(maria, "due-date");
    uint64_t second = story_open(&s, maria), john = story_customer(&s), third = story_open(&s, john);
    ask(maria, second, "lost-card");
    assert_int_equal(story_count(&s, EVENT_RECONTACT_MARKED), 0);
    ask(john, third, "due-date");
    assert_int_equal(story_count(&s, EVENT_RECONTACT_MARKED), 0);
}

static void the_window_ends(void **state)
{
    UNUSED(state);
    resolved_on(maria, "due-date");
    story_wait(&s, 7 * DAY);
    uint64_t second = story_open(&s, maria);
    ask(maria, second, "due-date");
    assert_int_equal(story_count(&s, EVENT_RECONTACT_MARKED), 0);
}

static void the_same_conversation_after_reopening(void **state)
{
    UNUSED(state);
    uint64_t first = resolved_on(maria, "due-date");
    story_wait(&s, 3600000);
    story_say(&s, maria, first, "it is still wrong");
    assert_int_equal(story_count(&s, EVENT_RECONTACT_MARKED), 0);
    story_answer(&s, first, "due-date", "so and so");
    assert_int_equal(story_event(&s, EVENT_RECONTACT_MARKED)->recontact_marked.previous, first);
}

static void the_agent_finds_out_what_it_was_about(void **state)
{
    UNUSED(state);
    resolved_on(maria, "lost-card");
    uint64_t ana = story_agent(&s, "", "en"), second = story_waiting(&s, maria);
    story_online(&s, ana);
    story_accept(&s, ana);
    struct command resolve = story_by_agent(COMMAND_RESOLVE, ana, second);
    resolve.resolve = (struct command_resolve){ .disposition = STR("solved"), .topic = STR("lost-card") };
    assert_int_equal(story_give(&s, &resolve), REFUSAL_NONE);
    assert_events(&s, "recontact.marked conversation.resolved wrapup.started");
}

static void the_latest_resolution_counts(void **state)
{
    UNUSED(state);
    resolved_on(maria, "due-date");
    story_wait(&s, DAY);
    uint64_t second = resolved_on(maria, "due-date"), third;
    story_wait(&s, 7 * DAY - 1);
    third = story_open(&s, maria);
    ask(maria, third, "due-date");
    assert_int_equal(story_event(&s, EVENT_RECONTACT_MARKED)->recontact_marked.previous, second);
}

static void no_window_no_recontacts(void **state)
{
    UNUSED(state);
    assert_int_equal(story_configure(&s, "2", STORY_SETTINGS "recontact_window_ms 0\n"), REFUSAL_NONE);
    resolved_on(maria, "due-date");
    uint64_t second = story_open(&s, maria);
    ask(maria, second, "due-date");
    assert_int_equal(story_count(&s, EVENT_RECONTACT_MARKED), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_conversation_on_the_same_topic), TEST(another_topic_or_customer_is_no_recontact),
        TEST(the_window_ends), TEST(the_same_conversation_after_reopening), TEST(the_agent_finds_out_what_it_was_about),
        TEST(the_latest_resolution_counts), TEST(no_window_no_recontacts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
