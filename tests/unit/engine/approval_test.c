/* Four eyes: asked for, allowed or refused by somebody else who may, run once, or gone after its time. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct story s;
static uint64_t maria, chat, ana, ben, eva;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    ana = story_agent(&s, "payments", "en");
    ben = story_agent(&s, "cards", "en");
    eva = story_staff(&s, "supervisor", "", "en");
    chat = story_open(&s, maria);
    story_say(&s, maria, chat, "pay it back");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static uint64_t given_a_request(bool supervisor)
{
    struct command command = story_by_assistant(COMMAND_REQUEST_APPROVAL, chat);
    command.request_approval = (struct command_request_approval){ .turn = story_conversation(&s, chat).turn, .action = STR("pay-back"),
        .topic = STR("due-date"), .parameters = STR("{}"), .supervisor = supervisor, .idempotency_key = STR("key-1"), .flow = 1, .place = STR("{}") };
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
    assert_events(&s, "approval.requested");
    return s.outcome.id;
}

static struct command give(uint64_t agent, uint64_t number)
{
    struct command command = story_by_agent(COMMAND_GIVE_APPROVAL, agent, 0);
    command.target = number;
    return command;
}

static struct command refuse(uint64_t agent, uint64_t number)
{
    struct command command = story_by_agent(COMMAND_REFUSE_APPROVAL, agent, 0);
    command.target = number;
    command.refuse_approval = (struct command_refuse_approval){ .reason = STR("no"), .note = STR("It was not allowed.") };
    return command;
}

static struct command finish(uint64_t number, const char *outcome)
{
    struct command command = story_by_node(COMMAND_FINISH_APPROVAL);
    command.target = number;
    command.finish_approval = (struct command_finish_approval){ .outcome = str_of(outcome), .result = STR("{}"), .note = STR("It is done.") };
    return command;
}

static void who_has_the_skill_may_allow_it_and_it_ends_once(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    struct command by_ben = give(ben, number), by_ana = give(ana, number), end = finish(number, "done");
    assert_refused(&s, &end, NOT_FOUND);
    assert_refused(&s, &by_ben, NOT_ALLOWED);
    assert_true(engine_may_decide(s.engine, ana, number) && engine_may_decide(s.engine, eva, number) && !engine_may_decide(s.engine, ben, number));
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    assert_events(&s, "approval.given");
    assert_refused(&s, &by_ana, WRONG_STATE);
    struct command late = refuse(ana, number);
    assert_refused(&s, &late, WRONG_STATE);
    story_check_replay(&s);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "approval.done");
    assert_refused(&s, &end, NOT_FOUND);
}

static void some_things_only_supervisors_may_allow(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(true);
    struct command by_ana = give(ana, number);
    assert_refused(&s, &by_ana, NOT_ALLOWED);
    struct command by_eva = story_by_supervisor(COMMAND_GIVE_APPROVAL, eva, 0);
    by_eva.target = number;
    assert_int_equal(story_give(&s, &by_eva), REFUSAL_NONE);
}

static void nobody_allows_what_they_asked_for(void **state)
{
    UNUSED(state);
    story_ask_human(&s, maria, chat);
    struct command take = story_by_supervisor(COMMAND_TAKE_OVER, eva, chat);
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    struct command ask = story_by_supervisor(COMMAND_REQUEST_APPROVAL, eva, chat);
    ask.request_approval = (struct command_request_approval){ .action = STR("pay-back"), .topic = STR("due-date"), .parameters = STR("{}"), .value = 1,
                                                              .idempotency_key = STR("key-2") };
    assert_int_equal(story_give(&s, &ask), REFUSAL_NONE);
    uint64_t number = s.outcome.id;
    struct command by_eva = story_by_supervisor(COMMAND_GIVE_APPROVAL, eva, 0), by_ana = give(ana, number), end = finish(number, "done");
    by_eva.target = number;
    assert_refused(&s, &by_eva, NOT_ALLOWED);
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    /* A person has the conversation: the assistant is silent, and the person tells it. */
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "approval.done note.added");
}

static struct command wish_of(uint64_t agent, uint64_t value)
{
    struct command command = story_by_agent(COMMAND_REQUEST_APPROVAL, agent, chat);
    command.request_approval = (struct command_request_approval){ .action = STR("pay-back"), .parameters = STR("{}"), .value = value, .most = 5000,
                                                                  .idempotency_key = STR("key-3") };
    return command;
}

