/* What a flow has changed: remembered, told, undone. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../support/talk.h"
#include "assistant/dialogue.h"

static const struct talk_file files[] = {
    { "workspace.yaml", "name: Lantern\nlanguages: [en, sv]\nidentity:\n  secret_file: secret\nactions:\n  base_url: http://127.0.0.1:1\n" },
    { "secret", "0123456789abcdef0123456789abcdef" },
    { "actions/unblock.yaml", "title: { en: Unblock the card, sv: Häva spärren }\nmethod: POST\nurl: /c/{customer}/unblock\nidentity: signed\nchanges: true\n"
                              "confirmation: { en: Unblock?, sv: Häva? }\nparameters:\n  - { name: last, pattern: \"[0-9]{4}\", required: false }\n" },
    { "actions/hold.yaml", "title: { en: Hold the order, sv: Hålla ordern }\nmethod: POST\nurl: /c/{customer}/hold\nidentity: signed\nchanges: true\n"
                           "compensate: unblock\nconfirmation: { en: Hold?, sv: Håll? }\nresult:\n  type: object\n  properties:\n    last: { type: string }\n" },
    { "actions/report.yaml", "title: { en: Report the fault, sv: Anmäl felet }\nmethod: POST\nurl: /c/{customer}/faults\nidentity: signed\nchanges: true\n"
                             "confirmation: { en: Report?, sv: Anmäla? }\nresult:\n  type: object\n  required: [due]\n  properties:\n    due: { type: string }\n"
                             "parameters:\n  - { name: order, pattern: \"W-[0-9]{5}\", question: { en: Which?, sv: Vilken? } }\n"
                             "  - { name: wish, pattern: \"new|money\", question: { en: What?, sv: Vad? } }\n" },
};

/* Something that can be undone, then a question, then something that can fail. */
static const char held[] =
    "---\ntitle: { en: Stop my delivery, sv: Stoppa min leverans }\n"
    "examples:\n  en: [stop my delivery, hold the parcel back, do not send it yet, please stop the shipment]\n  sv: [stoppa min leverans, håll kvar paketet, skicka inte ännu]\n"
    "identity: signed\nsteps:\n"
    "  - confirm: { en: Shall I hold it?, sv: Ska jag hålla den? }\n"
    "  - call: hold\n    else: person\n"
    "  - ask: order\n    question: { en: Which order?, sv: Vilken order? }\n    pattern: \"W-[0-9]{5}\"\n"
    "  - confirm: { en: \"Shall I report {{order}}?\", sv: \"Ska jag anmäla {{order}}?\" }\n"
    "  - call: report\n    with: { wish: money }\n    else: person\n    then: end\n"
    "---\nAsk the shop.\n\n--- lang: sv\nFråga butiken.\n";

/* Round and round, with a question each time. */
static const char rounds[] =
    "---\ntitle: { en: Freeze subscriptions, sv: Frysa prenumerationer }\n"
    "examples:\n  en: [freeze each subscription, freeze all subscriptions, freeze every magazine, freeze magazines]\n  sv: [frys alla prenumerationer, frys varje tidning]\n"
    "identity: signed\nsteps:\n"
    "  - step: one\n    confirm: { en: Freeze one more?, sv: Frysa en till? }\n    no: enough\n"
    "  - call: hold\n    else: person\n    then: one\n"
    "  - step: enough\n    end: { en: Frozen., sv: Frysta. }\n"
    "---\nAsk the magazine.\n\n--- lang: sv\nFråga tidningen.\n";

static struct talk_place shared;

