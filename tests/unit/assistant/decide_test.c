/* Conversations with the assistant, turn by turn, over a small workspace and a back end that is played. */
#include "../../support/lantern.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "assistant/assistant.h"

struct story {
    struct folder folder;
    struct workspace *workspace;
    struct assistant *assistant;
    struct arena arena;
    struct question question;
    struct reply reply;
    const char *outcome, *json;     /* what the back end will answer */
    int calls;
    const char *called, *parameters, *key;
    int turn;
};

static struct action_result play(void *context, struct arena *arena, const struct action *action, struct str parameters,
                                 struct str key)
{
    struct story *story = context;
    story->calls++;
    story->called = arena_cstr(arena, action->name);
    story->parameters = arena_cstr(arena, parameters);
    story->key = arena_cstr(arena, key);
    return (struct action_result){ str_of(story->outcome), str_of(story->json), 1, false };
}

static struct story shared; /* learning once for all stories */

static int learn(void **state)
{
    struct err err = { "" };
    UNUSED(state);
    shared.workspace = lantern_make(&shared.folder, "");
    shared.assistant = shared.workspace ? assistant_new(&err, shared.workspace) : NULL;
    return shared.assistant ? 0 : -1;
}

static int forget(void **state)
{
    UNUSED(state);
    assistant_free(shared.assistant);
    workspace_free(shared.workspace);
    folder_remove(&shared.folder);
    return 0;
}

static int begin(void **state)
{
    static struct story story;
    story = (struct story){ .workspace = shared.workspace, .assistant = shared.assistant, .outcome = "done", .json = "{}" };
    story.question = (struct question){ .language = STR("en"), .failed_turns_max = 2, .customer_id = STR("C-1"),
                                        .customer_name = STR("Maja"), .verified = true, .act = play, .context = &story };
    *state = &story;
    return 0;
}

static int end(void **state)
{
    struct story *story = *state;
    arena_free(&story->arena);
    return 0;
}

static void begin_again(void **state)
{
    end(state);
    begin(state);
}

static void given_a_stranger(struct story *story)
{
    story->question.customer_id = story->question.customer_name = STR_EMPTY;
    story->question.verified = false;
}

static void given_the_back_end_says(struct story *story, const char *outcome, const char *json)
{
    story->outcome = outcome;
    story->json = json;
}

static void when_they_say(struct story *story, const char *text)
{
    story->question.text = str_of(text);
    story->question.key = arena_format(&story->arena, "turn-%d", ++story->turn);
    assistant_decide(story->assistant, &story->question, &story->arena, &story->reply);
    story->question.dialogue = story->reply.dialogue;
    story->question.failed_turns = story->reply.failed ? story->question.failed_turns + 1 : 0;
    /* Whatever is decided, what is stored reads as JSON and fits. */
    json_t *explanation = json_loadb(story->reply.explanation.data, story->reply.explanation.len, 0, NULL);
    assert_true(json_is_object(explanation));
    json_decref(explanation);
    assert_true(story->reply.dialogue.len <= LIMIT_DIALOGUE);
    assert_true(story->reply.text.len > 0 && str_is_utf8(story->reply.text));
}

static void then_it(struct story *story, enum decision decision, const char *topic, const char *text)
{
    if (story->reply.decision != decision || !str_equal(story->reply.topic, str_of(topic)) ||
        (text && str_find(story->reply.text, str_of(text), 0) < 0))
        fail_msg("'%.*s' gave %s, topic '%.*s', '%.*s' %.*s", STR_ARG(story->question.text), decision_names[story->reply.decision],
                 STR_ARG(story->reply.topic), STR_ARG(story->reply.text), STR_ARG(story->reply.explanation));
}

static void then_reason(struct story *story, const char *reason)
{
    assert_string_equal(arena_cstr(&story->arena, story->reply.reason), reason);
}

static bool offers(const struct story *story, const char *choice)
{
    for (size_t i = 0; i < story->reply.choice_count; i++)
        if (str_equal(story->reply.choices[i], str_of(choice)))
            return true;
    return false;
}

