/* Turns with a language model at hand: what it may say, choose, sum up and translate, and what it never gets to see.
 * Everything hostile has a test of its own (tests/unit/demo/hostile_model_test.c). */
#include "../../support/fake_model.h"
#include "../../support/lantern.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/model_call.h"

#define ODD "the one from last week has that thing with the colours again" /* no topic is anywhere near */

static struct folder folder;
static struct workspace *workspace;
static struct assistant *assistant;
static struct fake_model *fake;

struct story {
    struct arena arena;
    struct workspace_model model;
    struct model_use use;
    struct question question;
    struct reply reply;
    const char *json;           /* the back end's answer */
    const char *called, *parameters;
    int calls, turn;
};

static struct action_result play(void *context, struct arena *arena, const struct action *action, struct str parameters, struct str key)
{
    struct story *story = context;
    UNUSED(key);
    story->calls++;
    story->called = arena_cstr(arena, action->name);
    story->parameters = arena_cstr(arena, parameters);
    return (struct action_result){ .outcome = STR("done"), .json = str_of(story->json), .took_ms = 1 };
}

static int learn(void **state)
{
    struct err err = { "" };
    UNUSED(state);
    workspace = lantern_make(&folder, "");
    assistant = workspace ? assistant_new(&err, workspace) : NULL;
    fake = fake_model_start();
    return assistant ? 0 : -1;
}

static int forget(void **state)
{
    UNUSED(state);
    fake_model_end(fake);
    assistant_free(assistant);
    workspace_free(workspace);
    folder_remove(&folder);
    return 0;
}

static int begin(void **state)
{
    static struct story story;
    story = (struct story){ .json = "{\"amount\":\"€49.90\",\"date\":\"12 March 2026\",\"status\":\"open\"}" };
    story.model = (struct workspace_model){ .base_url = str_of(fake_model_url(fake)), .name = STR("small-7b"), .deadline_ms = 5000, .max_output_tokens = 200,
                                            .budget_day = 1000000, .temperature = MODEL_TEMPERATURE_UNSET, .parallel = 4,
                                            .uses = MODEL_USE_PHRASE | MODEL_USE_PLAN | MODEL_USE_SUMMARISE | MODEL_USE_TRANSLATE };
    story.use = (struct model_use){ .settings = &story.model, .state = model_state_new(), .tokens_left = 1000000,
                                    .customer_email = STR("maja.lindqvist@example.org") };
    story.question = (struct question){ .language = STR("en"), .failed_turns_max = 2, .customer_id = STR("C-88123"), .customer_name = STR("Maja Lindqvist"),
                                        .verified = true, .act = play, .context = &story, .model = &story.use };
    fake_model_play(fake, &(struct fake_scene){ .status = 500 }, 1);
    *state = &story;
    return 0;
}

static int end(void **state)
{
    struct story *story = *state;
    model_state_free(story->use.state);
    arena_free(&story->arena);
    return 0;
}

static void given_the_model_says(struct story *story, const char *text)
{
    fake_model_play(fake, &(struct fake_scene){ .body = fake_says(&story->arena, text), .piece = 11 }, 1);
}

static void given_the_model_calls(struct story *story, const char *tool, const char *arguments)
{
    fake_model_play(fake, &(struct fake_scene){ .body = fake_calls(&story->arena, tool, arguments), .piece = 13 }, 1);
}

static void given_a_stranger(struct story *story)
{
    story->question.customer_id = story->question.customer_name = STR_EMPTY;
    story->question.verified = false;
}

static void when_they_say(struct story *story, const char *text)
{
    story->question.text = str_of(text);
    story->question.key = arena_format(&story->arena, "turn-%d", ++story->turn);
    story->use.deadline_at_ms = model_clock_ms() + story->model.deadline_ms;
    assistant_decide(assistant, &story->question, &story->arena, &story->reply);
    story->question.dialogue = story->reply.dialogue;
    story->question.failed_turns = story->reply.failed ? story->question.failed_turns + 1 : 0;
}

static void then_decision(const struct story *story, const char *decision, const char *topic)
{
    assert_string_equal(decision_names[story->reply.decision], decision);
    assert_true(str_equal(story->reply.topic, str_of(topic)));
}

