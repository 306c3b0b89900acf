/* Who the customers are, how long they are remembered, and how they are erased. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define DAY ((int64_t)86400000)

static struct story s;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static struct command seen(uint64_t customer, uint64_t identity, bool verified)
{
    struct command command = story_by_node(COMMAND_SEE_CUSTOMER);
    command.customer = customer;
    command.see_customer.identity = (struct digest){ identity, 0 };
    command.see_customer.verified = verified;
    return command;
}

static uint64_t see(uint64_t customer, uint64_t identity, bool verified)
{
    struct command command = seen(customer, identity, verified);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    return s.outcome.id;
}

static void an_identity_is_one_customer(void **state)
{
    UNUSED(state);
    uint64_t maria = see(0, 5, true);
    assert_int_equal(see(0, 5, true), maria);
    assert_events(&s, "");
    assert_int_not_equal(see(0, 6, true), maria);
    assert_int_equal(engine_customer_by_identity(s.engine, (struct digest){ 5, 0 }), maria);
    assert_true(engine_customer_verified(s.engine, maria));
    struct command impostor = seen(0, 5, false);
    assert_refused(&s, &impostor, BAD_IDENTITY);
}

static void an_anonymous_one_comes_back_or_is_new(void **state)
{
    UNUSED(state);
    uint64_t first = see(0, 0, false);
    assert_int_equal(see(first, 0, false), first);
    assert_events(&s, "");
    assert_int_not_equal(see(0, 0, false), first);
    assert_int_not_equal(see(99, 0, false), 99);
}

static void nobody_acts_for_a_stranger(void **state)
{
    UNUSED(state);
    struct command open = story_by_customer(COMMAND_OPEN, 99, 0);
    assert_refused(&s, &open, NOT_LOGGED_IN);
    open.customer = 0;
    assert_refused(&s, &open, NOT_LOGGED_IN);
}

static void sessions_end(void **state)
{
    UNUSED(state);
    uint64_t maria = story_customer(&s);
    assert_int_equal(engine_customer_sessions_from(s.engine, maria), 0);
    struct command end = story_by_customer(COMMAND_END_CUSTOMER_SESSIONS, maria, 0);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_true(engine_customer_sessions_from(s.engine, maria) > s.now_ms);
}

/* Something happens, so that time passes for the state. */
static void tick(int64_t ms)
{
    story_wait(&s, ms);
    struct command command = seen(0, 1000, true);
    command.see_customer.name = STR("somebody else");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
}

static void a_visitor_is_forgotten_an_identified_customer_is_not(void **state)
{
    UNUSED(state);
    uint64_t visitor = see(0, 0, false), maria = see(0, 5, true);
    tick(2 * DAY - 1);
    assert_true(engine_customer_known(s.engine, visitor));
    tick(1);
    assert_false(engine_customer_known(s.engine, visitor));
    assert_true(engine_customer_known(s.engine, maria));
    story_check_replay(&s);
    assert_int_not_equal(see(visitor, 0, false), visitor);
}

static void a_resolved_conversation_is_let_go_then_its_topic_then_its_customer(void **state)
{
    UNUSED(state);
    uint64_t visitor = see(0, 0, false), chat = story_open(&s, visitor);
    struct conversation_view view;
    story_say(&s, visitor, chat, "When do I pay?");
    story_answer(&s, chat, "due-date", "On the 5th.");
    struct command end = story_by_customer(COMMAND_END, visitor, chat), rate = story_by_customer(COMMAND_RATE, visitor, chat);
    rate.rate.stars = 5;
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    tick(2 * DAY - 1);
    assert_true(engine_conversation(s.engine, chat, &view));
    s.now_ms += 1;
    assert_refused(&s, &rate, NOT_FOUND);
    tick(0);
    assert_false(engine_conversation(s.engine, chat, &view));
    tick(5 * DAY - 1);
    story_check_replay(&s);
    tick(1);
    assert_true(engine_customer_known(s.engine, visitor));
    tick(2 * DAY);
    assert_false(engine_customer_known(s.engine, visitor));
}

static void open_conversations_are_never_let_go(void **state)
{
    UNUSED(state);
    uint64_t visitor = see(0, 0, false), chat = story_waiting(&s, visitor);
    for (int i = 0; i < 20; i++) tick(3 * DAY);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_WAITING);
}

