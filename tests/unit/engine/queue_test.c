/* The longest wait goes first, to whom has been idle longest, among those who can. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

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

/* A conversation on this topic that waits. */
static uint64_t waiting_on(const char *topic, const char *language)
{
    uint64_t customer = story_customer(&s);
    struct command open = story_by_customer(COMMAND_OPEN, customer, 0);
    open.open.language = str_of(language);
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    uint64_t chat = s.outcome.conversation;
    story_say(&s, customer, chat, "Hello");
    story_answer(&s, chat, topic, "Hm.");
    story_ask_human(&s, customer, chat);
    return chat;
}

static uint64_t with_capacity(uint64_t agent, uint64_t capacity)
{
    struct command change = story_by_node(COMMAND_CHANGE_AGENT);
    change.agent = agent;
    change.change_agent.capacity = capacity;
    assert_int_equal(story_give(&s, &change), REFUSAL_NONE);
    return agent;
}

static void first_come_first_served_across_topics(void **state)
{
    UNUSED(state);
    uint64_t cards = waiting_on("lost-card", "en");
    story_wait(&s, 10);
    uint64_t payments = waiting_on("due-date", "en");
    story_wait(&s, 10);
    uint64_t any = waiting_on("greeting", "en");
    uint64_t ana = with_capacity(story_agent(&s, "payments,cards", "en"), 1);
    const uint64_t order[] = { cards, payments, any };
    story_online(&s, ana);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        assert_int_equal(story_accept(&s, ana), order[i]);
        story_resolve(&s, ana, order[i]);
        story_wait_alive(&s, 30000);
    }
}

static void the_longest_idle_is_asked(void **state)
{
    UNUSED(state);
    uint64_t agents[3];
    for (size_t i = 0; i < ARRAY_LEN(agents); i++) {
        agents[i] = story_agent(&s, "", "en");
        story_online(&s, agents[i]);
        story_wait(&s, 5);
    }
    for (size_t i = 0; i < ARRAY_LEN(agents) * 2; i++) {
        uint64_t chat = story_waiting(&s, story_customer(&s));
        assert_int_equal(story_conversation(&s, chat).offered_to, agents[i % 3]);
        story_accept(&s, agents[i % 3]);
        story_wait(&s, 5);
    }
}

/* Not who was given work longest ago: who has had none for longest. */
static void idle_is_from_the_end_of_work(void **state)
{
    UNUSED(state);
    uint64_t ana = with_capacity(story_agent(&s, "", "en"), 1), ben = with_capacity(story_agent(&s, "", "en"), 1);
    story_online(&s, ana);
    story_wait(&s, 5);
    story_online(&s, ben);
    uint64_t long_one = story_waiting(&s, story_customer(&s)), short_one = story_waiting(&s, story_customer(&s));
    story_accept(&s, ana);
    story_wait(&s, 5);
    story_accept(&s, ben);
    story_resolve(&s, ben, short_one);
    story_wait(&s, 10);
    story_resolve(&s, ana, long_one);
    story_wait_alive(&s, 100000);
    uint64_t next = story_waiting(&s, story_customer(&s));
    assert_int_equal(story_conversation(&s, next).offered_to, ben);
}

static void equally_idle_by_number(void **state)
{
    UNUSED(state);
    uint64_t ana = story_agent(&s, "", "en"), ben = story_agent(&s, "", "en");
    story_online(&s, ben);
    story_online(&s, ana);
    uint64_t chat = story_waiting(&s, story_customer(&s));
    assert_int_equal(story_conversation(&s, chat).offered_to, ana);
}

static void skills_and_language_are_hard(void **state)
{
    UNUSED(state);
    uint64_t cards_en = story_agent(&s, "cards", "en"), payments_es = story_agent(&s, "payments", "es");
    story_online(&s, cards_en);
    story_online(&s, payments_es);
    uint64_t chat = waiting_on("due-date", "en");
    assert_int_equal(story_conversation(&s, chat).offered_to, 0);
    uint64_t chat_es = waiting_on("due-date", "es");
    assert_int_equal(story_conversation(&s, chat_es).offered_to, payments_es);
    uint64_t both = story_agent(&s, "cards,payments", "es,en");
    story_online(&s, both);
    assert_int_equal(story_conversation(&s, chat).offered_to, both);
}

/* Ana can take only cards; the older conversation that only Ben can take must not lose him. */
static void the_older_wait_keeps_its_only_agent(void **state)
{
    UNUSED(state);
    uint64_t older = waiting_on("due-date", "en");
    story_wait(&s, 10);
    uint64_t younger = waiting_on("lost-card", "en");
    uint64_t ben = with_capacity(story_agent(&s, "payments,cards", "en"), 1);
    uint64_t ana = with_capacity(story_agent(&s, "cards", "en"), 1);
    story_online(&s, ben);
    story_online(&s, ana);
    assert_int_equal(story_conversation(&s, older).offered_to, ben);
    assert_int_equal(story_conversation(&s, younger).offered_to, ana);
}

