/* Agents confirm what customers' words were about; supervisors have the last word on it. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

static struct story s;
static uint64_t maria, chat, ana, ben, boss, said;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin_with(&s, STORY_SETTINGS "wrapup_ms 30000\nlook_back_ms 172800000\n");
    maria = story_customer(&s);
    ana = story_agent(&s, "", "en");
    boss = story_staff(&s, "supervisor", "", "en");
    story_online(&s, ana);
    chat = story_waiting(&s, maria);
    story_accept(&s, ana);
    ben = story_agent(&s, "", "en");
    said = story_say(&s, maria, chat, "my plastic is gone");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static struct command confirm(uint64_t agent, const char *wording)
{
    struct command command = story_by_agent(COMMAND_LEARN, agent, chat);
    command.learn = (struct command_learn){ .topic = STR("lost-card"), .wording = str_of(wording), .message = said, .language = STR("en") };
    return command;
}

static enum refusal review(enum command_kind kind, uint64_t paraphrase)
{
    struct command command = story_by_supervisor(kind, boss, 0);
    command.target = paraphrase;
    return story_give(&s, &command);
}

static bool take_first(void *context, const struct paraphrase_view *view)
{
    *(struct paraphrase_view *)context = *view;
    return false;
}

static struct paraphrase_view first(void)
{
    struct paraphrase_view view = { 0 };
    engine_each_paraphrase(s.engine, take_first, &view);
    return view;
}

static void what_is_confirmed_is_in_force_at_once(void **state)
{
    UNUSED(state);
    struct command command = confirm(ana, "my plastic is gone");
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "paraphrase.learned");
    assert_int_equal(s.outcome.id, 1);
    struct paraphrase_view learned = first();
    assert_false(learned.revoked);
    assert_true(str_equal(learned.target, STR("lost-card")) && str_equal(learned.wording, STR("my plastic is gone")));
    assert_int_equal(learned.agent, ana);
    assert_int_equal(learned.conversation, chat);
    assert_int_equal(learned.version, 1);
}

static void only_who_has_or_had_the_conversation_confirms(void **state)
{
    UNUSED(state);
    struct command strange = confirm(ben, "my plastic is gone"), own = confirm(ana, "my plastic is gone");
    assert_refused(&s, &strange, NOT_OWNER);
    story_resolve(&s, ana, chat);
    assert_int_equal(story_give(&s, &own), REFUSAL_NONE); /* in the wrap-up */
    story_wait_alive(&s, 3600000);
    own = confirm(ana, "the card has left me");
    assert_int_equal(story_give(&s, &own), REFUSAL_NONE); /* looking back */
    strange = confirm(ben, "something else again");
    assert_refused(&s, &strange, NOT_OWNER);
}

static void a_supervisor_revokes_and_approves_and_each_is_a_version(void **state)
{
    UNUSED(state);
    struct command command = confirm(ana, "my plastic is gone");
    story_give(&s, &command);
    assert_int_equal(review(COMMAND_REVOKE_PARAPHRASE, 1), REFUSAL_NONE);
    assert_events(&s, "paraphrase.reviewed");
    assert_true(first().revoked);
    assert_int_equal(first().version, 2);
    assert_int_equal(review(COMMAND_REVOKE_PARAPHRASE, 1), REFUSAL_NONE); /* it is so already */
    assert_int_equal(s.events.count, 0);
    assert_int_equal(review(COMMAND_APPROVE_PARAPHRASE, 1), REFUSAL_NONE);
    assert_false(first().revoked);
    assert_int_equal(first().version, 3);
    assert_int_equal(first().reviewer, boss);
    assert_int_equal(review(COMMAND_APPROVE_PARAPHRASE, 2), REFUSAL_NOT_FOUND);
    struct command agents = story_by_agent(COMMAND_REVOKE_PARAPHRASE, ana, 0);
    agents.target = 1;
    assert_refused(&s, &agents, NOT_ALLOWED);
}

static void a_wording_means_one_thing(void **state)
{
    UNUSED(state);
    struct command command = confirm(ana, "my plastic is gone"), again = confirm(ana, "my plastic is gone");
    story_give(&s, &command);
    again.learn.topic = STR("due-date");
    assert_refused(&s, &again, ALREADY_LEARNED);
    again.learn.wording = STR("My plastic, is  GONE!");
    assert_refused(&s, &again, ALREADY_LEARNED);
    review(COMMAND_REVOKE_PARAPHRASE, 1);
    assert_int_equal(story_give(&s, &again), REFUSAL_NONE);
    assert_int_equal(review(COMMAND_APPROVE_PARAPHRASE, 1), REFUSAL_ALREADY_LEARNED);
}

static void what_makes_no_sense_is_refused(void **state)
{
    UNUSED(state);
    struct command command = confirm(ana, "");
    assert_refused(&s, &command, EMPTY);
    command = confirm(ana, "x y");
    command.learn.topic = STR("nonsense");
    assert_refused(&s, &command, BAD_FIELD);
    command = confirm(ana, "x y");
    command.learn.article = STR("both");
    assert_refused(&s, &command, BAD_FIELD);
    command = confirm(ana, "x y");
    command.learn.topic = STR_EMPTY;
    assert_refused(&s, &command, BAD_FIELD);
    command = confirm(ana, "x y");
    command.learn.message = said + 1;
    assert_refused(&s, &command, BAD_FIELD);
    static char text[LIMIT_PARAPHRASE + 2];
    memset(text, 'x', sizeof text - 1);
    command = confirm(ana, text);
    assert_refused(&s, &command, TOO_LONG);
    command.learn.wording.len--;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
}

static void what_was_learned_outlives_its_customer(void **state)
{
    UNUSED(state);
    struct command command = confirm(ana, "my plastic is gone"), erase = story_by_node(COMMAND_ERASE_CUSTOMER);
    story_give(&s, &command);
    erase.erase_customer.customer = maria;
    assert_int_equal(story_give(&s, &erase), REFUSAL_NONE);
    assert_true(str_equal(first().wording, STR("my plastic is gone")));
}

static void when_there_are_as_many_as_allowed_a_revoked_one_gives_its_place(void **state)
{
    UNUSED(state);
    for (int i = 0; i < LIMIT_PARAPHRASES; i++) {
        char wording[32];
        snprintf(wording, sizeof wording, "wording %d", i);
        struct command command = confirm(ana, wording);
        assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
        story_wait_alive(&s, 1);
    }
    struct command more = confirm(ana, "one more");
    assert_refused(&s, &more, TOO_MANY);
    review(COMMAND_REVOKE_PARAPHRASE, 7);
    assert_int_equal(story_give(&s, &more), REFUSAL_NONE);
    assert_int_equal(review(COMMAND_APPROVE_PARAPHRASE, 7), REFUSAL_NOT_FOUND);
    assert_refused(&s, &more, ALREADY_LEARNED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_confirmed_is_in_force_at_once), TEST(only_who_has_or_had_the_conversation_confirms),
        TEST(a_supervisor_revokes_and_approves_and_each_is_a_version), TEST(a_wording_means_one_thing),
        TEST(what_makes_no_sense_is_refused), TEST(what_was_learned_outlives_its_customer),
        TEST(when_there_are_as_many_as_allowed_a_revoked_one_gives_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
