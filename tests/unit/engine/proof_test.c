/* One-time codes: sent, tried, shown, used; and never to be guessed. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine/proof.h"

static struct story s;
static uint64_t maria, chat;
static const struct digest code = { 11, 22 }, other = { 11, 23 };

static uint64_t verified_customer(uint64_t number)
{
    struct command command = story_by_node(COMMAND_SEE_CUSTOMER);
    command.see_customer = (struct command_see_customer){ .identity = { 7, number }, .verified = 1, .language = STR("en") };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    return s.outcome.id;
}

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = verified_customer(1);
    chat = story_open(&s, maria);
    story_say(&s, maria, chat, "change my address");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static struct command send_in(uint64_t conversation, struct digest digest)
{
    struct command command = story_by_assistant(COMMAND_SEND_CODE, conversation);
    command.send_code = (struct command_send_code){ .turn = story_conversation(&s, conversation).turn, .code = digest };
    return command;
}

static void given_a_code(struct digest digest)
{
    struct command command = send_in(chat, digest);
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
}

static void when_all_is_answered(void)
{
    if (story_conversation(&s, chat).turn) story_answer(&s, chat, "", "Which code did you get?");
}

/* The message with the digits, and what came of it. */
static enum proof_outcome when_shown(struct digest digest)
{
    when_all_is_answered();
    struct command command = story_by_customer(COMMAND_SAY, maria, chat);
    command.say = (struct command_say){ .text = STR("******"), .code = digest };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    return story_conversation(&s, chat).code_outcome;
}

static enum refusal when_an_action_needs_it(void)
{
    struct command command = story_by_assistant(COMMAND_ACTION_START, chat);
    command.action_start = (struct command_action_start){ .turn = story_conversation(&s, chat).turn, .action = STR("change-email"),
                                                          .parameters = STR("{}"), .proven = 1 };
    return story_give(&s, &command);
}

static void whoever_shows_the_code_is_proven_for_a_quarter_of_an_hour(void **state)
{
    UNUSED(state);
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NOT_ALLOWED);
    given_a_code(code);
    assert_true(story_conversation(&s, chat).code_waits);
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NOT_ALLOWED);
    assert_int_equal(when_shown(code), PROOF_RIGHT);
    assert_false(story_conversation(&s, chat).code_waits);
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NONE);
    assert_events(&s, "identity.code_used action.started");
    struct command say = story_by_customer(COMMAND_SAY, maria, chat);
    say.say.text = STR("go on");
    s.now_ms += PROOF_GOOD_MS;
    when_all_is_answered();
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).code_outcome, PROOF_NONE);
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NOT_ALLOWED);
}

static void a_code_is_good_once(void **state)
{
    UNUSED(state);
    given_a_code(code);
    assert_int_equal(when_shown(code), PROOF_RIGHT);
    assert_int_equal(when_shown(code), PROOF_NONE);
    assert_int_equal(story_count(&s, EVENT_CODE_TRIED), 0);
}

static void after_five_tries_a_code_is_used_up(void **state)
{
    UNUSED(state);
    given_a_code(code);
    for (int i = 1; i < PROOF_TRIES; i++) assert_int_equal(when_shown(other), PROOF_WRONG_CODE);
    assert_int_equal(when_shown(other), PROOF_USED_UP);
    assert_int_equal(when_shown(code), PROOF_NONE);
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NOT_ALLOWED);
}

static void a_code_is_good_for_ten_minutes(void **state)
{
    UNUSED(state);
    given_a_code(code);
    s.now_ms += PROOF_CODE_MS;
    assert_int_equal(when_shown(code), PROOF_EXPIRED);
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NOT_ALLOWED);
}

static void a_code_is_sent_once_a_minute(void **state)
{
    UNUSED(state);
    given_a_code(code);
    struct command again = send_in(chat, other);
    assert_refused(&s, &again, RATE_LIMITED);
    assert_string_equal(s.outcome.field, "too_soon");
    s.now_ms += PROOF_AGAIN_MS;
    given_a_code(other);
    assert_int_equal(when_shown(code), PROOF_WRONG_CODE);
    assert_int_equal(when_shown(other), PROOF_RIGHT);
}

/* In ever new conversations: the customer's own limit holds. */
static void nobody_guesses_through_many_conversations(void **state)
{
    UNUSED(state);
    int tries = 0;
    for (int i = 0; i < 40; i++) {
        struct command send = send_in(chat, code);
        if (story_give(&s, &send) == REFUSAL_NONE)
            for (int k = 0; k < PROOF_TRIES; k++) tries += when_shown(other) != PROOF_NONE;
        struct command end = story_by_customer(COMMAND_END, maria, chat);
        assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
        chat = story_open(&s, maria);
        story_say(&s, maria, chat, "again");
    }
    assert_int_equal(tries, PROOF_WRONG);
    struct command send = send_in(chat, code);
    assert_refused(&s, &send, RATE_LIMITED);
    assert_string_equal(s.outcome.field, "too_many");
    s.now_ms += PROOF_WINDOW_MS;
    given_a_code(code);
    assert_int_equal(when_shown(code), PROOF_RIGHT);
}

static void a_code_belongs_to_its_conversation(void **state)
{
    UNUSED(state);
    given_a_code(code);
    uint64_t second = story_open(&s, maria);
    struct command say = story_by_customer(COMMAND_SAY, maria, second);
    say.say = (struct command_say){ .text = STR("******"), .code = code };
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_int_equal(story_count(&s, EVENT_CODE_TRIED), 0);
    assert_int_equal(story_conversation(&s, second).proven_until, 0);
}

static void a_stranger_gets_no_code(void **state)
{
    UNUSED(state);
    uint64_t nobody = story_customer(&s), talk = story_open(&s, nobody);
    story_say(&s, nobody, talk, "hello");
    struct command send = send_in(talk, code);
    assert_refused(&s, &send, NOT_ALLOWED);
}

static void an_end_ends_the_proof(void **state)
{
    UNUSED(state);
    given_a_code(code);
    assert_int_equal(when_shown(code), PROOF_RIGHT);
    struct command end = story_by_customer(COMMAND_END, maria, chat);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    story_say(&s, maria, chat, "one more thing");
    assert_int_equal(when_an_action_needs_it(), REFUSAL_NOT_ALLOWED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whoever_shows_the_code_is_proven_for_a_quarter_of_an_hour),
        TEST(a_code_is_good_once),
        TEST(after_five_tries_a_code_is_used_up),
        TEST(a_code_is_good_for_ten_minutes),
        TEST(a_code_is_sent_once_a_minute),
        TEST(nobody_guesses_through_many_conversations),
        TEST(a_code_belongs_to_its_conversation),
        TEST(a_stranger_gets_no_code),
        TEST(an_end_ends_the_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
