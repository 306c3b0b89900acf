/* Flows of several steps, turn by turn: asked, chosen, confirmed, done, stopped, taken up again. */
#include "../../support/folder.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "../../support/talk.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static const struct talk_file files[] = {
    { "workspace.yaml", "name: Lantern\nlanguages: [en, sv]\nskills: [payments]\nidentity:\n  secret_file: secret\n  send_code: send\n"
                        "actions:\n  base_url: http://127.0.0.1:1\n" },
    { "secret", "0123456789abcdef0123456789abcdef" },
    { "actions/send.yaml", "method: POST\nurl: /c/{customer}/codes\nidentity: signed\nparameters:\n  - { name: code, pattern: \"[0-9]{6}\", required: false }\n" },
    { "actions/mail.yaml", "title: { en: Change the address, sv: Byta adress }\nmethod: POST\nurl: /c/{customer}/mail\nidentity: code\nchanges: true\n"
                           "confirmation: { en: \"Change it to {{mail}}?\", sv: \"Byta till {{mail}}?\" }\n"
                           "parameters:\n  - { name: mail, pattern: \"[a-z]+@[a-z.]+\", question: { en: Which address?, sv: Vilken adress? } }\n" },
    { "actions/orders.yaml", "url: /c/{customer}/orders\nidentity: signed\nresult:\n  type: object\n  properties:\n    orders: { type: array }\n" },
    { "actions/quote.yaml", "url: /c/{customer}/quote\nidentity: signed\nresult:\n  type: object\n  properties:\n    amount_minor: { type: integer }\n"
                            "    currency: { type: string }\n" },
    { "actions/payback.yaml", "title: { en: Pay it back, sv: Betala tillbaka }\nmethod: POST\nurl: /c/{customer}/payback\nidentity: signed\nchanges: true\n"
                              "approval: supervisor\nlimit: { field: amount_minor, most: 5000 }\nconfirmation: { en: Pay back?, sv: Betala? }\n" },
    { "actions/block.yaml", "title: { en: Block the card, sv: Spärra kortet }\nmethod: POST\nurl: /c/{customer}/block\nidentity: signed\nchanges: true\n"
                            "confirmation: { en: Block?, sv: Spärra? }\nresult:\n  type: object\n  properties:\n    last: { type: string }\n" },
    { "actions/report.yaml", "title: { en: Report the fault, sv: Anmäl felet }\nmethod: POST\nurl: /c/{customer}/faults\nidentity: signed\nchanges: true\n"
                             "confirmation: { en: Report?, sv: Anmäla? }\nresult:\n  type: object\n  required: [due]\n  properties:\n    due: { type: string }\n"
                             "parameters:\n  - { name: order, pattern: \"W-[0-9]{5}\", question: { en: Which?, sv: Vilken? } }\n"
                             "  - { name: wish, pattern: \"new|money\", question: { en: What?, sv: Vad? } }\n" },
};

static const char faulty[] =
    "---\ntitle: { en: My item is faulty, sv: Min vara är trasig }\n"
    "examples:\n  en: [my item is faulty, the thing arrived broken, the product has a defect, it does not work, damaged goods, faulty item]\n"
    "  sv: [min vara är trasig, varan är sönder, den fungerar inte, produkten har ett fel]\n"
    "identity: signed\ntimeout: 1d\nsteps:\n"
    "  - call: orders\n    else: person\n"
    "  - ask: order\n    question: { en: Which order is it?, sv: Vilken order gäller det? }\n    from: orders\n"
    "    label: { en: \"{{order}}, {{shop}}\", sv: \"{{order}}, {{shop}}\" }\n"
    "  - ask: wish\n    question: { en: What would you like?, sv: Vad vill du ha? }\n    choices:\n"
    "      - { value: new, label: { en: A new one, sv: En ny }, also: { en: [replacement], sv: [byta] } }\n"
    "      - { value: money, label: { en: My money back, sv: Pengarna tillbaka }, also: { en: [refund], sv: [återbetalning] } }\n"
    "  - confirm: { en: \"Shall I report {{order}} with the wish: {{wish}}?\", sv: \"Ska jag anmäla {{order}}, önskan: {{wish}}?\" }\n"
    "  - call: report\n    if: { refused=too_late: late }\n    else: person\n"
    "  - say: { en: \"The shop answers by {{due}}.\", sv: \"Butiken svarar senast {{due}}.\" }\n    then: end\n"
    "  - step: late\n    end: { en: \"It is too late for that, I am sorry.\", sv: \"Det är tyvärr för sent.\" }\n"
    "---\nWrite to the shop first.\n\n--- lang: sv\nSkriv till butiken först.\n";