static int learn(void **state)
{
    talk_place_make(&shared, files, ARRAY_LEN(files));
    file_write(folder_file(&shared.folder, "topics/held.md"), str_of(held));
    file_write(folder_file(&shared.folder, "topics/rounds.md"), str_of(rounds));
    file_write(folder_file(&shared.folder, "topics/both.md"), str_of(
        "---\ntitle: { en: Lock it and unlock it, sv: Lås och lås upp }\n"
        "examples:\n  en: [lock it and unlock it, toggle the lock, try the lock, lock test please]\n  sv: [lås och lås upp, prova låset, testa låset]\n"
        "identity: signed\nsteps:\n  - confirm: { en: Shall I do both?, sv: Ska jag göra båda? }\n  - call: hold\n    else: person\n"
        "  - call: unblock\n    else: person\n  - end: { en: Both are done., sv: Båda är gjorda. }\n---\nUse the app.\n\n--- lang: sv\nAnvänd appen.\n"));
    talk_place_learn(&shared);
    *state = &shared;
    return 0;
}

static void a_stop_undoes_what_can_be_undone(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"last\":\"4417\"}");
    talk_say(talk, STR("stop my delivery"));
    talk_then(talk, DECISION_ASK, "Shall I hold it?");
    talk_say(talk, STR("yes"));
    talk_then(talk, DECISION_ASK, "Which order?");
    talk_say(talk, STR("cancel"));
    talk_called(talk, 2, "unblock", "{\"last\":\"4417\"}");
    talk_then(talk, DECISION_ANSWER, "I have undone this:\n- Hold the order");
    talk_then(talk, DECISION_ANSWER, "This has not been done:\n- Report the fault");
}

static void what_cannot_be_undone_is_for_a_person(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"last\":\"4417\"}");
    talk_say(talk, STR("stop my delivery"));
    talk_say(talk, STR("yes"));
    talk_back_end_says(talk, "failed", "{}");
    talk_say(talk, STR("cancel"));
    talk_then(talk, DECISION_HAND_OVER, "I could not undo this; a person sees to it:\n- Hold the order");
    assert_true(str_find(talk->reply.note, STR("unblock: failed"), 0) >= 0);
}

/* A change that could not be remembered could be neither told nor undone. */
static void more_changes_than_are_remembered_are_for_a_person(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"last\":\"4242\"}");
    talk_say(talk, STR("freeze each subscription"));
    for (int i = 0; i < DIALOGUE_DONE; i++) {
        talk_then(talk, DECISION_ASK, "Freeze one more?");
        talk_say(talk, STR("yes"));
    }
    talk_say(talk, STR("yes"));
    talk_then(talk, DECISION_HAND_OVER, NULL);
    assert_int_equal(talk->calls, DIALOGUE_DONE);
}

static void a_later_failure_undoes_what_came_before(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"last\":\"4417\"}");
    talk_say(talk, STR("stop my delivery"));
    talk_say(talk, STR("yes"));
    talk_say(talk, STR("W-10001"));
    talk_back_end_says(talk, "timed_out", "{}");
    talk_say(talk, STR("yes"));
    assert_int_equal(talk->calls, 3); /* hold, report, unblock */
    talk_called(talk, 3, "unblock", "{\"last\":\"4417\"}");
    talk_then(talk, DECISION_HAND_OVER, "I cannot be sure about this:\n- Report the fault");
    assert_true(str_find(talk->reply.text, STR("This has not been done"), 0) < 0); /* nobody knows */
    assert_true(str_find(talk->reply.note, STR("\"missing\":[\"report: unsure\",\"unblock: unsure\"]"), 0) >= 0);
}

static void one_yes_is_enough_for_all_that_it_was_asked_about(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"last\":\"4417\"}");
    talk_say(talk, STR("toggle the lock"));
    talk_then(talk, DECISION_ASK, "Shall I do both?");
    talk_say(talk, STR("yes"));
    talk_then(talk, DECISION_ACT, "Both are done.");
    talk_called(talk, 2, "unblock", "{}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_story_begin, talk_story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_yes_is_enough_for_all_that_it_was_asked_about),
        TEST(a_stop_undoes_what_can_be_undone), TEST(what_cannot_be_undone_is_for_a_person),
        TEST(more_changes_than_are_remembered_are_for_a_person), TEST(a_later_failure_undoes_what_came_before),
    };
    return cmocka_run_group_tests(tests, learn, talk_place_end);
}
