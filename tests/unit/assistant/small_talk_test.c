/* What people say beside the matter: it is answered kindly, it never hides a matter, and insults lead to a person. */
#include "../../support/folder.h"
#include "../../support/talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "assistant/heard.h"

static const struct talk_file files[] = {
    { "workspace.yaml", "name: Lantern\nlanguages: [en, sv, de, es]\nactions:\n  base_url: http://127.0.0.1:1\n" },
    { "actions/track.yaml", "url: /orders/{order}\nparameters:\n  - name: order\n    pattern: \"W-?[0-9]{5}\"\n"
                            "    question: { en: Which order?, sv: Vilken order? }\n" },
    { "actions/pause.yaml", "method: POST\nurl: /c/{customer}/pause\nidentity: signed\nchanges: true\n"
                            "confirmation: { en: Shall I pause your payment?, sv: Ska jag pausa betalningen? }\n" },
    { "topics/track.md", "---\ntitle: { en: Where is my parcel?, sv: Var är mitt paket? }\nexamples:\n  en: [where is my parcel, track my order, "
                         "has my package been sent, my delivery has not come, order status, when does my parcel arrive]\n"
                         "  sv: [var är mitt paket, spåra min order, har paketet skickats]\n"
                         "action: track\n---\nOrder {{order}} is {{status}}.\n" },
    { "topics/pause.md", "---\ntitle: { en: Pause a payment, sv: Pausa en betalning }\nexamples:\n  en: [pause my payment, hold the payment, "
                         "stop the payment for a while]\n  sv: [pausa betalningen]\nidentity: signed\naction: pause\n---\nIt is paused.\n" },
    { "topics/refund.md", "---\ntitle: { en: When do I get my money back?, de: Wann bekomme ich mein Geld zurück?, es: ¿Cuándo me devuelven el dinero? }\n"
                          "examples:\n  en: [where is my refund, when do i get my refund, money back for my return, refund not here]\n"
                          "  de: [wo ist meine rückerstattung, wann bekomme ich mein geld zurück]\n"
                          "  es: [dónde está mi reembolso, cuándo me devuelven el dinero]\n---\nA refund takes five days.\n\n"
                          "--- lang: de\nEine Rückerstattung dauert fünf Tage.\n\n--- lang: es\nUn reembolso tarda cinco días.\n" },
    { "topics/plan.md", "---\ntitle: Payment plan\nexamples: [arrange a plan, a plan for what i owe, split my balance, monthly plan, small steps, "
                        "a longer plan for all that i owe]\nautonomy: off\n---\nNever said.\n" },
};

static struct talk_place shared;

static int learn(void **state)
{
    talk_place_make(&shared, files, ARRAY_LEN(files));
    talk_place_learn(&shared);
    *state = &shared;
    return 0;
}

static void say(struct talk *talk, const char *text)
{
    talk_say(talk, str_of(text));
}

static void then_reason(struct talk *talk, const char *reason)
{
    talk_then(talk, DECISION_HAND_OVER, NULL);
    assert_string_equal(arena_cstr(&talk->arena, talk->reply.reason), reason);
}

/* --- the set ------------------------------------------------------------------------------------ */

/* part, remark or "-" for a matter, language, text. What is held out was never looked at while the rules were written. */
static void remarks_are_told_from_matters(void **state)
{
    struct arena arena = { 0 };
    struct str rest = file_read(&arena, "tests/unit/assistant/remarks.tsv"), text, part, remark, language;
    size_t lines[2] = { 0, 0 }, right[2] = { 0, 0 };
    UNUSED(state);
    while (str_split(&rest, '\n', &text)) {
        if (text.len == 0 || text.data[0] == '#') continue;
        assert_true(str_split(&text, '\t', &part) && str_split(&text, '\t', &remark) && str_split(&text, '\t', &language));
        struct heard_remark heard = heard_remark_in(text);
        bool held = str_equal(part, STR("held")), matter = str_equal(remark, STR("-"));
        bool good = matter ? heard.remark == HEARD_NEAR_MISS || heard.remark == HEARD_REMARK_FILLER
                           : heard.remark && str_equal(heard_kind_name(heard.remark), remark) && heard_in(text).via == HEARD_NOTHING;
        lines[held]++;
        right[held] += good;
        if (!good && !held)
            print_message("'%.*s' is %.*s, heard %.*s\n", STR_ARG(text), STR_ARG(remark), STR_ARG(heard_kind_name(heard.remark)));
    }
    print_message("remarks: %zu of %zu tuned, %zu of %zu held out\n", right[0], lines[0], right[1], lines[1]);
    assert_true(lines[0] + lines[1] >= 120 && lines[1] * 3 >= lines[0]);
    assert_int_equal(right[0], lines[0]);
    assert_true((double)right[1] >= 0.9 * (double)lines[1]);
    arena_free(&arena);
}

/* --- stories ------------------------------------------------------------------------------------ */

static void what_is_asked_about_the_assistant_is_answered_honestly(void **state)
{
    struct talk *talk = *state;
    say(talk, "Hi, how are you?");
    talk_then(talk, DECISION_ANSWER, "I am a program");
    say(talk, "wie heißt du?");
    talk_then(talk, DECISION_ANSWER, "keinen Namen");
    say(talk, "¿eres un robot?");
    talk_then(talk, DECISION_ANSWER, "no una persona");
    assert_true(talk_offers(talk, "Hablar con una persona"));
    say(talk, "berätta ett skämt");
    talk_then(talk, DECISION_ANSWER, "inte bra på");
    assert_false(talk->reply.failed);
}