/* Two changes, with a question between them. */
static const char card[] =
    "---\ntitle: { en: My card is gone, sv: Mitt kort är borta }\n"
    "examples:\n  en: [my card is gone, i lost my card, cannot find my card, the card went missing, left my card on the bus]\n"
    "  sv: [mitt kort är borta, jag har tappat kortet, hittar inte mitt kort, glömde kortet på bussen]\n"
    "identity: signed\nsteps:\n"
    "  - confirm: { en: Shall I block the card?, sv: Ska jag spärra kortet? }\n    no: next\n"
    "  - call: block\n    else: person\n"
    "  - step: next\n    ask: order\n    question: { en: Which order was not yours?, sv: Vilken order var inte din? }\n    pattern: \"W-[0-9]{5}\"\n"
    "  - confirm: { en: \"Shall I report {{order}}?\", sv: \"Ska jag anmäla {{order}}?\" }\n"
    "  - call: report\n    with: { wish: money, order: \"{{order}}\" }\n    else: person\n"
    "  - hand_over: { en: \"Reported {{order}}.\", sv: \"Anmält {{order}}.\" }\n"
    "---\nChange your password.\n\n--- lang: sv\nByt lösenord.\n";

static const char appointment[] =
    "---\ntitle: { en: Book a visit, sv: Boka ett besök }\n"
    "examples:\n  en: [book a visit, i want an appointment, arrange a visit, come by the shop]\n  sv: [boka ett besök, jag vill ha en tid, ordna ett besök]\n"
    "steps:\n"
    "  - ask: day\n    type: date\n    question: { en: Which day?, sv: Vilken dag? }\n"
    "  - ask: people\n    type: number\n    min: 1\n    max: 6\n    question: { en: How many of you?, sv: Hur många är ni? }\n"
    "  - ask: mail\n    type: email\n    question: { en: Your e-mail?, sv: Din e-post? }\n"
    "  - ask: dog\n    type: yes_no\n    question: { en: Do you bring a dog?, sv: Har ni hund med? }\n"
    "  - branch: dog\n    if: { yes: outside }\n    else: inside\n"
    "  - step: outside\n    end: { en: \"Outside on {{day}}, {{people}} people, {{mail}}.\", sv: \"Ute {{day}}, {{people}}, {{mail}}.\" }\n"
    "  - step: inside\n    end: { en: \"Inside on {{day}}, {{people}} people, {{mail}}.\", sv: \"Inne {{day}}, {{people}}, {{mail}}.\" }\n"
    "---\nCome by.\n\n--- lang: sv\nKom förbi.\n";

#define ORDERS "{\"orders\":[{\"order\":\"W-10001\",\"shop\":\"Nest\"},{\"order\":\"W-10002\",\"shop\":\"Saltbox\"}]}"

static struct talk_place shared;

static void write_topics(const char *faulty_text)
{
    file_write(folder_file(&shared.folder, "topics/faulty.md"), str_of(faulty_text));
    file_write(folder_file(&shared.folder, "topics/card.md"), str_of(card));
    file_write(folder_file(&shared.folder, "topics/visit.md"), str_of(appointment));
    file_write(folder_file(&shared.folder, "topics/payback.md"), str_of(
        "---\ntitle: { en: Pay me back, sv: Betala tillbaka }\n"
        "examples:\n  en: [pay me back, i want a payback, please do a payback, payback now]\n  sv: [betala tillbaka, gör en återbetalning, jag vill att ni betalar tillbaka]\n"
        "identity: signed\nsteps:\n  - call: quote\n    else: person\n  - confirm: { en: \"Shall I pay back {{amount}}?\", sv: \"Ska jag betala {{amount}}?\" }\n"
        "  - call: payback\n    else: person\n  - end: { en: Paid., sv: Betalt. }\n---\nWrite to us.\n\n--- lang: sv\nSkriv till oss.\n"));
    file_write(folder_file(&shared.folder, "topics/parcel.md"), str_of(
        "---\ntitle: { en: Trace the parcel, sv: Spåra paketet }\n"
        "examples:\n  en: [trace the parcel, please trace a parcel, parcel trace, tracing of a parcel]\n  sv: [spåra paketet, gör en spårning, paketspårning]\n"
        "identity: signed\nsteps:\n  - call: quote\n    else: person\n  - confirm: { en: Shall I trace it?, sv: Ska jag spåra det? }\n"
        "  - call: report\n    with: { wish: money, order: \"{{currency}}\" }\n    else: person\n  - end: { en: Traced., sv: Spårat. }\n"
        "---\nWrite to us.\n\n--- lang: sv\nSkriv till oss.\n"));
    file_write(folder_file(&shared.folder, "topics/mail.md"), str_of(
        "---\ntitle: { en: Change my e-mail, sv: Byt min e-post }\n"
        "examples:\n  en: [change my e-mail, use my new e-mail, my mail address has changed, update my mail]\n  sv: [byt min e-post, ny e-postadress, uppdatera min mejl]\n"
        "identity: signed\naction: mail\nquick_replies:\n  en: [Talk to a person]\n---\nDone.\n\n--- when: general\nLog in to change it.\n\n--- lang: sv\nKlart.\n"));
}