static struct str note_field(struct story *story, const char *field)
{
    json_t *note = json_loadb(story->reply.note.data, story->reply.note.len, 0, NULL);
    assert_true(json_is_object(note));
    const json_t *value = json_object_get(note, field);
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    struct str copy = arena_copy(&story->arena, str_of(text));
    free(text);
    json_decref(note);
    return copy;
}

/* --- stories ------------------------------------------------------------------------------------ */

static void a_topic_is_answered_with_its_sources(void **state)
{
    struct story *story = *state;
    when_they_say(story, "what does it cost if I pay too late?");
    then_it(story, DECISION_ANSWER, "fees", "A late payment costs €5.");
    assert_int_equal(story->reply.source_count, 2);
    assert_string_equal(arena_cstr(&story->arena, story->reply.sources[0].url), "/help/fees");
    assert_string_equal(arena_cstr(&story->arena, story->reply.sources[1].url), "/help/paying");
    assert_false(story->reply.failed);
    assert_in_range(story->reply.confidence, 600, 1000);
}

static void the_answer_is_in_the_language_of_the_question(void **state)
{
    struct story *story = *state;
    when_they_say(story, "vad kostar en påminnelse om jag betalar för sent");
    then_it(story, DECISION_ANSWER, "fees", "En sen betalning kostar 5 €.");
    assert_string_equal(arena_cstr(&story->arena, story->reply.language), "sv");
}

static void a_short_yes_does_not_change_the_language(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"date\":\"2026-04-01\"}");
    when_they_say(story, "jag behöver mer tid för order W-20417, gärna 14 dagar");
    then_it(story, DECISION_ASK, "extend", "Flytta order W-20417 14 dagar?");
    when_they_say(story, "OK");
    then_it(story, DECISION_ACT, "extend", "Klart: order W-20417 ska nu betalas 1 april 2026.");
}

static void what_was_asked_for_does_not_change_the_language(void **state)
{
    struct story *story = *state;
    when_they_say(story, "where is my parcel");
    then_it(story, DECISION_ASK, "track", "Which order?");
    when_they_say(story, "det finns inget W nummer, bara 77 88");
    assert_string_equal(arena_cstr(&story->arena, story->reply.language), "en");
}

static void an_action_answers_with_the_customers_own_facts(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"amount_minor\":4990,\"currency\":\"EUR\",\"date\":\"2026-03-12\",\"status\":\"open\"}");
    when_they_say(story, "when is my payment due?");
    then_it(story, DECISION_ACT, "due", "**€49.90** is due on **12 March 2026**");
    assert_int_equal(story->calls, 1);
    assert_string_equal(story->called, "next");
    assert_string_equal(story->key, "turn-1-next");
    assert_true(offers(story, "Can I have more time?"));
    given_the_back_end_says(story, "done", "{\"status\":\"none\"}");
    when_they_say(story, "when is my payment due?");
    then_it(story, DECISION_ACT, "due", "You have nothing to pay.");
}

static void a_stranger_is_told_to_log_in_and_nothing_is_looked_up(void **state)
{
    struct story *story = *state;
    given_a_stranger(story);
    when_they_say(story, "when is my payment due?");
    then_it(story, DECISION_ANSWER, "due", "logged in");
    assert_true(offers(story, "Talk to a person"));
    assert_int_equal(story->calls, 0);
    when_they_say(story, "when is my payment due?");
    then_it(story, DECISION_HAND_OVER, "due", NULL);
    assert_int_equal(story->calls, 0);
}

static void an_unsigned_identity_is_a_stranger(void **state)
{
    struct story *story = *state;
    story->question.verified = false;
    when_they_say(story, "extend the due date of W-20417 by 14 days");
    then_it(story, DECISION_ANSWER, "extend", "Log in to move a payment.");
    assert_int_equal(story->calls, 0);
}