static void then_it_was(const struct story *story, const char *made_by, const char *fallback)
{
    if (!str_equal(story->reply.trace.fallback, str_of(fallback)))
        print_message("fallback '%.*s', %.*s\n", STR_ARG(story->reply.trace.fallback), STR_ARG(story->reply.explanation));
    assert_true(str_equal(story->reply.trace.used, str_of(made_by)));
    assert_true(str_equal(story->reply.trace.fallback, str_of(fallback)));
}

static void then_it_says(const struct story *story, const char *text)
{
    if (!str_equal(story->reply.text, str_of(text)))
        print_message("it says: %.*s\n", STR_ARG(story->reply.text));
    assert_true(str_equal(story->reply.text, str_of(text)));
}

static void then_the_model_was_asked(size_t times)
{
    assert_int_equal(fake_model_asked(fake), times);
}

static struct str the_request(struct story *story)
{
    return fake_model_request(fake, 0, &story->arena);
}

#define DUE "Your next payment of **€49.90** is due on **12 March 2026**."

/* --- phrase --- */

static void an_answer_is_said_in_other_words(void **state)
{
    struct story *story = *state;
    given_the_model_says(story, "Hello! Due on 12 March 2026: your next payment of €49.90.");
    when_they_say(story, "when do i have to pay");
    then_decision(story, "act", "due");
    then_it_says(story, "Hello! Due on 12 March 2026: your next payment of €49.90.");
    then_it_was(story, "phrased", "");
    assert_true(str_equal(story->reply.trace.model, STR("small-7b")));
    assert_true(str_starts(story->reply.trace.prompt, STR("phrase-")));
    assert_true(story->reply.trace.tokens == 120);
    assert_int_equal(story->reply.source_count, 2);
}

static void an_answer_in_a_code_fence_is_taken_out_of_it(void **state)
{
    struct story *story = *state;
    given_the_model_says(story, "```markdown\nHello! Your next payment of €49.90 is due on 12 March 2026.\n```");
    when_they_say(story, "when do i have to pay");
    then_it_says(story, "Hello! Your next payment of €49.90 is due on 12 March 2026.");
    then_it_was(story, "phrased", "");
}

static void what_the_approved_answer_does_not_say_is_not_said(void **state)
{
    struct story *story = *state;
    static const struct { const char *words, *why; } wrong[] = {
        { "Your payment of €49.90 is due on 13 March 2026.", "check_facts" },
        { "Your payment of €39.90 is due on 12 March 2026.", "check_facts" },
        { "Your next payment of €49.90 is due on 12 March 2026. We waive the late fee.", "check_facts" },
        { "Yes! Your next payment of €49.90 is due on 12 March 2026.", "check_facts" },
        { "The payment of €49.90 is yours: due on 12 March 2026, as agreed.", "check_statements" },
        { "Your next payment of €49.90 is not due on 12 March 2026.", "check_facts" },
        { "Your next payment is due on 12 March 2026.", "check_statements" },
        { "Your payment of €49.90 is due on 12 March 2026.", "check_statements" },
        { "# Your next payment of €49.90 is due on 12 March 2026.", "check_form" },
        { "> Your next payment of €49.90 is due on 12 March 2026.", "check_form" },
        { "Your next payment of `€49.90` is due on 12 March 2026.", "check_form" },
        { "Your next payment of €49.90 is due on 12 March 2026. [Pay](https://pay.example.net/x)", "check_form" },
        { "Your next payment of €49.90 is due on 12 March 2026. <img src=x>", "check_form" },
        { "Your next payment of €49.90 is due on 12 March 2026, [name 9].", "check_placeholder" },
        { "Your next payment of €49.90 is due on 12 March 2026. Write to eve@example.net.", "check_form" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        given_the_model_says(story, wrong[i].words);
        when_they_say(story, "when do i have to pay");
        then_it_says(story, DUE);
        then_it_was(story, "embedded", wrong[i].why);
        assert_int_equal(story->reply.trace.refused, 1);
    }
}

static void without_an_answer_in_time_the_approved_one_is_sent(void **state)
{
    struct story *story = *state;
    static const struct { struct fake_scene scene; const char *why; } scenes[] = {
        { { .status = 500 }, "down" },
        { { .status = 401, .body = "{\"error\":{\"message\":\"no\"}}" }, "refused_by_server" },
        { { .body = "{\"error\":{\"message\":\"out of memory\"}}" }, "failed" },
        { { .body = "data: {\"choices\":[{\"delta\":{\"content\":\"Your\"}}]}\n\n", .ending = FAKE_HANGS }, "late" },
        { { .body = "data: {\"choices\":[]}\n\ndata: [DONE]\n\n" }, "failed" },
    };
    for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
        story->model.deadline_ms = 900;
        fake_model_play(fake, &scenes[i].scene, 1);
        when_they_say(story, "when do i have to pay");
        then_it_says(story, DUE);
        then_it_was(story, "embedded", scenes[i].why);
        assert_true(story->reply.trace.objection.len > 0); /* an operator reads there what is wrong */
    }
}