static void the_wait_counts_from_the_request_whatever_happens(void **state)
{
    UNUSED(state);
    uint64_t ana = story_agent(&s, "", "en"), chat = story_waiting(&s, story_customer(&s));
    int64_t from = s.now_ms;
    story_wait(&s, 1000);
    story_online(&s, ana);
    story_decline(&s, ana);
    story_wait_alive(&s, 40000);
    story_presence(&s, ana, "offline");
    assert_int_equal(story_conversation(&s, chat).wait_from, from);
    story_online(&s, ana);
    assert_int_equal(story_event(&s, EVENT_OFFER_MADE)->offer_made.wait_from, from);
}

struct told {
    struct queue_place places[8];
    size_t count;
};

static void note_place(void *context, const struct queue_place *place)
{
    struct told *told = context;
    told->places[told->count++] = *place;
}

static void place_and_honest_estimate(void **state)
{
    UNUSED(state);
    struct told told = { .count = 0 };
    uint64_t first = waiting_on("due-date", "en"), second = waiting_on("due-date", "en"), other = waiting_on("due-date", "es");
    engine_each_place(s.engine, note_place, &told);
    assert_int_equal(told.count, 3);
    for (size_t i = 0; i < 3; i++) assert_int_equal(told.places[i].low_ms, -1);
    int64_t low, high;
    engine_wait_now(s.engine, STR("en"), &low, &high);
    assert_int_equal(low, -1);
    for (int i = 0; i < 2; i++) {
        uint64_t agent = with_capacity(story_agent(&s, "payments", "en"), 2);
        story_online(&s, agent);
    }
    told.count = 0;
    engine_each_place(s.engine, note_place, &told);
    const struct queue_place expected[] = {
        { .conversation = first, .place = 1, .low_ms = 0, .high_ms = 240000 * 2 / 4 },
        { .conversation = second, .place = 2, .low_ms = 240000 / 4, .high_ms = 240000 * 3 / 4 },
        { .conversation = other, .place = 1, .low_ms = -1, .high_ms = -1 } };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(told.places[i].conversation, expected[i].conversation);
        assert_int_equal(told.places[i].place, expected[i].place);
        assert_int_equal(told.places[i].low_ms, expected[i].low_ms);
        assert_int_equal(told.places[i].high_ms, expected[i].high_ms);
    }
    for (size_t i = 0; i < 3; i++) {
        struct queue_place alone;
        assert_true(engine_place(s.engine, expected[i].conversation, &alone));
        assert_memory_equal(&alone, &told.places[i], sizeof alone);
    }
    struct queue_place nobody;
    assert_false(engine_place(s.engine, story_open(&s, story_customer(&s)), &nobody));
    assert_false(engine_place(s.engine, 0, &nobody) || engine_place(s.engine, 999, &nobody));
    engine_wait_now(s.engine, STR("en"), &low, &high);
    assert_int_equal(low, 240000 * 2 / 4);
    assert_int_equal(high, 240000 * 4 / 4);
}

static void the_sums_of_the_board(void **state)
{
    UNUSED(state);
    struct queue_view view;
    uint64_t ana = story_agent(&s, "", "en"), ben = story_agent(&s, "", "en");
    engine_queue(s.engine, &view);
    assert_int_equal(view.waiting + view.online + view.away + view.free_places, 0);
    assert_int_equal(view.longest_wait_from, 0);
    int64_t from = s.now_ms;
    for (int i = 0; i < 5; i++) {
        story_waiting(&s, story_customer(&s));
        s.now_ms += 10;
    }
    story_open(&s, story_customer(&s));
    story_online(&s, ana);
    story_presence(&s, ben, "away");
    story_accept(&s, ana);
    engine_queue(s.engine, &view);
    assert_int_equal(view.waiting, 4);
    assert_int_equal(view.active, 1);
    assert_int_equal(view.by_assistant, 1);
    assert_int_equal(view.online, 1);
    assert_int_equal(view.away, 1);
    assert_int_equal(view.free_places, 0);
    assert_int_equal(view.longest_wait_from, from + 10);
    assert_int_equal(view.handle_time_ms, 240000);
}

static void handle_time_follows_what_happens(void **state)
{
    UNUSED(state);
    struct queue_view view;
    uint64_t ana = story_agent(&s, "", "en");
    story_online(&s, ana);
    for (int i = 0; i < 200; i++) {
        uint64_t chat = story_waiting(&s, story_customer(&s));
        story_accept(&s, ana);
        story_wait_alive(&s, 60000);
        story_resolve(&s, ana, chat);
        story_wait_alive(&s, 30000);
    }
    engine_queue(s.engine, &view);
    assert_in_range(view.handle_time_ms, 59900, 62000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(first_come_first_served_across_topics), TEST(the_longest_idle_is_asked),
        TEST(idle_is_from_the_end_of_work), TEST(equally_idle_by_number),
        TEST(skills_and_language_are_hard), TEST(the_older_wait_keeps_its_only_agent),
        TEST(the_wait_counts_from_the_request_whatever_happens), TEST(place_and_honest_estimate),
        TEST(the_sums_of_the_board), TEST(handle_time_follows_what_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