static void missing_details_are_asked_for_one_at_a_time(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"date\":\"2026-04-01\"}");
    when_they_say(story, "i need more time to pay");
    then_it(story, DECISION_ASK, "extend", "Which order?");
    when_they_say(story, "W-20417");
    then_it(story, DECISION_ASK, "extend", "How many days?");
    assert_true(offers(story, "14"));
    when_they_say(story, "30");
    then_it(story, DECISION_ASK, "extend", "Move order W-20417 by 30 days?");
    assert_int_equal(story->calls, 0); /* nothing is changed before the yes */
    when_they_say(story, "yes please");
    then_it(story, DECISION_ACT, "extend", "Done: order W-20417 is now due on 1 April 2026.");
    assert_int_equal(story->calls, 1);
    assert_string_equal(story->parameters, "{\"order\":\"W-20417\",\"days\":\"30\"}");
    when_they_say(story, "yes");
    assert_int_equal(story->calls, 1); /* a second yes does nothing */
}

static void details_in_the_first_message_are_not_asked_for_again(void **state)
{
    struct story *story = *state;
    when_they_say(story, "Please extend the due date for order W20417 by 14 days.");
    then_it(story, DECISION_ASK, "extend", "Move order W20417 by 14 days?");
    when_they_say(story, "no");
    then_it(story, DECISION_ANSWER, "extend", "not changed anything");
    assert_int_equal(story->calls, 0);
}

static void a_correction_is_confirmed_anew(void **state)
{
    struct story *story = *state;
    when_they_say(story, "extend the due date for order W-20417 by 14 days");
    when_they_say(story, "no wait, W-20500");
    then_it(story, DECISION_ASK, "extend", "Move order W-20500 by 14 days?");
    when_they_say(story, "well maybe");
    then_it(story, DECISION_ASK, "extend", "yes or no");
    when_they_say(story, "hmm let me think of it");
    then_it(story, DECISION_HAND_OVER, "extend", NULL);
    assert_int_equal(story->calls, 0);
}

static void two_matters_in_one_message_are_served_in_order(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"order\":\"W-20417\",\"status\":\"on its way\"}");
    when_they_say(story, "What does a late payment cost? And where is my parcel?");
    then_it(story, DECISION_ASK, "track", "A late payment costs €5.");
    then_it(story, DECISION_ASK, "track", "Which order?");
    when_they_say(story, "W-20417");
    then_it(story, DECISION_ACT, "track", "Order W-20417 is on its way.");
    assert_int_equal(story->calls, 1);
}

static void the_second_matter_waits_until_the_first_is_done(void **state)
{
    struct story *story = *state;
    when_they_say(story, "please track my order and tell me how much a late payment costs");
    then_it(story, DECISION_ASK, "track", "one after the other");
    when_they_say(story, "never mind");
    then_it(story, DECISION_ANSWER, "fees", "we leave that");
    then_it(story, DECISION_ANSWER, "fees", "A late payment costs €5.");
    when_they_say(story, "where is my parcel");
    then_it(story, DECISION_ASK, "track", "Which order?");
    assert_int_equal(str_find(story->reply.text, STR("€5"), 0), -1); /* served once */
}

static void a_story_about_one_matter_is_one_matter(void **state)
{
    struct story *story = *state;
    when_they_say(story, "i ordered last week. my delivery has not come and my parcel is not here. where is my parcel?");
    then_it(story, DECISION_ASK, "track", "Which order?");
    assert_int_equal(str_find(story->reply.text, STR("one after the other"), 0), -1);
}

static void a_matter_for_a_person_takes_the_rest_along(void **state)
{
    struct story *story = *state;
    when_they_say(story, "what does a late payment cost? and please arrange a payment plan for me");
    then_it(story, DECISION_HAND_OVER, "hardship", "A late payment costs €5.");
    assert_true(str_find(note_field(story, "wants"), STR("payment plan"), 0) >= 0);
}

static void the_other_order_is_asked_for_after_the_answer(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"status\":\"on its way\"}");
    when_they_say(story, "where is my order W-20417");
    then_it(story, DECISION_ACT, "track", "Order W-20417");
    when_they_say(story, "no, the other order");
    then_it(story, DECISION_ASK, "track", "Which order?");
    when_they_say(story, "W-20500");
    then_it(story, DECISION_ACT, "track", "Order W-20500");
    when_they_say(story, "sorry, I meant W-20501");
    then_it(story, DECISION_ACT, "track", "Order W-20501");
    assert_int_equal(story->calls, 3);
}