static struct command erasure(uint64_t customer)
{
    struct command command = story_by_node(COMMAND_ERASE_CUSTOMER);
    command.erase_customer.customer = customer;
    return command;
}

static void erased_means_resolved_and_refused(void **state)
{
    UNUSED(state);
    uint64_t maria = see(0, 5, true), ana = story_agent(&s, "", "en");
    uint64_t first = story_waiting(&s, maria), second = story_open(&s, maria);
    story_online(&s, ana);
    story_accept(&s, ana);
    struct command erase = erasure(maria);
    assert_int_equal(story_give(&s, &erase), REFUSAL_NONE);
    assert_events(&s, "conversation.resolved conversation.resolved wrapup.started customer.erased");
    assert_true(engine_customer_erased(s.engine, maria));
    assert_int_equal(story_conversation(&s, first).state, CONVERSATION_RESOLVED);
    struct command say = story_by_customer(COMMAND_SAY, maria, second), note = story_by_agent(COMMAND_NOTE, ana, first);
    say.say.text = note.note.text = STR("hello");
    assert_refused(&s, &say, ERASED);
    assert_refused(&s, &note, ERASED); /* nothing may be sealed for them any more */
    assert_int_equal(story_give(&s, &erase), REFUSAL_NONE);
    assert_events(&s, "");
    /* Who comes back with the same identity is somebody new. */
    assert_int_not_equal(see(0, 5, true), maria);
}

static void erased_after_they_were_forgotten(void **state)
{
    UNUSED(state);
    uint64_t visitor = see(0, 0, false);
    tick(3 * DAY);
    assert_false(engine_customer_known(s.engine, visitor));
    struct command erase = erasure(visitor);
    assert_int_equal(story_give(&s, &erase), REFUSAL_NONE);
    assert_events(&s, "customer.erased");
    assert_true(engine_customer_erased(s.engine, visitor));
    erase = erasure(99);
    assert_refused(&s, &erase, NOT_FOUND);
    erase = erasure(0);
    assert_refused(&s, &erase, NOT_FOUND);
}

/* Whoever calls without end costs a bounded memory; those with a conversation stay, and so does the order. */
static void of_too_many_visitors_the_oldest_are_forgotten(void **state)
{
    UNUSED(state);
    uint64_t talks = see(0, 0, false), first = see(0, 0, false), second;
    story_open(&s, talks);
    tick(1);
    second = see(0, 0, false);
    for (int i = 0; i < LIMIT_IDLE_CUSTOMERS - 2; i++) {
        if (i % 1000 == 0) tick(1);
        see(0, 0, false);
    }
    assert_true(engine_customer_known(s.engine, first));
    tick(1);
    uint64_t last = see(0, 0, false);
    assert_false(engine_customer_known(s.engine, first));
    assert_true(engine_customer_known(s.engine, second));
    assert_true(engine_customer_known(s.engine, last));
    assert_true(engine_customer_known(s.engine, talks));
    tick(1);
    see(0, 0, false);
    assert_false(engine_customer_known(s.engine, second));
}

static void their_conversations_newest_first(void **state)
{
    UNUSED(state);
    uint64_t maria = see(0, 5, true), ids[8];
    for (int i = 0; i < 3; i++) story_open(&s, maria);
    assert_int_equal(engine_conversations_of_customer(s.engine, maria, ids, 8), 3);
    assert_int_equal(ids[0], 3);
    assert_int_equal(ids[2], 1);
    assert_int_equal(engine_conversations_of_customer(s.engine, maria, ids, 2), 2);
    assert_int_equal(engine_conversations_of_customer(s.engine, 77, ids, 2), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_identity_is_one_customer), TEST(an_anonymous_one_comes_back_or_is_new), TEST(nobody_acts_for_a_stranger),
        TEST(sessions_end), TEST(a_visitor_is_forgotten_an_identified_customer_is_not),
        TEST(a_resolved_conversation_is_let_go_then_its_topic_then_its_customer),
        TEST(open_conversations_are_never_let_go), TEST(erased_means_resolved_and_refused),
        TEST(erased_after_they_were_forgotten), TEST(of_too_many_visitors_the_oldest_are_forgotten),
        TEST(their_conversations_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