static int learn(void **state)
{
    talk_place_make(&shared, files, ARRAY_LEN(files));
    write_topics(faulty);
    talk_place_learn(&shared);
    *state = &shared;
    return 0;
}

static int begin(void **state)
{
    talk_story_begin(state);
    struct talk *talk = *state;
    talk->question.now_ms = 1000 * DAY_MS;
    return 0;
}

static void begin_again(void **state)
{
    talk_story_end(state);
    *state = &shared;
    begin(state);
}

static void say(struct talk *talk, const char *text)
{
    talk_say(talk, str_of(text));
}

/* --- the way through ---------------------------------------------------------------------------- */

static void a_flow_goes_from_question_to_question(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item is faulty");
    talk_then(talk, DECISION_ASK, "Which order is it?");
    talk_called(talk, 1, "orders", "{}");
    assert_true(talk_offers(talk, "W-10002, Saltbox"));
    say(talk, "W-10002, Saltbox");
    talk_then(talk, DECISION_ASK, "What would you like?");
    assert_true(talk_offers(talk, "My money back"));
    say(talk, "my money back");
    talk_then(talk, DECISION_ASK, "report W-10002 with the wish: My money back?");
    assert_int_equal(talk->calls, 1);
    talk_back_end_says(talk, "done", "{\"due\":\"2026-12-09\"}");
    say(talk, "yes");
    talk_called(talk, 2, "report", "{\"order\":\"W-10002\",\"wish\":\"money\"}");
    talk_then(talk, DECISION_ACT, "The shop answers by 9 December 2026.");
}

static void choices_are_taken_by_number_words_and_value(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item is faulty");
    say(talk, "2");
    talk_then(talk, DECISION_ASK, "What would you like?");
    say(talk, "a replacement would be nice");
    talk_then(talk, DECISION_ASK, "report W-10002 with the wish: A new one?");
    say(talk, "no, the refund");
    talk_then(talk, DECISION_ASK, "report W-10002 with the wish: My money back?");
}

static void what_was_said_at_once_is_not_asked_again(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item W-10001 is faulty, i want a refund");
    talk_then(talk, DECISION_ASK, "report W-10001 with the wish: My money back?");
}

static void the_only_order_is_not_asked_for(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"orders\":[{\"order\":\"W-10001\",\"shop\":\"Nest\"}]}");
    say(talk, "my item is faulty");
    talk_then(talk, DECISION_ASK, "What would you like?");
}

static void with_nothing_to_choose_from_a_person_comes(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", "{\"orders\":[]}");
    say(talk, "my item is faulty");
    talk_then(talk, DECISION_HAND_OVER, NULL);
}

static void all_of_a_flow_is_in_the_customers_language(void **state)
{
    struct talk *talk = *state;
    talk->question.language = STR("sv");
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "min vara är trasig");
    talk_then(talk, DECISION_ASK, "Vilken order gäller det?");
    say(talk, "1");
    assert_true(talk_offers(talk, "Pengarna tillbaka"));
    say(talk, "en ny");
    talk_then(talk, DECISION_ASK, "önskan: En ny?");
    talk_back_end_says(talk, "done", "{\"due\":\"2026-12-09\"}");
    say(talk, "ja");
    talk_then(talk, DECISION_ACT, "Butiken svarar senast 9 december 2026.");
}

static void what_the_back_end_says_decides_the_way(void **state)
{
    static const struct { const char *outcome, *json; enum decision decision; const char *text; } ends[] = {
        { "refused", "{\"error\":{\"code\":\"too_late\"}}", DECISION_ACT, "too late" },
        { "refused", "{\"error\":{\"code\":\"other\"}}", DECISION_HAND_OVER, "the answer was no" },
        { "failed", "{}", DECISION_HAND_OVER, "cannot be sure that it worked" },
        { "timed_out", "{}", DECISION_HAND_OVER, "cannot be sure that it worked" },
    };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct talk *talk = *state;
        begin_again(state);
        talk_back_end_says(talk, "done", ORDERS);
        say(talk, "my item W-10001 is faulty, i want a refund");
        talk_back_end_says(talk, ends[i].outcome, ends[i].json);
        say(talk, "yes");
        talk_then(talk, ends[i].decision, ends[i].text);
    }
}