static void three_matters_in_a_list_are_served_in_order(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"amount_minor\":4000,\"currency\":\"EUR\",\"date\":\"2026-04-01\"}");
    when_they_say(story, "what does a late payment cost, when is my next payment due, and where is my parcel?");
    then_it(story, DECISION_ASK, "track", "A late payment costs €5.");
    assert_true(str_find(story->reply.text, STR("€40.00"), 0) < str_find(story->reply.text, STR("Which order?"), 0));
    assert_true(str_find(story->reply.text, STR("€40.00"), 0) > 0);
}

static void what_need_not_be_given_is_asked_for_when_another_is_meant(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"amount_minor\":4000,\"currency\":\"EUR\",\"date\":\"2026-04-01\"}");
    when_they_say(story, "when is my payment due?");
    then_it(story, DECISION_ACT, "due", "€40.00");
    when_they_say(story, "no, the other one");
    then_it(story, DECISION_ASK, "due", "Purchase."); /* it has no question of its own */
    when_they_say(story, "P-2041");
    then_it(story, DECISION_ACT, "due", "€40.00");
    assert_string_equal(story->parameters, "{\"purchase\":\"P-2041\"}");
}

static void a_number_is_known_without_its_letters(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"status\":\"on its way\"}");
    when_they_say(story, "where is my parcel");
    when_they_say(story, "20417");
    then_it(story, DECISION_ACT, "track", "Order W-20417");
    when_they_say(story, "track my order 20418 please");
    then_it(story, DECISION_ACT, "track", "Order W-20418");
    when_they_say(story, "where is my parcel? I live at 10115 Berlin");
    then_it(story, DECISION_ACT, "track", "Order W-20418"); /* a postcode is no order */
}

static void a_question_may_lean_on_what_was_spoken_of_before_the_last(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"status\":\"on its way\"}");
    when_they_say(story, "what does it cost if I pay too late?");
    then_it(story, DECISION_ANSWER, "fees", "€5");
    when_they_say(story, "where is my parcel W-20417?");
    then_it(story, DECISION_ACT, "track", NULL);
    when_they_say(story, "and if it is for a reminder?");
    then_it(story, DECISION_ANSWER, "fees", "€5");
}

static void the_other_order_before_the_yes_changes_nothing(void **state)
{
    struct story *story = *state;
    when_they_say(story, "extend the due date for order W-20417 by 14 days");
    when_they_say(story, "no, the other one");
    then_it(story, DECISION_ASK, "extend", "Which order?");
    when_they_say(story, "W-20500");
    when_they_say(story, "14");
    then_it(story, DECISION_ASK, "extend", "Move order W-20500 by 14 days?");
    assert_int_equal(story->calls, 0);
}

static void what_was_meant_instead_is_answered(void **state)
{
    struct story *story = *state;
    when_they_say(story, "where is my parcel");
    when_they_say(story, "never mind");
    when_they_say(story, "no, I meant the late fee");
    then_it(story, DECISION_ANSWER, "fees", "€5");
    when_they_say(story, "that's not what I meant");
    then_it(story, DECISION_ASK, "", "What is it about");
    assert_true(story->reply.failed && offers(story, "Talk to a person"));
}

static void a_question_that_leans_on_the_last_is_understood(void **state)
{
    struct story *story = *state;
    when_they_say(story, "what does it cost if I pay too late?");
    then_it(story, DECISION_ANSWER, "fees", "€5");
    when_they_say(story, "and if it is for a reminder?");
    then_it(story, DECISION_ANSWER, "fees", "€5");
    when_they_say(story, "and what about the weather on the moon?");
    then_it(story, DECISION_ASK, "", NULL); /* what is strange stays strange */
}

static void a_wrong_detail_is_asked_for_once_more(void **state)
{
    struct story *story = *state;
    when_they_say(story, "where is my parcel");
    then_it(story, DECISION_ASK, "track", "Which order?");
    when_they_say(story, "the blue one");
    then_it(story, DECISION_ASK, "track", "does not look right");
    assert_true(story->reply.failed);
    when_they_say(story, "I said the blue one");
    then_it(story, DECISION_HAND_OVER, "track", NULL);
    then_reason(story, "assistant_failed");
}