static void a_turn_that_was_overtaken_stops_waiting(void **state)
{
    struct story *story = *state;
    atomic_bool cancelled = true;
    story->model.deadline_ms = 600000; /* it would never end */
    story->use.cancelled = &cancelled;
    fake_model_play(fake, &(struct fake_scene){ .body = ": ", .ending = FAKE_HANGS }, 1);
    when_they_say(story, "when do i have to pay");
    then_it_was(story, "embedded", "cancelled");
}

static void whoever_needs_a_person_is_not_a_matter_for_a_model(void **state)
{
    struct story *story = *state;
    static const char *const words[] = { "I want to talk to a human", "my husband died last week", "I will kill myself", "I want to make a complaint",
                                         "jag vill prata med en människa", "arrange a payment plan", "raise my limit please", "hello", "thanks" };
    given_the_model_says(story, "No. Stay with me.");
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        when_they_say(story, words[i]);
        then_the_model_was_asked(0);
        then_it_was(story, "embedded", "");
    }
}

static void what_is_said_to_the_model_is_masked(void **state)
{
    struct story *story = *state;
    static const char *const secrets[] = { "Lindqvist", "C-88123", "maja.lindqvist", "W-20417", "070-123", "4111 1111", "Storgatan" };
    story->json = "{\"order\":\"W-20417\",\"status\":\"on its way\",\"address\":\"Storgatan 4, Lund\",\"amount\":\"€49.90\",\"date\":\"12 March 2026\"}";
    given_the_model_says(story, "Hello! Order [id 1] is on its way.");
    when_they_say(story, "where is my parcel W-20417? Maja Lindqvist 070-123 45 67 card 4111 1111 1111 1111");
    then_decision(story, "act", "track");
    then_the_model_was_asked(1);
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
        if (str_find(the_request(story), str_of(secrets[i]), 0) >= 0)
            fail_msg("the model was told '%s'", secrets[i]);
    then_it_was(story, "phrased", "");
    then_it_says(story, "Hello! Order W-20417 is on its way.");
}

/* --- plan --- */

static void what_was_not_understood_may_be_found_by_the_model(void **state)
{
    struct story *story = *state;
    given_the_model_calls(story, "fees", "{}");
    when_they_say(story, ODD);
    then_decision(story, "answer", "fees");
    then_it_says(story, "A late payment costs €5.");
    assert_true(str_starts(story->reply.trace.prompt, STR("plan-")));
    assert_true(str_starts(story->reply.trace.used, STR("planned")));
}

static void a_change_is_confirmed_whoever_found_the_topic(void **state)
{
    struct story *story = *state;
    given_the_model_calls(story, "extend", "{\"order\":\"[id 1]\",\"days\":\"14\"}");
    when_they_say(story, ODD ", W-20417 I mean");
    then_decision(story, "ask", "extend");
    then_it_says(story, "Move order W-20417 by 14 days?");
    then_it_was(story, "planned", "");
    assert_int_equal(story->calls, 0);
    when_they_say(story, "yes");
    then_decision(story, "act", "extend");
    assert_int_equal(story->calls, 1);
    assert_string_equal(story->called, "extend");
}

static void what_the_customer_did_not_write_is_asked_for(void **state)
{
    struct story *story = *state;
    given_the_model_says(story, "<tool_call>{\"name\":\"extend\",\"arguments\":{\"order\":\"W-99999\",\"days\":\"30\"}}</tool_call>");
    when_they_say(story, ODD);
    then_decision(story, "ask", "extend");
    then_it_says(story, "Which order?");
    story->question.dialogue = STR_EMPTY;
    given_the_model_calls(story, "extend", "{\"order\":\"W-99999\",\"days\":\"30\"}"); /* nobody spoke of W-99999 */
    when_they_say(story, ODD);
    then_decision(story, "ask", "extend");
    then_it_says(story, "Which order?");
    assert_int_equal(story->calls, 0);
}

