/* Which of a customer's messages is worth learning from, and what it may have been about. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "assistant/asked.h"
#include "base/arena.h"

static struct event events[32];
static size_t count;

static int begin(void **state)
{
    UNUSED(state);
    count = 0;
    return 0;
}

static uint64_t add(struct event event)
{
    event.seq = 100 + count;
    events[count++] = event;
    return event.seq;
}

static uint64_t says(const char *author, const char *text)
{
    return add((struct event){ .kind = EVENT_MESSAGE_SENT, .message_sent = { .author = str_of(author), .text = str_of(text) } });
}

static void decides(uint64_t turn, const char *topic, bool failed)
{
    add((struct event){ .kind = EVENT_ASSISTANT_DECIDED,
                        .assistant_decided = { .turn = turn, .topic = str_of(topic), .failed = failed } });
}

static uint64_t found(void)
{
    struct asked asked;
    return asked_find(events, count, &asked) ? asked.seq : 0;
}

static void the_first_that_was_not_understood(void **state)
{
    UNUSED(state);
    decides(says("customer", "when is my payment due"), "payment-due-date", false);
    uint64_t odd = says("customer", "the plastic is nowhere now");
    decides(odd, "", true);
    decides(says("customer", "gone it is, for good"), "", true);
    assert_int_equal(found(), odd);
}

static void what_was_confirmed_already_makes_room_for_the_next(void **state)
{
    UNUSED(state);
    uint64_t first = says("customer", "the plastic is nowhere now");
    decides(first, "", true);
    uint64_t second = says("customer", "gone it is, for good");
    decides(second, "", true);
    add((struct event){ .kind = EVENT_PARAPHRASE_LEARNED, .paraphrase_learned = { .message = first } });
    assert_int_equal(found(), second);
    add((struct event){ .kind = EVENT_PARAPHRASE_LEARNED, .paraphrase_learned = { .message = second } });
    assert_int_equal(found(), 0);
}

static void a_hand_over_without_a_topic_counts(void **state)
{
    UNUSED(state);
    uint64_t odd = says("customer", "the plastic is nowhere now");
    decides(odd, "", false);
    assert_int_equal(found(), odd);
}

static void what_was_only_said_to_a_person_counts_if_nothing_was_understood(void **state)
{
    UNUSED(state);
    says("customer", "I want a human");
    uint64_t matter = says("customer", "my plastic thing is nowhere now");
    says("agent", "Hello, this is Ana.");
    says("customer", "another long thing that I say");
    assert_int_equal(found(), matter);
    decides(says("customer", "when is my payment due"), "payment-due-date", false);
    assert_int_equal(found(), 0);
}

static void small_talk_and_wishes_for_a_person_are_no_matter(void **state)
{
    UNUSED(state);
    decides(says("customer", "hello there"), "", true);
    decides(says("customer", "let me talk to a human being"), "", true);
    decides(says("customer", "thanks a lot"), "", true);
    says("customer", "yes please");
    says("agent", "the agent's own words do not count at all");
    assert_int_equal(found(), 0);
}

static void only_since_the_customer_came_last(void **state)
{
    UNUSED(state);
    decides(says("customer", "the plastic is nowhere now"), "", true);
    add((struct event){ .kind = EVENT_CONVERSATION_REOPENED });
    decides(says("customer", "when is my payment due"), "payment-due-date", false);
    assert_int_equal(found(), 0);
}

static void an_empty_history_has_nothing(void **state)
{
    UNUSED(state);
    assert_int_equal(found(), 0);
}

static void the_best_three_are_topics_and_at_most_one_article(void **state)
{
    UNUSED(state);
    struct err err;
    struct arena arena = { 0 };
    struct problems problems = { 0 };
    struct asked_choice choices[ASKED_CHOICES];
    struct workspace *workspace = workspace_read("demo", &problems);
    struct assistant *assistant = assistant_new(&err, workspace);
    assert_int_equal(asked_choices(assistant, &arena, STR("when is my payment due"), STR("en"), choices), ASKED_CHOICES);
    assert_true(str_equal(choices[0].name, STR("payment-due-date")) && !choices[0].article);
    assert_true(choices[0].likely > choices[1].likely && !choices[1].article);
    const struct article *article = &workspace->articles[0];
    assert_int_equal(asked_choices(assistant, &arena, article->title, article->language, choices), ASKED_CHOICES);
    assert_true(choices[2].article && choices[2].likely >= 500);
    assistant_free(assistant);
    workspace_free(workspace);
    problems_free(&problems);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_that_was_not_understood, begin),
        cmocka_unit_test_setup(what_was_confirmed_already_makes_room_for_the_next, begin),
        cmocka_unit_test_setup(a_hand_over_without_a_topic_counts, begin),
        cmocka_unit_test_setup(what_was_only_said_to_a_person_counts_if_nothing_was_understood, begin),
        cmocka_unit_test_setup(small_talk_and_wishes_for_a_person_are_no_matter, begin),
        cmocka_unit_test_setup(only_since_the_customer_came_last, begin),
        cmocka_unit_test_setup(an_empty_history_has_nothing, begin),
        cmocka_unit_test(the_best_three_are_topics_and_at_most_one_article),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