static void something_else_may_be_asked_in_between(void **state)
{
    struct story *story = *state;
    when_they_say(story, "where is my parcel");
    when_they_say(story, "what does a late payment cost?");
    then_it(story, DECISION_ASK, "track", "A late payment costs €5.");
    then_it(story, DECISION_ASK, "track", "Which order?"); /* what needs no more than words leaves nothing behind */
    when_they_say(story, "i need more time to pay");
    then_it(story, DECISION_ASK, "extend", "Which order?");
    when_they_say(story, "where is my parcel");
    when_they_say(story, "never mind");
    then_it(story, DECISION_ANSWER, "track", "leave that");
}

static void a_no_of_the_back_end_is_said_as_approved(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "refused", "{\"error\":{\"code\":\"not_found\"}}");
    when_they_say(story, "where is my order W-20417");
    then_it(story, DECISION_ACT, "track", "I cannot find that order.");
    given_the_back_end_says(story, "refused", "{\"error\":{\"code\":\"another\"}}");
    when_they_say(story, "where is my order W-20417");
    then_it(story, DECISION_HAND_OVER, "track", "the answer was no");
}

static void a_failed_action_hands_over_in_honest_words(void **state)
{
    static const char *const outcomes[] = { "failed", "timed_out", "nonsense" };
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        given_the_back_end_says(story, outcomes[i], "{}");
        when_they_say(story, "when is my payment due?");
        then_it(story, DECISION_HAND_OVER, "due", "did not work");
        then_reason(story, "assistant_failed");
    }
    when_they_say(story, "extend the due date for W-20417 by 14 days");
    when_they_say(story, "yes");
    then_it(story, DECISION_HAND_OVER, "extend", "cannot be sure");
    assert_true(str_find(note_field(story, "tried"), STR("extend: nonsense"), 0) >= 0);
}

static void a_result_with_a_gap_is_never_shown(void **state)
{
    static const char *const results[] = { "{}", "[]", "x", "{\"amount_minor\":4990}", "{\"amount_minor\":\"x\",\"date\":null}" };
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(results); i++) {
        given_the_back_end_says(story, "done", results[i]);
        when_they_say(story, "when is my payment due?");
        then_it(story, DECISION_HAND_OVER, "due", NULL);
    }
}

static void two_odd_messages_lead_to_a_person(void **state)
{
    struct story *story = *state;
    when_they_say(story, "purple elephants dance at midnight");
    then_it(story, DECISION_ASK, "", NULL);
    assert_in_range(story->reply.choice_count, 2, 4);
    assert_true(offers(story, "Talk to a person"));
    assert_true(story->reply.failed);
    when_they_say(story, "bananas are yellow submarines");
    then_it(story, DECISION_HAND_OVER, "", NULL);
    then_reason(story, "assistant_failed");
}

static void a_choice_is_taken_by_its_words_or_its_number(void **state)
{
    struct story *story = *state;
    given_the_back_end_says(story, "done", "{\"status\":\"none\"}");
    when_they_say(story, "purple elephants dance at midnight");
    struct str first = story->reply.choices[0];
    when_they_say(story, "1");
    assert_true(story->reply.topic.len > 0);
    struct str topic = story->reply.topic;
    when_they_say(story, "purple elephants dance at midnight");
    when_they_say(story, arena_cstr(&story->arena, first));
    assert_true(str_equal(story->reply.topic, topic));
    when_they_say(story, "purple elephants dance at midnight");
    when_they_say(story, "Talk to a person");
    assert_int_equal(story->reply.decision, DECISION_HAND_OVER);
    then_reason(story, "words");
}

static void whoever_wants_a_person_gets_one_from_any_state(void **state)
{
    struct story *story = *state;
    when_they_say(story, "i need more time to pay");
    when_they_say(story, "I want a human");
    then_it(story, DECISION_HAND_OVER, "extend", "person");
    then_reason(story, "words");
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "who")), "\"Maja (C-1)\"");
    assert_true(str_find(note_field(story, "wants"), STR("i need more time to pay"), 0) >= 0);
    when_they_say(story, "min man har dött");
    then_reason(story, "vulnerable");
    when_they_say(story, "I will sue you");
    then_reason(story, "complaint");
    when_they_say(story, "I want to kill myself");
    then_reason(story, "danger");
    assert_true(str_find(story->reply.text, STR("112"), 0) >= 0);
}

