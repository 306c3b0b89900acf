/* The workspace's files change while conversations go on. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria, ana;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    ana = story_agent(&s, "payments", "en,es");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static uint64_t waiting_in_spanish(void)
{
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    open.open.language = STR("es");
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    uint64_t chat = s.outcome.conversation;
    story_say(&s, maria, chat, "Hola");
    story_answer(&s, chat, "due-date", "Hm.");
    story_ask_human(&s, maria, chat);
    return chat;
}

static void the_same_again_is_no_news(void **state)
{
    UNUSED(state);
    assert_int_equal(story_configure(&s, "1", STORY_SETTINGS), REFUSAL_NONE);
    assert_events(&s, "");
    assert_int_equal(story_configure(&s, "2", STORY_SETTINGS), REFUSAL_NONE);
    assert_events(&s, "workspace.configured");
    assert_int_equal(story_configure(&s, "3", "nonsense"), REFUSAL_BAD_SETTINGS);
    assert_events(&s, "");
}

static void a_language_that_vanishes_is_served_in_the_first(void **state)
{
    UNUSED(state);
    uint64_t chat = waiting_in_spanish(), english = story_agent(&s, "payments", "en");
    story_online(&s, english);
    assert_int_equal(story_conversation(&s, chat).offered_to, 0);
    assert_int_equal(story_configure(&s, "2", "language en\nskill payments\ntopic due-date payments\n"), REFUSAL_NONE);
    assert_events(&s, "workspace.configured offer.made");
    assert_int_equal(story_conversation(&s, chat).offered_to, english);
    assert_true(str_equal(story_conversation(&s, chat).language, STR("es")));
}

static void a_skill_that_vanishes_is_not_asked_for(void **state)
{
    UNUSED(state);
    uint64_t chat = waiting_in_spanish(), other = story_agent(&s, "cards", "es");
    story_online(&s, other);
    assert_int_equal(story_configure(&s, "2", "language en\nlanguage es\nskill cards\n"), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).offered_to, other);
}

static void names_that_come_back_count_again(void **state)
{
    UNUSED(state);
    assert_int_equal(story_configure(&s, "2", "language en\n"), REFUSAL_NONE);
    assert_int_equal(story_configure(&s, "3", STORY_SETTINGS), REFUSAL_NONE);
    uint64_t chat = waiting_in_spanish();
    story_online(&s, ana);
    assert_int_equal(story_conversation(&s, chat).offered_to, ana);
    assert_true(str_equal(story_agent_view(&s, ana).languages, STR("en,es")));
}

/* Skill numbers move when lines move; an agent keeps what they can, not where it stood. */
static void the_order_of_lines_does_not_matter(void **state)
{
    UNUSED(state);
    story_online(&s, ana);
    uint64_t chat = waiting_in_spanish();
    assert_int_equal(story_configure(&s, "2", "language de\nlanguage es\nlanguage en\nskill loans\nskill cards\nskill payments\n"
                                     "topic due-date payments\n"), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).offered_to, ana);
    story_accept(&s, ana);
}

static void an_offer_that_does_not_fit_any_more_is_taken_back(void **state)
{
    UNUSED(state);
    uint64_t german = story_agent(&s, "", "en");
    assert_int_equal(story_configure(&s, "2", "language es\nlanguage en\n"), REFUSAL_NONE);
    story_online(&s, german);
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    open.open.language = STR("en");
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    uint64_t chat = s.outcome.conversation;
    story_ask_human(&s, maria, chat);
    assert_int_equal(story_conversation(&s, chat).offered_to, german);
    /* English goes, so the conversation is served in Spanish, which this agent does not speak. */
    assert_int_equal(story_configure(&s, "3", "language es\n"), REFUSAL_NONE);
    assert_events(&s, "workspace.configured offer.ended");
    story_online(&s, ana);
    assert_int_equal(story_conversation(&s, chat).offered_to, ana);
}

static void times_change_for_what_goes_on(void **state)
{
    UNUSED(state);
    uint64_t chat = story_open(&s, maria);
    story_say(&s, maria, chat, "Hello?");
    assert_int_equal(story_configure(&s, "2", STORY_SETTINGS "assistant_patience_ms 1000\n"), REFUSAL_NONE);
    story_wait(&s, 1000);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_WAITING);
}

static void before_any_settings_the_defaults_serve(void **state)
{
    UNUSED(state);
    struct engine *engine = engine_new();
    assert_int_equal(engine_settings(engine)->offer_patience_ms, 15000);
    assert_int_equal(engine_seq(engine), 0);
    struct command see = story_by_node(COMMAND_SEE_CUSTOMER);
    assert_int_equal(engine_handle(engine, 5, &see, &s.events).id, 1);
    engine_free(engine);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_again_is_no_news), TEST(a_language_that_vanishes_is_served_in_the_first),
        TEST(a_skill_that_vanishes_is_not_asked_for), TEST(names_that_come_back_count_again),
        TEST(the_order_of_lines_does_not_matter), TEST(an_offer_that_does_not_fit_any_more_is_taken_back),
        TEST(times_change_for_what_goes_on), TEST(before_any_settings_the_defaults_serve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