/* Within the limit a member of staff runs it, in a conversation of theirs; above it a colleague allows it. */
static void an_agent_runs_what_is_within_the_limit(void **state)
{
    UNUSED(state);
    struct command early = wish_of(ana, 5000);
    assert_refused(&s, &early, NOT_OWNER);
    story_ask_human(&s, maria, chat);
    struct command take = story_by_supervisor(COMMAND_TAKE_OVER, eva, chat), wish = wish_of(eva, 5000), more = wish_of(eva, 5001);
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    wish.actor = more.actor = ACTOR_SUPERVISOR;
    assert_int_equal(story_give(&s, &wish), REFUSAL_NONE);
    assert_events(&s, "approval.requested");
    assert_true(str_equal(story_event(&s, EVENT_APPROVAL_REQUESTED)->approval_requested.needs, STR("nobody")));
    uint64_t number = s.outcome.id;
    struct command by_ana = give(ana, number), end = finish(number, "done");
    assert_refused(&s, &by_ana, NOT_ALLOWED);
    story_check_replay(&s);
    story_wait(&s, 3600000); /* nobody is waited for, so nothing expires */
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "approval.done note.added");
    assert_refused(&s, &end, NOT_FOUND);
    assert_int_equal(story_give(&s, &more), REFUSAL_NONE);
    assert_true(str_equal(story_event(&s, EVENT_APPROVAL_REQUESTED)->approval_requested.needs, STR("agent")));
    end = finish(s.outcome.id, "done");
    assert_refused(&s, &end, NOT_FOUND);
}

static void what_needs_the_customer_needs_them_of_an_agent_too(void **state)
{
    UNUSED(state);
    story_ask_human(&s, maria, chat);
    struct command take = story_by_supervisor(COMMAND_TAKE_OVER, eva, chat), wish = wish_of(eva, 0);
    assert_int_equal(story_give(&s, &take), REFUSAL_NONE);
    wish.actor = ACTOR_SUPERVISOR;
    wish.request_approval.verified = 1;
    assert_refused(&s, &wish, NOT_ALLOWED); /* nobody knows who Maria is */
    wish.request_approval.verified = 0;
    wish.request_approval.proven = 1;
    assert_refused(&s, &wish, NOT_ALLOWED);
    assert_string_equal(s.outcome.field, "code");
}

static void a_refusal_is_told_with_a_reason_for_colleagues_only(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    struct command no = refuse(ana, number), silent = no;
    silent.refuse_approval.reason = STR_EMPTY;
    assert_refused(&s, &silent, EMPTY);
    assert_int_equal(story_give(&s, &no), REFUSAL_NONE);
    assert_events(&s, "approval.refused");
    assert_refused(&s, &no, WRONG_STATE); /* until the customer has been told */
    story_answer(&s, chat, "due-date", "It stays as it is.");
    story_answer(&s, chat, "due-date", "A person could not allow it.");
    assert_refused(&s, &no, NOT_FOUND);
}

static void what_nobody_decides_goes_to_the_queue(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    story_wait(&s, 3600000);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_WAITING);
    struct command by_ana = give(ana, number);
    assert_refused(&s, &by_ana, NOT_FOUND);
}

/* Whatever else the customer has talked about meanwhile. */
static void who_could_have_decided_it_is_asked_first_then(void **state)
{
    UNUSED(state);
    given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    story_say(&s, maria, chat, "and my card is lost");
    story_answer(&s, chat, "lost-card", "It is blocked.");
    story_wait(&s, 3600000);
    assert_true(str_equal(story_event(&s, EVENT_CONVERSATION_QUEUED)->conversation_queued.skills, STR("payments")));
}

static uint64_t allowed_and_run(uint64_t number)
{
    struct command by_ana = give(ana, number), end = finish(number, "done");
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    return story_event(&s, EVENT_APPROVAL_DONE)->seq;
}

/* The end is a turn that the assistant owes, as a message is. */
static void the_flow_goes_on_with_what_was_decided(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    uint64_t end = allowed_and_run(number);
    assert_int_equal(story_conversation(&s, chat).turn, end);
    story_check_replay(&s);
    story_answer(&s, chat, "due-date", "It is done, and the next step is this.");
    assert_events(&s, "assistant.decided message.sent");
    assert_int_equal(story_conversation(&s, chat).turn, 0);
    struct approval_view view;
    assert_false(engine_approval(s.engine, number, &view));
}

/* Whoever is asked something first is answered first; the end is not forgotten over it. */
static void a_message_of_the_customer_comes_first(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    story_say(&s, maria, chat, "and another thing");
    uint64_t asked = story_conversation(&s, chat).turn, end = allowed_and_run(number);
    assert_int_equal(story_conversation(&s, chat).turn, asked);
    story_check_replay(&s);
    story_answer(&s, chat, "due-date", "As to the other thing.");
    assert_int_equal(story_conversation(&s, chat).turn, end);
    story_say(&s, maria, chat, "and a third");
    story_answer(&s, chat, "due-date", "As to the third.");
    assert_int_equal(story_conversation(&s, chat).turn, end);
}

/* A conversation is not closed over what somebody has yet to decide; closed by the customer, it opens again for the result. */
static void the_result_comes_to_a_customer_who_has_gone(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    struct command leave = story_by_customer(COMMAND_END, maria, chat);
    assert_int_equal(story_give(&s, &leave), REFUSAL_NONE);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_RESOLVED);
    struct command by_ana = give(ana, number), end = finish(number, "done");
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "conversation.reopened approval.done");
    assert_int_equal(story_conversation(&s, chat).turn, story_event(&s, EVENT_APPROVAL_DONE)->seq);
    story_answer(&s, chat, "due-date", "It is done.");
    assert_events(&s, "assistant.decided message.sent"); /* and nobody has asked again */
}