static void autonomy_has_a_ceiling(void **state)
{
    struct story *story = *state;
    when_they_say(story, "arrange a payment plan for my balance");
    then_it(story, DECISION_HAND_OVER, "hardship", "A person takes care of this");
    then_reason(story, "policy");
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "suggested_reply")), "\"\"");
    when_they_say(story, "raise my spending limit");
    then_it(story, DECISION_HAND_OVER, "limit", NULL);
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "suggested_reply")), "\"The limit follows your payments.\"");
}

static void an_article_is_quoted_when_it_says_it_all(void **state)
{
    struct story *story = *state;
    when_they_say(story, "gift vouchers from partner shops");
    then_it(story, DECISION_ANSWER, "", "Gift vouchers from partner shops cannot be used for instalments.");
    assert_string_equal(arena_cstr(&story->arena, story->reply.sources[0].url), "/help/paying");
}

static void an_article_is_trimmed_to_the_question(void **state)
{
    struct story *story = *state;
    when_they_say(story, "who shows a whimbrel on wax seals");
    then_it(story, DECISION_ANSWER, "", "Our partner shops wrap presents for you:\n\n* **Wax seals** show a whimbrel.");
    assert_true(str_find(story->reply.text, STR("Ribbons"), 0) < 0);
}

static void a_side_question_is_answered_and_the_question_stays(void **state)
{
    struct story *story = *state;
    when_they_say(story, "where is my parcel");
    then_it(story, DECISION_ASK, "track", "order");
    struct str asked = arena_copy(&story->arena, story->reply.text);
    when_they_say(story, "who shows a whimbrel on wax seals?");
    then_it(story, DECISION_ASK, "track", "**Wax seals** show a whimbrel.");
    assert_true(str_ends(story->reply.text, asked));
    assert_int_equal(story->reply.source_count, 1);
    when_they_say(story, "do pigeons dream of the moon?");
    then_it(story, DECISION_ASK, "track", "I cannot answer that just now.");
    assert_true(str_ends(story->reply.text, asked));
}

static void a_foreign_language_goes_to_a_person_who_reads_which_it_is(void **state)
{
    struct story *story = *state;
    when_they_say(story, "wann kommt denn endlich der Kühlschrank bei mir an");
    then_it(story, DECISION_HAND_OVER, "", "Darum kümmert sich ein Mensch."); /* the assistant has this sentence in German */
    then_reason(story, "policy");
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "language")), "\"de\"");
    assert_non_null(strstr(arena_cstr(&story->arena, note_field(story, "found")), "The customer writes in German (de), which this workspace does not speak."));
    assert_string_equal(arena_cstr(&story->arena, story->reply.language), "en"); /* the conversation stays as it was */
}

static void a_foreign_word_or_two_are_no_language(void **state)
{
    struct story *story = *state;
    when_they_say(story, "pronto");
    then_it(story, DECISION_ASK, "", NULL);
    when_they_say(story, "do i pay the late fee in dinero, amigo");
    assert_non_null(strstr(arena_cstr(&story->arena, story->reply.explanation), "\"foreign_language\":\"\""));
}

static bool explained(struct story *story, const char *text)
{
    return strstr(arena_cstr(&story->arena, story->reply.explanation), text) != NULL;
}

static void a_decision_says_by_which_version_and_whether_the_facts_were_checked(void **state)
{
    struct story *story = *state;
    const struct workspace *workspace = story->workspace;
    when_they_say(story, "what does a late fee cost");
    assert_true(explained(story, "\"check\":\"passed\""));
    assert_true(explained(story, arena_format(&story->arena, "\"version\":\"%.*s\"", STR_ARG(workspace->version)).data));
    assert_true(explained(story, arena_format(&story->arena, "\"threshold\":%d", (int)workspace->answer_threshold).data));
    when_they_say(story, "purple monkey dishwasher");
    assert_true(explained(story, "\"check\":\"\"")); /* nothing but fixed sentences */
    given_the_back_end_says(story, "done", "{\"amount_minor\":4990,\"currency\":\"EUR\"}");
    when_they_say(story, "when is my payment due?");
    assert_true(explained(story, "\"check\":\"refused\""));
}

