/* An offer: made, accepted, declined, expired, cancelled; and what follows from each. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria, ana, ben;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    ana = story_agent(&s, "", "en");
    ben = story_agent(&s, "", "en");
    story_online(&s, ana);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static void who_is_there_is_asked_at_once(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    assert_events(&s, "human.requested conversation.queued offer.made");
    struct offer_view offer;
    assert_true(engine_offer(s.engine, story_offer_of(&s, ana), &offer));
    assert_int_equal(offer.conversation, chat);
    assert_int_equal(offer.expires_at, s.now_ms + 15000);
    assert_int_equal(story_agent_view(&s, ana).offered, 1);
    assert_int_equal(story_conversation(&s, chat).offered_to, ana);
}

static void who_comes_online_is_asked_at_once(void **state)
{
    UNUSED(state);
    story_presence(&s, ana, "offline");
    story_waiting(&s, maria);
    assert_events(&s, "human.requested conversation.queued");
    story_online(&s, ben);
    assert_events(&s, "presence.changed offer.made");
}

static void accepted_means_owned(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    assert_int_equal(story_accept(&s, ana), chat);
    assert_events(&s, "offer.ended conversation.assigned");
    assert_int_equal(story_conversation(&s, chat).agent, ana);
    assert_int_equal(story_event(&s, EVENT_CONVERSATION_ASSIGNED)->owner, ana);
    assert_int_equal(story_agent_view(&s, ana).active, 1);
}

static void an_offer_is_answered_once_and_by_its_agent(void **state)
{
    UNUSED(state);
    story_waiting(&s, maria);
    struct command accept = story_by_agent(COMMAND_ACCEPT, ben, 0);
    accept.target = story_offer_of(&s, ana);
    assert_refused(&s, &accept, NOT_FOUND);
    accept.target++;
    assert_refused(&s, &accept, NOT_FOUND);
    uint64_t offer = story_offer_of(&s, ana);
    story_accept(&s, ana);
    accept = story_by_agent(COMMAND_ACCEPT, ana, 0);
    accept.target = offer;
    assert_refused(&s, &accept, OFFER_GONE);
    accept.kind = COMMAND_DECLINE;
    assert_refused(&s, &accept, OFFER_GONE);
}

static void declined_goes_to_the_next_and_rests_for_the_first(void **state)
{
    UNUSED(state);
    story_online(&s, ben);
    story_waiting(&s, maria);
    story_decline(&s, ana);
    assert_events(&s, "offer.ended offer.made");
    assert_true(story_offer_of(&s, ben));
    story_decline(&s, ben);
    assert_events(&s, "offer.ended");
    story_wait_alive(&s, 29999);
    assert_false(story_offer_of(&s, ana));
    story_wait_alive(&s, 1);
    assert_true(story_offer_of(&s, ana));
}

/* The rest's end comes due while other things happen; it must not be forgotten. */
static void the_end_of_a_rest_is_noticed_however_busy_it_is(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    story_decline(&s, ana);
    s.now_ms += 5000;
    struct command beat = story_by_agent(COMMAND_HEARTBEAT, ana, 0);
    assert_int_equal(story_give(&s, &beat), REFUSAL_NONE);
    s.now_ms += 26000; /* the rest is over, nobody has woken the engine */
    story_give(&s, &beat);
    story_say(&s, maria, chat, "Is anybody there?");
    story_wait(&s, 0);
    assert_true(story_offer_of(&s, ana));
}

static void expired_rests_and_twice_in_a_row_sets_away(void **state)
{
    UNUSED(state);
    uint64_t first = story_waiting(&s, maria);
    story_wait_alive(&s, 15000);
    assert_false(story_offer_of(&s, ana));
    assert_int_equal(story_agent_view(&s, ana).state, AGENT_ONLINE);
    uint64_t second = story_waiting(&s, story_customer(&s));
    assert_true(story_offer_of(&s, ana));
    story_wait_alive(&s, 15000);
    assert_int_equal(story_agent_view(&s, ana).state, AGENT_AWAY);
    assert_int_equal(story_conversation(&s, first).state, CONVERSATION_WAITING);
    assert_int_equal(story_conversation(&s, second).state, CONVERSATION_WAITING);
    story_online(&s, ana);
    story_wait_alive(&s, 30000);
    assert_true(story_offer_of(&s, ana));
}

static void an_answer_ends_the_row_of_missed_ones(void **state)
{
    UNUSED(state);
    for (int round = 0; round < 3; round++) {
        story_waiting(&s, story_customer(&s));
        story_wait_alive(&s, 15000);
        story_waiting(&s, story_customer(&s));
        story_decline(&s, ana);
        assert_int_equal(story_agent_view(&s, ana).state, AGENT_ONLINE);
    }
}

static void too_late_by_a_millisecond(void **state)
{
    UNUSED(state);
    story_waiting(&s, maria);
    s.now_ms += 14999;
    struct command accept = story_by_agent(COMMAND_ACCEPT, ana, 0);
    accept.target = story_offer_of(&s, ana);
    s.now_ms++;
    assert_refused(&s, &accept, OFFER_GONE);
    s.now_ms--;
    /* The clock was set back: what was seen stays seen. */
    assert_refused(&s, &accept, OFFER_GONE);
}

static void away_gives_the_offer_to_another(void **state)
{
    UNUSED(state);
    story_online(&s, ben);
    story_waiting(&s, maria);
    story_presence(&s, ana, "away");
    assert_events(&s, "offer.ended presence.changed offer.made");
    assert_true(str_equal(story_event(&s, EVENT_OFFER_ENDED)->offer_ended.outcome, STR("cancelled")));
    assert_true(str_equal(story_event(&s, EVENT_OFFER_ENDED)->offer_ended.reason, STR("agent_gone")));
    assert_true(story_offer_of(&s, ben));
}

static void the_customer_leaves_while_it_rings(void **state)
{
    UNUSED(state);
    uint64_t chat = story_waiting(&s, maria);
    struct command end = story_by_customer(COMMAND_END, maria, chat);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "offer.ended conversation.resolved");
    assert_int_equal(story_agent_view(&s, ana).offered, 0);
}

static void sixteen_decliners_are_remembered(void **state)
{
    UNUSED(state);
    story_presence(&s, ana, "offline");
    uint64_t chat = story_waiting(&s, maria), agents[LIMIT_DECLINERS + 1];
    for (size_t i = 0; i < ARRAY_LEN(agents); i++) {
        agents[i] = story_agent(&s, "", "en");
        story_online(&s, agents[i]);
        assert_int_equal(story_conversation(&s, chat).offered_to, agents[i]);
        story_decline(&s, agents[i]);
        story_wait(&s, 1);
    }
    /* The first one's rest gave way to the last one's. */
    assert_int_equal(story_conversation(&s, chat).offered_to, agents[0]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_there_is_asked_at_once), TEST(who_comes_online_is_asked_at_once), TEST(accepted_means_owned),
        TEST(an_offer_is_answered_once_and_by_its_agent), TEST(declined_goes_to_the_next_and_rests_for_the_first),
        TEST(the_end_of_a_rest_is_noticed_however_busy_it_is), TEST(expired_rests_and_twice_in_a_row_sets_away),
        TEST(an_answer_ends_the_row_of_missed_ones), TEST(too_late_by_a_millisecond),
        TEST(away_gives_the_offer_to_another), TEST(the_customer_leaves_while_it_rings),
        TEST(sixteen_decliners_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