static void who_has_taken_the_conversation_has_the_result(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    story_ask_human(&s, maria, chat);
    struct command by_ana = give(ana, number), end = finish(number, "done");
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "approval.done note.added");
    assert_true(str_equal(story_event(&s, EVENT_NOTE_ADDED)->note_added.text, STR("It is done.")));
    assert_int_equal(story_conversation(&s, chat).turn, 0);
    assert_refused(&s, &end, NOT_FOUND);
}

/* Asked for a person when the end is there and not told yet: the assistant is silent, for good. */
static void a_wish_for_a_person_ends_the_flow(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    allowed_and_run(number);
    story_ask_human(&s, maria, chat);
    struct approval_view view;
    assert_false(engine_approval(s.engine, number, &view));
    assert_int_equal(story_conversation(&s, chat).turn, 0);
}

/* The server died before the assistant had answered: the turn is taken up again. */
static void a_turn_asks_once(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    struct command again = story_by_assistant(COMMAND_REQUEST_APPROVAL, chat), by_ana = give(ana, number), end = finish(number, "done");
    again.request_approval = (struct command_request_approval){ .turn = story_conversation(&s, chat).turn, .action = STR("pay-back"),
        .topic = STR("due-date"), .parameters = STR("{}"), .idempotency_key = STR("key-1") };
    assert_int_equal(story_give(&s, &again), REFUSAL_NONE);
    assert_events(&s, "");
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_int_equal(story_give(&s, &again), REFUSAL_NONE); /* over meanwhile: all the same */
    assert_events(&s, "");
}

static void a_conversation_has_so_many_at_most(void **state)
{
    UNUSED(state);
    for (int i = 0; i < 4; i++) {
        given_a_request(false);
        story_answer(&s, chat, "", "I have asked for it.");
        story_say(&s, maria, chat, "and one more");
    }
    struct command command = story_by_assistant(COMMAND_REQUEST_APPROVAL, chat);
    command.request_approval = (struct command_request_approval){ .turn = story_conversation(&s, chat).turn, .action = STR("pay-back"),
                                                                  .parameters = STR("{}"), .idempotency_key = STR("key") };
    assert_refused(&s, &command, RATE_LIMITED);
}

static void erase(void)
{
    struct command command = story_by_node(COMMAND_ERASE_CUSTOMER);
    command.erase_customer.customer = maria;
    assert_int_equal(story_give(&s, &command), REFUSAL_NONE);
}

/* What was asked for is about somebody who is to be forgotten: it is shown to nobody any more. */
static void what_waits_goes_with_its_customer(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    erase();
    assert_events(&s, "conversation.resolved approval.expired customer.erased");
    struct approval_view view;
    assert_false(engine_approval(s.engine, number, &view));
    struct command by_ana = give(ana, number);
    assert_refused(&s, &by_ana, NOT_FOUND);
    story_check_replay(&s);
}

/* It was on its way: that it ran is on record, but nothing about the customer is written down again, nor told to them. */
static void what_runs_while_its_customer_is_erased_leaves_no_trace_of_them(void **state)
{
    UNUSED(state);
    uint64_t number = given_a_request(false);
    story_answer(&s, chat, "due-date", "A person looks at it.");
    struct command by_ana = give(ana, number), end = finish(number, "done");
    assert_int_equal(story_give(&s, &by_ana), REFUSAL_NONE);
    erase();
    assert_events(&s, "conversation.resolved customer.erased");
    assert_int_equal(story_give(&s, &end), REFUSAL_NONE);
    assert_events(&s, "approval.done");
    assert_int_equal(story_event(&s, EVENT_APPROVAL_DONE)->approval_done.result.len, 0);
    assert_int_equal(story_conversation(&s, chat).state, CONVERSATION_RESOLVED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_the_skill_may_allow_it_and_it_ends_once),
        TEST(what_waits_goes_with_its_customer),
        TEST(what_runs_while_its_customer_is_erased_leaves_no_trace_of_them),
        TEST(some_things_only_supervisors_may_allow),
        TEST(nobody_allows_what_they_asked_for),
        TEST(an_agent_runs_what_is_within_the_limit),
        TEST(what_needs_the_customer_needs_them_of_an_agent_too),
        TEST(a_refusal_is_told_with_a_reason_for_colleagues_only),
        TEST(what_nobody_decides_goes_to_the_queue),
        TEST(who_could_have_decided_it_is_asked_first_then),
        TEST(the_flow_goes_on_with_what_was_decided),
        TEST(a_message_of_the_customer_comes_first),
        TEST(the_result_comes_to_a_customer_who_has_gone),
        TEST(who_has_taken_the_conversation_has_the_result),
        TEST(a_wish_for_a_person_ends_the_flow),
        TEST(a_turn_asks_once),
        TEST(a_conversation_has_so_many_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