static void greetings_are_returned(void **state)
{
    struct story *story = *state;
    when_they_say(story, "Hello!");
    then_it(story, DECISION_ANSWER, "", "AI assistant");
    when_they_say(story, "tack så mycket");
    then_it(story, DECISION_ANSWER, "", "Varsågod");
    when_they_say(story, "are you a robot?");
    then_it(story, DECISION_ANSWER, "", "not a person");
    assert_false(story->reply.failed);
}

static void old_and_hostile_memory_does_no_harm(void **state)
{
    static const char *const memories[] = {
        "{\"v\":1,\"pending\":\"confirmation\",\"asked\":\"gone\",\"values\":[[\"order\",\"W-1\"]]}",
        "{\"v\":1,\"pending\":\"confirmation\",\"asked\":\"fees\"}",
        "{\"v\":1,\"pending\":\"value\",\"asked\":\"extend\",\"parameter\":\"gone\"}",
        "{\"v\":1,\"pending\":\"choice\",\"choices\":[[\"x\",\"gone\"]]}", "\xff\xfe", "{",
    };
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(memories); i++) {
        story->question.dialogue = str_of(memories[i]);
        story->question.failed_turns = 0;
        when_they_say(story, i == 3 ? "x" : "what does a late payment cost?");
        if (i != 3)
            then_it(story, DECISION_ANSWER, "fees", "€5");
    }
    assert_int_equal(story->calls, 0);
}

/* A stored yes-question without its details must not run the action with gaps. */
static void a_confirmation_without_details_asks_for_them(void **state)
{
    struct story *story = *state;
    story->question.dialogue = STR("{\"v\":1,\"pending\":\"confirmation\",\"asked\":\"extend\",\"values\":[[\"order\",\"; drop\"]]}");
    when_they_say(story, "yes");
    assert_int_equal(story->calls, 0);
    assert_int_equal(story->reply.decision, DECISION_ASK);
}

static void any_message_is_survived(void **state)
{
    static char long_text[LIMIT_MESSAGE];
    static const char *const texts[] = { "", " ", "?", "\n\n", "{{amount}}", "🙂🙂", "W-20417", "1", "ja", "\xe2\x80\x8b", "مرحبا", "<script>" };
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        when_they_say(story, texts[i]);
    for (size_t i = 0; i < sizeof long_text; i++)
        long_text[i] = "ab cd\xc3\xa5 9"[i % 9];
    story->question.text = str_make(long_text, sizeof long_text - 5);
    assistant_decide(story->assistant, &story->question, &story->arena, &story->reply);
    assert_true(story->reply.dialogue.len <= LIMIT_DIALOGUE);
}

static void then_missing(struct story *story, const char *list)
{
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "missing")), list);
}

static void a_note_says_what_is_still_missing(void **state)
{
    struct story *story = *state;
    when_they_say(story, "I want to talk to a person");
    then_missing(story, "[\"matter\"]");
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "suggested_reply")), "\"\"");
    begin_again(state);
    when_they_say(story, "i need more time to pay");
    when_they_say(story, "a person please");
    then_missing(story, "[\"Which order?\"]");
    begin_again(state);
    when_they_say(story, "extend the due date for W-20417 by 14 days");
    when_they_say(story, "let me talk to an agent");
    then_missing(story, "[\"Move order W-20417 by 14 days?\"]");
    begin_again(state);
    when_they_say(story, "extend the due date for W-20417 by 14 days");
    given_the_back_end_says(story, "timed_out", "{}");
    when_they_say(story, "yes");
    then_missing(story, "[\"extend: unsure\"]");
    begin_again(state);
    given_a_stranger(story);
    when_they_say(story, "when is my payment due?");
    when_they_say(story, "a person please");
    then_missing(story, "[\"identity\"]");
}