static void every_type_of_slot_is_checked(void **state)
{
    struct talk *talk = *state;
    say(talk, "book a visit");
    talk_then(talk, DECISION_ASK, "Which day?");
    say(talk, "on 31 February 2027");
    talk_then(talk, DECISION_ASK, "does not look right. Which day?");
    say(talk, "on 3 March 2027");
    talk_then(talk, DECISION_ASK, "How many of you?");
    say(talk, "we are 7");
    talk_then(talk, DECISION_ASK, "does not look right. How many");
    say(talk, "we are 2");
    talk_then(talk, DECISION_ASK, "Your e-mail?");
    say(talk, "it is ana@example.org");
    talk_then(talk, DECISION_ASK, "Do you bring a dog?");
    assert_true(talk_offers(talk, "Yes") && talk_offers(talk, "No"));
    say(talk, "no");
    talk_then(talk, DECISION_ANSWER, "Inside on 3 March 2027, 2 people, ana@example.org.");
}

/* "Klart." is what is said when it was done; in Swedish the file has nothing else. */
static void what_was_not_done_is_not_said_to_be_done(void **state)
{
    struct talk *talk = *state;
    talk->question.language = STR("sv");
    talk->question.verified = false;
    say(talk, "byt min e-post");
    talk_then(talk, DECISION_ANSWER, "när du är inloggad");
    assert_int_equal(talk->calls, 0);
}

static void no_day_is_taken_that_is_in_no_calendar(void **state)
{
    static const char *const said[] = { "soon", "2027-02-29", "31 April", "2027-13-01", "the 30th of February", "2026-12-00" };
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        struct talk *talk = *state;
        talk->question.dialogue = STR_EMPTY;
        talk->question.now_ms = INT64_C(1795953600000);
        say(talk, "book a visit");
        say(talk, said[i]);
        talk_then(talk, DECISION_ASK, "does not look right. Which day?");
    }
}