static void what_can_you_do_offers_topics_and_a_person(void **state)
{
    struct talk *talk = *state;
    say(talk, "what can you do?");
    talk_then(talk, DECISION_ASK, "our articles");
    assert_int_equal(talk->reply.choice_count, 4);
    assert_true(talk_offers(talk, "Talk to a person"));
    assert_false(talk_offers(talk, "Payment plan")); /* that is a person's */
    assert_true(talk_offers(talk, "Where is my parcel?"));
    say(talk, "Where is my parcel?");
    talk_then(talk, DECISION_ASK, "Which order?");
}

static void a_greeting_does_not_hide_the_matter(void **state)
{
    static const char *const texts[] = { "hi, thanks! where is my refund?", "Hello there, how are you? When do I get my refund?",
                                         "Guten Tag! Wann bekomme ich mein Geld zurück? Danke, tschüss",
                                         "hola buenas, ¿cuándo me devuelven el dinero? gracias" };
    struct talk *talk = *state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        say(talk, texts[i]);
        talk_then(talk, DECISION_ANSWER, NULL);
        assert_string_equal(arena_cstr(&talk->arena, talk->reply.topic), "refund");
    }
}

static void small_talk_is_no_answer_to_a_question(void **state)
{
    struct talk *talk = *state;
    say(talk, "where is my parcel");
    talk_then(talk, DECISION_ASK, "Which order?");
    say(talk, "are you a robot?");
    talk_then(talk, DECISION_ASK, "not a person");
    talk_then(talk, DECISION_ASK, "Which order?");
    assert_true(talk_offers(talk, "Talk to a person"));
    say(talk, "hello?");
    talk_then(talk, DECISION_ASK, "Which order?");
    assert_false(talk->reply.failed);
    say(talk, "W-20417");
    assert_int_equal(talk->calls, 1);
}

/* "Is there anything else?" "Yes": that yes would be taken for another question's. */
static void thanks_in_front_of_a_yes_changes_nothing(void **state)
{
    struct talk *talk = *state;
    say(talk, "pause my payment");
    talk_then(talk, DECISION_ASK, "Shall I pause your payment?");
    say(talk, "thanks");
    talk_then(talk, DECISION_ASK, "Shall I pause your payment?");
    assert_int_equal(talk->calls, 0);
    say(talk, "yes");
    assert_int_equal(talk->calls, 1);
}

static void an_insult_is_answered_calmly_once(void **state)
{
    struct talk *talk = *state;
    say(talk, "you fucking idiot");
    talk_then(talk, DECISION_ASK, "I am sorry that this makes you angry.");
    assert_true(talk_offers(talk, "Talk to a person"));
    assert_false(talk->reply.failed);
    say(talk, "where is my refund?");
    talk_then(talk, DECISION_ANSWER, "five days");
    say(talk, "fuck off");
    then_reason(talk, "assistant_failed");
}

static void an_insult_keeps_the_question_that_waits(void **state)
{
    struct talk *talk = *state;
    say(talk, "var är mitt paket");
    talk_then(talk, DECISION_ASK, "Vilken order?");
    say(talk, "jävla idiot");
    talk_then(talk, DECISION_ASK, "Det är tråkigt");
    talk_then(talk, DECISION_ASK, "Vilken order?");
    say(talk, "W-20417");
    assert_int_equal(talk->calls, 1);
}

static void an_insult_does_not_hide_the_matter(void **state)
{
    struct talk *talk = *state;
    say(talk, "you idiot, where is my refund?");
    talk_then(talk, DECISION_ANSWER, "five days");
    say(talk, "what an asshole"); /* the second insult, though the first was passed over */
    then_reason(talk, "assistant_failed");
}

static void an_insult_does_not_hide_who_needs_a_person(void **state)
{
    static const struct { const char *text, *via; } rows[] = {
        { "you stupid bot, give me a human", "words" }, { "fuck you, I'll sue you", "complaint" },
        { "du Idiot, ich will mit einem Menschen sprechen", "words" }, { "ni är idioter, jag orkar inte leva längre", "danger" },
        { "idiotas, mi marido ha muerto y me seguís cobrando", "vulnerable" },
    };
    struct talk *talk = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        say(talk, rows[i].text);
        then_reason(talk, rows[i].via);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_story_begin, talk_story_end)
    const struct CMUnitTest tests[] = {
        TEST(remarks_are_told_from_matters), TEST(what_is_asked_about_the_assistant_is_answered_honestly),
        TEST(what_can_you_do_offers_topics_and_a_person), TEST(a_greeting_does_not_hide_the_matter),
        TEST(small_talk_is_no_answer_to_a_question), TEST(thanks_in_front_of_a_yes_changes_nothing),
        TEST(an_insult_is_answered_calmly_once), TEST(an_insult_keeps_the_question_that_waits),
        TEST(an_insult_does_not_hide_the_matter), TEST(an_insult_does_not_hide_who_needs_a_person),
    };
    return cmocka_run_group_tests(tests, learn, talk_place_end);
}