static void a_note_alone_is_written_too(void **state)
{
    struct story *story = *state;
    story->question.text = STR("when is my payment due? I want a human");
    story->reply.note = assistant_note(story->assistant, &story->question, &story->arena);
    assert_true(str_find(note_field(story, "wants"), STR("I want a human"), 0) >= 0);
    assert_string_equal(arena_cstr(&story->arena, note_field(story, "language")), "\"en\"");
}

/* What the back end says may be longer than a note: the note ends between two letters, so that whoever reads it as JSON can. */
static void a_note_of_a_long_result_ends_in_a_whole_letter(void **state)
{
    struct story *story = *state;
    const struct action *action = &story->workspace->actions[0];
    for (size_t offset = 0; offset < 2; offset++) {
        struct buf json;
        buf_init(&json, 20000);
        buf_add_str(&json, offset ? STR("{\"text\":\"x") : STR("{\"text\":\""));
        for (size_t i = 0; i < LIMIT_MESSAGE; i++)
            buf_add_str(&json, STR("\xc3\xa5"));
        buf_add_str(&json, STR("\"}"));
        struct action_result result = { .outcome = STR("done"), .json = buf_str(&json) };
        struct str note = assistant_result_note(story->workspace, action, &result, STR("sv"), &story->arena);
        buf_free(&json);
        assert_true(note.len <= LIMIT_MESSAGE && note.len >= LIMIT_MESSAGE - 1 && str_is_utf8(note));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_topic_is_answered_with_its_sources), TEST(the_answer_is_in_the_language_of_the_question),
        TEST(a_short_yes_does_not_change_the_language), TEST(what_was_asked_for_does_not_change_the_language),
        TEST(an_action_answers_with_the_customers_own_facts), TEST(a_stranger_is_told_to_log_in_and_nothing_is_looked_up),
        TEST(an_unsigned_identity_is_a_stranger), TEST(missing_details_are_asked_for_one_at_a_time),
        TEST(details_in_the_first_message_are_not_asked_for_again), TEST(a_correction_is_confirmed_anew),
        TEST(two_matters_in_one_message_are_served_in_order), TEST(three_matters_in_a_list_are_served_in_order),
        TEST(the_second_matter_waits_until_the_first_is_done),
        TEST(a_story_about_one_matter_is_one_matter),
        TEST(a_matter_for_a_person_takes_the_rest_along),
        TEST(the_other_order_is_asked_for_after_the_answer),
        TEST(the_other_order_before_the_yes_changes_nothing),
        TEST(what_was_meant_instead_is_answered),
        TEST(a_question_that_leans_on_the_last_is_understood),
        TEST(what_need_not_be_given_is_asked_for_when_another_is_meant), TEST(a_number_is_known_without_its_letters),
        TEST(a_question_may_lean_on_what_was_spoken_of_before_the_last), TEST(a_wrong_detail_is_asked_for_once_more), TEST(something_else_may_be_asked_in_between),
        TEST(a_no_of_the_back_end_is_said_as_approved), TEST(a_failed_action_hands_over_in_honest_words),
        TEST(a_result_with_a_gap_is_never_shown), TEST(two_odd_messages_lead_to_a_person),
        TEST(a_choice_is_taken_by_its_words_or_its_number), TEST(whoever_wants_a_person_gets_one_from_any_state),
        TEST(autonomy_has_a_ceiling), TEST(an_article_is_quoted_when_it_says_it_all),
        TEST(an_article_is_trimmed_to_the_question), TEST(a_side_question_is_answered_and_the_question_stays), TEST(a_foreign_language_goes_to_a_person_who_reads_which_it_is),
        TEST(a_foreign_word_or_two_are_no_language),
        TEST(a_decision_says_by_which_version_and_whether_the_facts_were_checked), TEST(greetings_are_returned),
        TEST(old_and_hostile_memory_does_no_harm), TEST(a_confirmation_without_details_asks_for_them),
        TEST(any_message_is_survived), TEST(a_note_alone_is_written_too), TEST(a_note_says_what_is_still_missing),
        TEST(a_note_of_a_long_result_ends_in_a_whole_letter),
    };
    return cmocka_run_group_tests(tests, learn, forget);
}