static void only_what_is_offered_can_be_chosen(void **state)
{
    struct story *story = *state;
    static const struct { const char *tool, *arguments, *why; } wrong[] = {
        { "hardship", "{}", "not_offered" },            /* people only */
        { "limit", "{}", "not_offered" },               /* drafts only */
        { "delete_customer", "{}", "not_offered" },
        { "", "{}", "not_offered" },
        { "extend", "{\"order\":\"W-20417\",\"customer\":\"C-1\"}", "check_arguments" },
        { "extend", "{\"order\":[\"W-20417\"]}", "check_arguments" },
        { "extend", "{\"order\":\"W-1\",\"order\":\"W-2\"}", "check_arguments" },
        { "extend", "{\"order\":", "check_arguments" },
        { "extend", "{\"order\":\"[id 7]\"}", "check_arguments" },
        { "fees", "{\"order\":\"W-20417\"}", "check_arguments" },
        { "NONE_OF_THESE", "{}", "no_topic" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        story->question.failed_turns = 0;
        story->question.dialogue = STR_EMPTY;
        given_the_model_calls(story, wrong[i].tool, wrong[i].arguments);
        when_they_say(story, ODD);
        then_the_model_was_asked(1);
        assert_int_equal(story->calls, 0);
        assert_string_equal(decision_names[story->reply.decision], "ask");
        then_it_was(story, "embedded", wrong[i].why);
    }
}

static void a_stranger_is_offered_nothing_that_needs_a_name(void **state)
{
    struct story *story = *state;
    given_a_stranger(story);
    given_the_model_calls(story, "due", "{}"); /* has no answer for somebody unknown */
    when_they_say(story, ODD);
    then_it_was(story, "embedded", "not_offered");
    assert_true(str_find(the_request(story), STR("\"name\":\"due\""), 0) < 0);
    assert_true(str_find(the_request(story), STR("\"name\":\"fees\""), 0) >= 0);
    story->question.failed_turns = 0;
    story->question.dialogue = STR_EMPTY;
    given_the_model_calls(story, "extend", "{\"order\":\"W-20417\"}"); /* has one, but no details are taken */
    when_they_say(story, ODD);
    then_it_was(story, "embedded", "check_arguments");
    assert_int_equal(story->calls, 0);
}

static void a_model_may_call_for_a_person_but_not_delay_one(void **state)
{
    struct story *story = *state;
    given_the_model_calls(story, "PERSON", "{}");
    when_they_say(story, ODD);
    then_decision(story, "hand_over", "");
    assert_true(str_equal(story->reply.reason, STR("low_confidence")));
    story->question.dialogue = STR_EMPTY;
    story->question.failed_turns = 1; /* with this turn the customer goes to a person, and no model is asked */
    given_the_model_calls(story, "fees", "{}");
    when_they_say(story, ODD);
    then_decision(story, "hand_over", "");
    then_the_model_was_asked(0);
}

static void a_use_that_is_not_given_is_not_used(void **state)
{
    struct story *story = *state;
    struct model_trace trace = { .tokens = 0 };
    struct str out;
    story->model.uses = 0;
    given_the_model_says(story, "x");
    when_they_say(story, "when do i have to pay");
    when_they_say(story, ODD);
    assert_int_equal(assistant_summary(assistant, &story->question, &story->arena, &trace).len, 0);
    struct translation wanted = { .model = &story->use, .text = STR("Hej"), .to = STR("en") };
    assert_false(assistant_translate(assistant, &wanted, &story->arena, &out, &trace));
    then_the_model_was_asked(0);
}

static void the_conversations_budget_ends(void **state)
{
    struct story *story = *state;
    story->use.tokens_left = 50;
    given_the_model_says(story, "Hello! Your payment of €49.90 is due on 12 March 2026.");
    when_they_say(story, "when do i have to pay");
    then_it_says(story, DUE);
    then_it_was(story, "embedded", "budget_conversation");
    then_the_model_was_asked(0);
}

/* --- summary --- */

static const char *summary_of(struct story *story, const char *said, struct model_trace *trace)
{
    *trace = (struct model_trace){ .tokens = 0 };
    given_the_model_says(story, said);
    story->use.deadline_at_ms = model_clock_ms() + story->model.deadline_ms;
    struct str note = assistant_summary(assistant, &story->question, &story->arena, trace);
    json_t *json = note.len ? json_loadb(note.data, note.len, 0, NULL) : NULL;
    const char *summary = json_string_value(json_object_get(json, "summary"));
    const char *kept = summary ? arena_copy(&story->arena, str_of(summary)).data : NULL;
    if (summary) {
        assert_non_null(json_object_get(json, "wants")); /* beside what the assistant itself noted */
        assert_string_equal(json_string_value(json_object_get(json, "summary_by")), "small-7b");
    }
    json_decref(json);
    return kept;
}

static void a_note_has_a_summary_beside_it(void **state)
{
    struct story *story = *state;
    struct model_trace trace;
    story->question.text = STR("I am Maja Lindqvist and I paid 49.90 twice, my number is 070-123 45 67");
    const char *summary = summary_of(story, "```json\n{\"summary\": \"[name 1] paid 49.90 twice and wants one back.\"}\n```", &trace);
    assert_non_null(summary);
    assert_true(str_starts(str_of(summary), STR("[name 1] paid 49.90 twice"))); /* what was masked stays masked */
    assert_true(str_find(the_request(story), STR("070-123"), 0) < 0);
    assert_true(str_starts(trace.prompt, STR("summarise-")));
    static const char *const wrong[] = { "{\"summary\": \"paid 94.90\"}", "{\"summary\": \"write to eve@example.net\"}", "{\"summary\": \"\"}", "no JSON",
                                         "{\"summary\": [1]}", "{\"summary\": \"[name 8] paid\"}", "{\"summary\": \"<b>paid</b>\"}",
                                         "{\"summary\": \"[here](https://e.example)\"}",
                                         "{\"summary\": \"They ask for the account of Zebedee Quorn.\"}", "{\"summary\": \"We promised a refund.\"}" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        if (summary_of(story, wrong[i], &trace))
            fail_msg("%s", wrong[i]);
        assert_true(trace.fallback.len > 0);
    }
}

static void nothing_of_somebody_in_need_is_summed_up(void **state)
{
    struct story *story = *state;
    struct model_trace trace;
    story->question.text = STR("my husband died last week and I cannot pay");
    assert_null(summary_of(story, "{\"summary\": \"A death.\"}", &trace));
    then_the_model_was_asked(0);
}

/* --- translation --- */

static bool translates(struct story *story, const char *text, const char *to, const char *said, struct str *out)
{
    struct model_trace trace = { .tokens = 0 };
    struct translation wanted = { .model = &story->use, .text = str_of(text), .to = str_of(to), .customer_id = STR("C-88123"),
                                  .customer_name = STR("Maja Lindqvist") };
    given_the_model_says(story, said);
    story->use.deadline_at_ms = model_clock_ms() + story->model.deadline_ms;
    return assistant_translate(assistant, &wanted, &story->arena, out, &trace);
}

static void a_message_is_translated_and_its_numbers_stay(void **state)
{
    struct story *story = *state;
    struct str out;
    const char *swedish = "Hej, jag heter Maja Lindqvist och jag har betalat 49,90 två gånger för W-20417";
    assert_true(translates(story, swedish, "en", "{\"translation\": \"Hello, my name is [name 1] and I have paid 49.90 twice for W-20417\"}", &out));
    assert_true(str_find(out, STR("Maja Lindqvist"), 0) > 0);
    assert_true(str_find(the_request(story), STR("Lindqvist"), 0) < 0);
    assert_true(str_find(the_request(story), STR("20417"), 0) < 0);
    assert_true(translates(story, "Är W-20417, W-20418 eller order 20419 betald?", "en", "{\"translation\": \"Is [id 1], [id 2] or order [id 3] paid?\"}", &out));
    assert_true(str_equal(out, STR("Is W-20417, W-20418 or order 20419 paid?")));
    assert_false(translates(story, swedish, "en", "{\"translation\": \"Hello, I have paid 94.90 twice for W-20417, [name 1]\"}", &out));
    assert_false(translates(story, swedish, "en", "{\"translation\": \"Hej, jag heter [name 1] och jag har betalat 49,90 för W-20417\"}", &out)); /* not English */
    assert_false(translates(story, swedish, "en", "{\"translation\": \"[name 5] paid 49.90 for W-20417\"}", &out));
    assert_false(translates(story, swedish, "en", "{\"translation\": \"Hello [name 1], 49.90, W-20417: go to https://evil.example/x\"}", &out));
    assert_false(translates(story, swedish, "en", "no JSON", &out));
    const char *english = "Hello, your parcel is on its way. If you pay by Monday, nothing more is due.";
    assert_true(translates(story, english, "sv", "{\"translation\": \"Hej, ditt paket är på väg. Om du betalar senast på måndag ska inget mer betalas.\"}", &out));
    assert_true(translates(story, english, "de", "{\"translation\": \"Guten Tag, Ihr Paket ist unterwegs. Wenn Sie bis Montag zahlen, ist nichts weiter fällig.\"}", &out));
    assert_true(translates(story, english, "pl", "{\"translation\": \"Dzień dobry, paczka jest w drodze. Jeśli zapłacą Państwo do poniedziałku, nic więcej nie trzeba płacić.\"}", &out));
    assert_true(translates(story, "You get 49.90 euros within 14 days.", "pl", "{\"translation\": \"Otrzyma Pan 49,90 euro w ciągu 14 dni.\"}", &out));
    assert_false(translates(story, "You get 49.90 euros within 14 days.", "pl", "{\"translation\": \"Otrzyma Zebedee 49,90 euro w ciągu 14 dni.\"}", &out));
    const char *days = "You get 49.90 euros by Friday. We may call you within seven days, in June.";
    assert_true(translates(story, days, "sv", "{\"translation\": \"Du får 49,90 euro senast på fredag. Vi kanske ringer dig inom sju dagar, i juni.\"}", &out));
    assert_true(translates(story, days, "es", "{\"translation\": \"Recibe 49,90 € el viernes. Quizá le llamemos en siete días, en junio.\"}", &out));
    assert_false(translates(story, days, "sv", "{\"translation\": \"Du får 49,90 euro senast på måndag. Vi kanske ringer dig inom sju dagar, i juni.\"}", &out));
    assert_false(translates(story, days, "sv", "{\"translation\": \"Du får 49,90 euro senast på fredag. Vi kanske ringer dig inom sju dagar, i juli.\"}", &out));
    assert_false(translates(story, days, "sv", "{\"translation\": \"Du får 49,90 euro senast på fredag. Vi kanske ringer dig inom nio dagar, i juni.\"}", &out));
    assert_false(translates(story, days, "pl", "{\"translation\": \"Otrzyma Pan $49,90 do piątku. Możemy zadzwonić w ciągu siedmiu dni, w czerwcu.\"}", &out));
    assert_false(translates(story, "I will look at it and then write to you here.", "sv", "{\"translation\": \"Jag tittar på det och skriver sedan till dig här på måndag.\"}", &out));
    assert_true(translates(story, "Du kan betala i maj eller mars, på måndagar.", "en", "{\"translation\": \"You may pay in May or March, on Monday.\"}", &out));
    assert_true(translates(story, "Have you got a photo of your invoice?", "ru", "{\"translation\": \"Есть ли у Вас фото Вашего счёта?\"}", &out));
    assert_false(translates(story, english, "sv", "{\"translation\": \"Hej, ditt paket är på väg. Vi återbetalar allt och garanterar det.\"}", &out));
    assert_false(translates(story, english, "sv", "{\"translation\": \"Hej, ditt paket är på väg till Zebedee Quorn, om du betalar senast på måndag.\"}", &out));
    assert_false(translates(story, english, "sv", "{\"translation\": \"Hej.\"}", &out));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_said_in_other_words), TEST(an_answer_in_a_code_fence_is_taken_out_of_it), TEST(what_the_approved_answer_does_not_say_is_not_said),
        TEST(without_an_answer_in_time_the_approved_one_is_sent), TEST(a_turn_that_was_overtaken_stops_waiting),
        TEST(whoever_needs_a_person_is_not_a_matter_for_a_model), TEST(what_is_said_to_the_model_is_masked),
        TEST(what_was_not_understood_may_be_found_by_the_model), TEST(a_change_is_confirmed_whoever_found_the_topic),
        TEST(what_the_customer_did_not_write_is_asked_for), TEST(only_what_is_offered_can_be_chosen),
        TEST(a_stranger_is_offered_nothing_that_needs_a_name), TEST(a_model_may_call_for_a_person_but_not_delay_one),
        TEST(a_use_that_is_not_given_is_not_used), TEST(the_conversations_budget_ends), TEST(a_note_has_a_summary_beside_it),
        TEST(nothing_of_somebody_in_need_is_summed_up),
        TEST(a_message_is_translated_and_its_numbers_stay),
    };
    return cmocka_run_group_tests(tests, learn, forget);
}