static void a_choice_may_be_named_by_what_only_it_has(void **state)
{
    static const struct { const char *said, *asks; } rows[] = {
        { "the saltbox one", "What would you like?" }, { "the second one", "What would you like?" }, { "nest please", "What would you like?" },
        { "not the nest one", "does not look right. Which order" }, { "nest or saltbox", "does not look right. Which order" },
        { "W-99999", "does not look right. Which order" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct talk *talk = *state;
        begin_again(state);
        talk_back_end_says(talk, "done", ORDERS);
        say(talk, "my item is faulty");
        say(talk, rows[i].said);
        talk_then(talk, DECISION_ASK, rows[i].asks);
    }
}

static void a_day_may_be_told_as_people_do(void **state)
{
    static const struct { const char *said, *shown; } rows[] = {
        { "tomorrow", "30 November 2026" }, { "the day after tomorrow please", "1 December 2026" }, { "yesterday", "28 November 2026" },
        { "3 December", "3 December 2026" }, { "on the 5th of January", "5 January 2027" }, { "12 March 2026", "12 March 2026" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const said[] = { "book a visit", rows[i].said, "2", "a@b.example", "no" };
        struct talk *talk = *state;
        talk->question.dialogue = STR_EMPTY;
        talk->question.now_ms = INT64_C(1795953600000); /* 29 November 2026, noon */
        for (size_t k = 0; k < ARRAY_LEN(said); k++) say(talk, said[k]);
        talk_then(talk, DECISION_ANSWER, rows[i].shown);
    }
}

static void two_answers_that_do_not_fit_bring_a_person(void **state)
{
    struct talk *talk = *state;
    say(talk, "book a visit");
    say(talk, "soon");
    say(talk, "very soon");
    talk_then(talk, DECISION_HAND_OVER, NULL);
}

/* --- changes ------------------------------------------------------------------------------------ */

static void nothing_is_changed_before_a_yes(void **state)
{
    struct talk *talk = *state;
    say(talk, "my card is gone");
    talk_then(talk, DECISION_ASK, "Shall I block the card?");
    say(talk, "hm, what else");
    assert_int_equal(talk->calls, 0);
    say(talk, "no");
    talk_then(talk, DECISION_ASK, "Which order was not yours?");
    assert_int_equal(talk->calls, 0);
    say(talk, "W-10009");
    talk_then(talk, DECISION_ASK, "Shall I report W-10009?");
    talk_back_end_says(talk, "done", "{\"due\":\"2026-12-09\"}");
    say(talk, "yes");
    talk_called(talk, 1, "report", "{\"order\":\"W-10009\",\"wish\":\"money\"}");
    talk_then(talk, DECISION_HAND_OVER, "Reported W-10009.");
}

static void a_stop_says_what_is_done_and_what_is_not(void **state)
{
    static const char *const stops[] = { "cancel", "avbryt", "abbrechen", "cancelar" };
    for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
        struct talk *talk = *state;
        begin_again(state);
        say(talk, "my card is gone");
        say(talk, "yes");
        talk_then(talk, DECISION_ASK, "Which order was not yours?");
        assert_int_equal(talk->calls, 1);
        say(talk, stops[i]);
        assert_int_equal(talk->reply.decision, DECISION_ANSWER);
        bool swedish = str_equal(talk->reply.language, STR("sv"));
        talk_then(talk, DECISION_ANSWER, swedish ? "Det här är gjort:\n- Spärra kortet" : "This has been done:\n- Block the card");
        talk_then(talk, DECISION_ANSWER, swedish ? "Det här är inte gjort:\n- Anmäl felet" : "This has not been done:\n- Report the fault");
        say(talk, "W-10009");
        assert_int_equal(talk->calls, 1);
    }
}

static void a_stop_before_any_change_says_so(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item is faulty");
    say(talk, "never mind");
    talk_then(talk, DECISION_ANSWER, "I have not changed anything");
}

static void whoever_has_changed_something_is_not_led_away_from_it(void **state)
{
    struct talk *talk = *state;
    say(talk, "my card is gone");
    say(talk, "yes");
    say(talk, "book a visit");
    talk_then(talk, DECISION_ASK, "Which order was not yours?");
    say(talk, "book a visit");
    talk_then(talk, DECISION_HAND_OVER, NULL);
    assert_true(str_find(talk->reply.note, STR("Block the card"), 0) >= 0);
}

static void a_person_can_be_had_from_every_step(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item is faulty");
    say(talk, "i want to talk to a person");
    talk_then(talk, DECISION_HAND_OVER, NULL);
}

static void the_same_turn_again_has_the_same_key(void **state)
{
    struct talk *talk = *state;
    say(talk, "my card is gone");
    struct str dialogue = talk->question.dialogue;
    say(talk, "yes");
    struct str key = talk->key;
    talk->question.dialogue = dialogue;
    talk->turns--;
    say(talk, "yes");
    assert_true(str_equal(talk->key, key));
}

/* --- one-time codes ------------------------------------------------------------------------------- */

static enum code_sent next_sending; /* what will come of sending */
static int sendings;

static enum code_sent send_code(void *context, struct arena *arena)
{
    UNUSED(context);
    UNUSED(arena);
    sendings++;
    return next_sending;
}

static struct talk *given_codes(void **state, enum code_sent sending)
{
    struct talk *talk = *state;
    talk->question.send_code = send_code;
    next_sending = sending;
    sendings = 0;
    return talk;
}

static void when_shown(struct talk *talk, enum code_shown shown)
{
    talk->question.shown = shown;
    if (shown == CODE_RIGHT) talk->question.proven_until = talk->question.now_ms + 900000;
    say(talk, "******");
    talk->question.shown = CODE_NONE;
}

static void what_needs_a_code_is_done_after_the_code_and_the_yes(void **state)
{
    struct talk *talk = given_codes(state, CODE_ON_ITS_WAY);
    say(talk, "change my e-mail to ana@example.org");
    talk_then(talk, DECISION_ASK, "I have sent you a code of six digits");
    assert_int_equal(sendings, 1);
    assert_true(talk_offers(talk, "Send a new code") && talk_offers(talk, "Talk to a person"));
    when_shown(talk, CODE_WRONG);
    talk_then(talk, DECISION_ASK, "That is not the code");
    assert_int_equal(talk->calls, 0);
    when_shown(talk, CODE_RIGHT);
    talk_then(talk, DECISION_ASK, "Change it to ana@example.org?");
    say(talk, "yes");
    talk_called(talk, 1, "mail", "{\"mail\":\"ana@example.org\"}");
    /* For a while nobody is asked again; then they are. */
    say(talk, "change my e-mail to ben@example.org");
    talk_then(talk, DECISION_ASK, "Change it to ben@example.org?");
    say(talk, "no");
    talk->question.now_ms += 900000;
    say(talk, "change my e-mail to ben@example.org");
    talk_then(talk, DECISION_ASK, "I have sent you a code");
}

static void a_code_that_is_used_up_brings_a_person(void **state)
{
    struct talk *talk = given_codes(state, CODE_ON_ITS_WAY);
    say(talk, "change my e-mail");
    when_shown(talk, CODE_USED_UP);
    talk_then(talk, DECISION_HAND_OVER, NULL);
    assert_int_equal(talk->calls, 0);
}

static void a_new_code_can_be_had(void **state)
{
    struct talk *talk = given_codes(state, CODE_ON_ITS_WAY);
    say(talk, "change my e-mail");
    when_shown(talk, CODE_EXPIRED);
    talk_then(talk, DECISION_ASK, "no longer good");
    say(talk, "Send a new code");
    talk_then(talk, DECISION_ASK, "I have sent you a code");
    assert_int_equal(sendings, 2);
    next_sending = CODE_SENT_JUST_NOW;
    say(talk, "Send a new code");
    talk_then(talk, DECISION_ASK, "less than a minute ago");
    say(talk, "cancel");
    talk_then(talk, DECISION_ANSWER, "not changed anything");
}

static void whoever_has_got_no_code_gets_another(void **state)
{
    static const char *const said[] = { "I did not get a code", "send it again please", "the code hasn't arrived", "it never came", "ingen kod har kommit",
                                        "skicka en ny", "ich habe keinen Code bekommen", "nochmal senden", "no me ha llegado el código" };
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        begin_again(state);
        struct talk *talk = given_codes(state, CODE_ON_ITS_WAY);
        say(talk, "change my e-mail to ana@example.org");
        talk_then(talk, DECISION_ASK, "I have sent you a code");
        say(talk, said[i]);
        talk_then(talk, DECISION_ASK, NULL);
        assert_int_equal(sendings, 2);
    }
}

static void where_no_code_can_be_sent_a_person_comes(void **state)
{
    struct talk *talk = given_codes(state, CODE_NOT_SENT);
    say(talk, "change my e-mail");
    talk_then(talk, DECISION_HAND_OVER, NULL);
    talk->question.send_code = NULL;
    say(talk, "change my e-mail");
    talk_then(talk, DECISION_HAND_OVER, NULL);
}

/* --- what a person has to allow ----------------------------------------------------------------- */

static struct { int count; bool taken; char parameters[200], amount[50], why[200], key[100], place[LIMIT_DIALOGUE]; enum approval needs; } proposed;

static bool propose(void *context, const struct proposal *proposal)
{
    UNUSED(context);
    proposed.count++;
    snprintf(proposed.parameters, sizeof proposed.parameters, "%.*s", STR_ARG(proposal->parameters_json));
    snprintf(proposed.amount, sizeof proposed.amount, "%.*s", STR_ARG(proposal->amount));
    snprintf(proposed.why, sizeof proposed.why, "%.*s", STR_ARG(proposal->why));
    snprintf(proposed.key, sizeof proposed.key, "%.*s", STR_ARG(proposal->idempotency_key));
    snprintf(proposed.place, sizeof proposed.place, "%.*s", STR_ARG(proposal->place));
    proposed.needs = proposal->action->approval;
    return proposed.taken;
}

static void above_the_limit_a_person_is_asked_and_the_customer_goes_on(void **state)
{
    struct talk *talk = *state;
    proposed.count = 0;
    proposed.taken = true;
    talk->question.propose = propose;
    talk_back_end_says(talk, "done", "{\"amount_minor\":5001,\"currency\":\"EUR\"}");
    say(talk, "pay me back");
    talk_then(talk, DECISION_ASK, "Shall I pay back €50.01?");
    say(talk, "yes");
    talk_then(talk, DECISION_ANSWER, "A person has to allow this first");
    assert_int_equal(proposed.count, 1);
    assert_int_equal(talk->calls, 1); /* the quote only */
    assert_string_equal(proposed.amount, "EUR 50.01");
    assert_string_equal(proposed.why, "pay me back"); /* a yes says nothing of why */
    assert_string_equal(proposed.parameters, "{}");
    assert_true(strlen(proposed.key) > 0);
    assert_int_equal(proposed.needs, APPROVAL_SUPERVISOR);
    talk_back_end_says(talk, "done", "{\"orders\":[]}");
    say(talk, "book a visit");
    talk_then(talk, DECISION_ASK, "Which day?");
}

static void an_amount_below_nothing_is_told_as_one(void **state)
{
    struct talk *talk = *state;
    proposed.taken = true;
    talk->question.propose = propose;
    talk_back_end_says(talk, "done", "{\"amount_minor\":-50,\"currency\":\"EUR\"}");
    say(talk, "pay me back");
    say(talk, "yes");
    talk_then(talk, DECISION_ANSWER, "A person has to allow this first");
    assert_string_equal(proposed.amount, "EUR -0.50");
}

/* The customer may not give what the file takes from the back end, and would be asked for ever. */
static void what_the_back_end_left_out_is_not_asked_of_the_customer(void **state)
{
    struct talk *talk = *state;
    say(talk, "trace the parcel");
    talk_then(talk, DECISION_ASK, "Shall I trace it?");
    say(talk, "yes");
    talk_then(talk, DECISION_HAND_OVER, NULL);
    assert_int_equal(talk->calls, 1);
}

static void given_a_payback_that_waits(struct talk *talk)
{
    proposed.taken = true;
    talk->question.propose = propose;
    talk_back_end_says(talk, "done", "{\"amount_minor\":5001,\"currency\":\"EUR\"}");
    say(talk, "pay me back");
    say(talk, "yes");
    talk_then(talk, DECISION_ANSWER, "A person has to allow this first");
}

static void when_it_is_decided(struct talk *talk, bool allowed, const char *outcome)
{
    struct settled settled = { str_of(proposed.place), STR("{}"), allowed, str_of(outcome), STR("{}"), false };
    talk->question.settled = &settled;
    say(talk, "");
    talk->question.settled = NULL;
}

static void allowed_and_done_it_goes_on_with_the_next_step(void **state)
{
    struct talk *talk = *state;
    given_a_payback_that_waits(talk);
    talk->question.now_ms += 3 * DAY_MS;
    when_it_is_decided(talk, true, "done");
    talk_then(talk, DECISION_ACT, "It has been allowed, and it is done: Pay it back.");
    talk_then(talk, DECISION_ACT, "Paid.");
    assert_int_equal(talk->calls, 1); /* it was not run a second time */
}

static void not_allowed_it_says_so_and_a_failure_brings_a_person(void **state)
{
    struct talk *talk = *state;
    given_a_payback_that_waits(talk);
    when_it_is_decided(talk, false, "");
    talk_then(talk, DECISION_ANSWER, "could not allow it");
    given_a_payback_that_waits(talk);
    when_it_is_decided(talk, true, "failed");
    talk_then(talk, DECISION_HAND_OVER, NULL);
    assert_true(str_equal(talk->reply.reason, STR("assistant_failed")));
}

static void what_is_open_meanwhile_is_asked_once_more(void **state)
{
    struct talk *talk = *state;
    given_a_payback_that_waits(talk);
    talk_back_end_says(talk, "done", "{\"orders\":[]}");
    say(talk, "book a visit");
    talk_then(talk, DECISION_ASK, "Which day?");
    when_it_is_decided(talk, true, "done");
    talk_then(talk, DECISION_ASK, "Paid.");
    talk_then(talk, DECISION_ASK, "Which day?");
}

static void steps_that_have_changed_bring_a_person(void **state)
{
    struct talk *talk = *state;
    given_a_payback_that_waits(talk);
    char *version = strstr(proposed.place, "\"version\":\"");
    assert_non_null(version);
    version[11] ^= 1;
    when_it_is_decided(talk, true, "done");
    talk_then(talk, DECISION_HAND_OVER, NULL);
    version[11] ^= 1;
    snprintf(proposed.place, sizeof proposed.place, "not JSON");
    when_it_is_decided(talk, false, "");
    talk_then(talk, DECISION_ANSWER, "could not allow it");
}

static void a_person_is_offered_once(void **state)
{
    struct talk *talk = *state;
    size_t offered = 0;
    talk->question.verified = false;
    say(talk, "change my e-mail");
    talk_then(talk, DECISION_ANSWER, "Log in to change it.");
    for (size_t i = 0; i < talk->reply.choice_count; i++) offered += str_equal(talk->reply.choices[i], STR("Talk to a person"));
    assert_int_equal(offered, 1);
}

static void up_to_the_limit_it_runs_by_itself(void **state)
{
    struct talk *talk = *state;
    proposed.count = 0;
    talk->question.propose = propose;
    talk_back_end_says(talk, "done", "{\"amount_minor\":5000,\"currency\":\"EUR\"}");
    say(talk, "pay me back");
    say(talk, "yes");
    talk_then(talk, DECISION_ACT, "Paid.");
    assert_int_equal(proposed.count, 0);
}

static void in_doubt_and_when_nobody_can_be_asked_it_does_not_run(void **state)
{
    static const char *const odd[] = { "{\"amount_minor\":-1,\"currency\":\"EUR\"}", "{\"amount_minor\":\"many\",\"amount\":\"1\"}" };
    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        struct talk *talk = *state;
        begin_again(state);
        proposed.count = 0;
        proposed.taken = false;
        talk->question.propose = propose;
        talk_back_end_says(talk, "done", odd[i]);
        say(talk, "pay me back");
        if (talk->reply.decision != DECISION_ASK) continue; /* the question could not be filled: a person already */
        say(talk, "yes");
        talk_then(talk, DECISION_HAND_OVER, NULL);
        assert_int_equal(proposed.count, 1);
        assert_int_equal(talk->calls, 1);
    }
}

/* --- time --------------------------------------------------------------------------------------- */

static void a_flow_goes_on_the_next_day(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item is faulty");
    talk->question.now_ms += DAY_MS;
    say(talk, "W-10001, Nest");
    talk_then(talk, DECISION_ASK, "What would you like?");
    assert_int_equal(talk->calls, 1);
}

static void after_too_long_it_asks_whether_to_go_on(void **state)
{
    struct talk *talk = *state;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item is faulty");
    talk->question.now_ms += DAY_MS + 1;
    say(talk, "W-10001");
    talk_then(talk, DECISION_ASK, "Shall we go on with it?");
    say(talk, "yes");
    talk_then(talk, DECISION_ASK, "Which order is it?");
    assert_true(talk_offers(talk, "W-10002, Saltbox"));
    talk->question.now_ms += DAY_MS + 1;
    say(talk, "hello again");
    talk_then(talk, DECISION_ASK, "Shall we go on with it?");
    say(talk, "W-10001");
    talk_then(talk, DECISION_ASK, "What would you like?");
    talk->question.now_ms += 3 * DAY_MS;
    say(talk, "my money back");
    talk_then(talk, DECISION_ASK, "Shall we go on with it?");
    say(talk, "no");
    talk_then(talk, DECISION_ANSWER, "I have not changed anything");
}

/* --- the files change ---------------------------------------------------------------------------- */

static void changed_steps_begin_again(void **state)
{
    struct talk *talk = *state;
    struct workspace *newer;
    talk_back_end_says(talk, "done", ORDERS);
    say(talk, "my item W-10001 is faulty");
    talk_then(talk, DECISION_ASK, "What would you like?");
    char changed[sizeof faulty];
    memcpy(changed, faulty, sizeof faulty);
    memcpy(strstr(changed, "What would you like"), "What can we do best", 19);
    write_topics(changed);
    talk->assistant = talk_learn(shared.folder.path, &newer);
    say(talk, "my money back");
    talk_then(talk, DECISION_ASK, "has changed since you wrote last, so let us begin again.");
    assert_int_equal(talk->calls, 2);
    assistant_free((struct assistant *)(uintptr_t)talk->assistant);
    workspace_free(newer);
    write_topics(faulty);
}

static void odd_memory_does_no_harm(void **state)
{
    static const char *const odd[] = {
        "{\"v\":1,\"pending\":\"value\",\"asked\":\"faulty\",\"parameter\":\"order\",\"values\":[],\"choices\":[],\"place\":{\"step\":99,\"version\":\"x\"}}",
        "{\"v\":1,\"pending\":\"confirmation\",\"asked\":\"card\",\"values\":[],\"choices\":[],\"place\":{\"step\":-1,\"version\":\"x\",\"facts\":\"[\"}}",
        "{\"v\":1,\"pending\":\"confirmation\",\"asked\":\"card\",\"values\":[],\"choices\":[],\"place\":{\"step\":1,\"agreed\":true}}",
        "{\"v\":1,\"pending\":\"value\",\"asked\":\"visit\",\"parameter\":\"people\",\"values\":[[\"day\",\"never\"]],\"choices\":[],\"place\":7}",
    };
    struct talk *talk = *state;
    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        talk->question.dialogue = str_of(odd[i]);
        say(talk, "yes");
        assert_true(talk->calls == 0 || str_equal(talk->called->name, STR("orders")));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, talk_story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_flow_goes_from_question_to_question),
        TEST(choices_are_taken_by_number_words_and_value),
        TEST(what_was_said_at_once_is_not_asked_again),
        TEST(the_only_order_is_not_asked_for),
        TEST(with_nothing_to_choose_from_a_person_comes),
        TEST(all_of_a_flow_is_in_the_customers_language),
        TEST(what_the_back_end_says_decides_the_way),
        TEST(every_type_of_slot_is_checked),
        TEST(what_was_not_done_is_not_said_to_be_done), TEST(no_day_is_taken_that_is_in_no_calendar),
        TEST(a_choice_may_be_named_by_what_only_it_has),
        TEST(a_day_may_be_told_as_people_do),
        TEST(two_answers_that_do_not_fit_bring_a_person),
        TEST(nothing_is_changed_before_a_yes),
        TEST(a_stop_says_what_is_done_and_what_is_not),
        TEST(a_stop_before_any_change_says_so),
        TEST(whoever_has_changed_something_is_not_led_away_from_it),
        TEST(a_person_can_be_had_from_every_step),
        TEST(the_same_turn_again_has_the_same_key),
        TEST(what_needs_a_code_is_done_after_the_code_and_the_yes),
        TEST(a_code_that_is_used_up_brings_a_person),
        TEST(a_new_code_can_be_had), TEST(whoever_has_got_no_code_gets_another), TEST(where_no_code_can_be_sent_a_person_comes),
        TEST(above_the_limit_a_person_is_asked_and_the_customer_goes_on), TEST(an_amount_below_nothing_is_told_as_one),
        TEST(what_the_back_end_left_out_is_not_asked_of_the_customer), TEST(allowed_and_done_it_goes_on_with_the_next_step),
        TEST(not_allowed_it_says_so_and_a_failure_brings_a_person),
        TEST(what_is_open_meanwhile_is_asked_once_more), TEST(steps_that_have_changed_bring_a_person),
        TEST(a_person_is_offered_once),
        TEST(up_to_the_limit_it_runs_by_itself),
        TEST(in_doubt_and_when_nobody_can_be_asked_it_does_not_run),
        TEST(a_flow_goes_on_the_next_day), TEST(after_too_long_it_asks_whether_to_go_on),
        TEST(changed_steps_begin_again),
        TEST(odd_memory_does_no_harm),
    };
    return cmocka_run_group_tests(tests, learn, talk_place_end);
}
