/* A story that does not go as written fails, at its line, with what was expected and what was seen: a
 * player that cannot fail would make every scenario worthless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "planner/play.h"

static struct virtual_stage *stage;

static enum play_result play_text(struct err *err, const char *text)
{
    struct script script;
    err->text[0] = 0;
    if (!script_read(err, &script, STR("story.scn"), str_of(text))) return PLAY_FAILED;
    enum play_result result = play(err, &script, virtual_stage(stage), &(struct play_options){ .seed = 1 });
    script_free(&script);
    return result;
}

static void fails(const char *text, const char *part)
{
    struct err err;
    enum play_result result = play_text(&err, text);
    if (result != PLAY_FAILED || !strstr(err.text, part)) print_message("%s\n%s\n", text, err.text);
    assert_int_equal(result, PLAY_FAILED);
    assert_non_null(strstr(err.text, part));
}

static void goes_well(const char *text)
{
    struct err err;
    enum play_result result = play_text(&err, text);
    if (result != PLAY_DONE) print_message("%s\n", err.text);
    assert_int_equal(result, PLAY_DONE);
}

#define SERVED "agent sam online\ncustomer anna open\ncustomer anna ask-human\nagent sam accept\n"

static void what_happens_is_seen(void **state)
{
    UNUSED(state);
    goes_well(SERVED "agent sam say \"Hello\"\ncustomer anna expect message.sent author agent name \"sam\" text contains \"ell\"\n"
              "customer anna expect state active agent_name \"sam\" place 0\n");
}

static void an_event_that_does_not_come_is_missed(void **state)
{
    UNUSED(state);
    fails(SERVED "customer anna expect message.sent\n", "story.scn:5: customer anna expect message.sent");
    fails(SERVED "agent sam say \"Hello\"\ncustomer anna expect message.sent text \"Goodbye\"\n", "message.sent seq");
    fails(SERVED "agent sam say \"Hello\"\ncustomer anna expect message.sent author customer\n", "text \"Hello\"");
    fails(SERVED "agent sam say \"Hello\"\ncustomer anna expect message.sent text absent\n", "expected: message.sent");
}

static void the_order_of_lines_is_the_order_of_events(void **state)
{
    UNUSED(state);
    const char *const two = SERVED "agent sam say \"one\"\nagent sam say \"two\"\n";
    char text[1000];
    snprintf(text, sizeof text, "%scustomer anna expect message.sent text \"one\"\ncustomer anna expect message.sent text \"two\"\n", two);
    goes_well(text);
    snprintf(text, sizeof text, "%scustomer anna expect message.sent text \"two\"\ncustomer anna expect message.sent text \"one\"\n", two);
    fails(text, "story.scn:8");
}

static void what_must_not_come_is_seen_when_it_comes(void **state)
{
    UNUSED(state);
    fails(SERVED "agent sam say \"Hello\"\ncustomer anna expect no message.sent\n", "expected: no such event");
    goes_well(SERVED "agent sam say \"Hello\"\ncustomer anna expect no message.sent text \"Goodbye\"\n");
    fails("customer anna open\ncustomer anna say \"How does autopay work?\"\ncustomer anna expect no message.sent author assistant\n",
          "author \"assistant\"");
    /* Also what came before something else that was waited for, but not that itself, nor what came of an earlier command. */
    fails("supervisor robin online\nsupervisor robin away\ncustomer anna open\ncustomer anna say \"How does autopay work?\"\n"
          "supervisor robin expect assistant.decided\nsupervisor robin expect no message.sent author customer\n",
          "expected: no such event");
    goes_well(SERVED "agent sam say \"Hello\"\ncustomer anna expect message.sent author agent\ncustomer anna expect no message.sent author agent\n");
    goes_well(SERVED "agent sam say \"Hello\"\ncustomer anna expect message.sent author agent\ncustomer anna say \"Hi\"\n"
              "customer anna expect message.sent author customer\ncustomer anna expect no message.sent author agent\n");
}

static void a_refusal_must_be_the_one_that_is_named(void **state)
{
    UNUSED(state);
    fails("customer anna open refused too_many_open\n", "seen: it was done");
    fails("customer anna open\ncustomer anna say \"\"\n", "seen: refused with empty");
    fails("customer anna open\ncustomer anna say \"\" refused too_long\n", "seen: refused with empty");
    fails("customer anna open\ncustomer anna say \"a\" key k repeated\n", "seen: done anew");
}

static void a_state_that_does_not_come_about_is_shown(void **state)
{
    UNUSED(state);
    fails(SERVED "customer anna expect state waiting\n", "state \"active\"");
    fails(SERVED "customer anna expect stat active\n", "no field stat");
    fails(SERVED "agent sam expect active 2\n", "active 1");
    fails(SERVED "supervisor robin expect-board live.waiting at-least 1\n", "live.waiting 0");
    fails("agent sam accept\n", "expected: an offer");
}

static void time_goes_where_the_story_sends_it(void **state)
{
    UNUSED(state);
    goes_well("customer anna open\nadvance 25h\ncustomer anna expect conversation.resolved by idle\n");
    fails("customer anna open\nadvance 23h\ncustomer anna expect conversation.resolved within 1s\n", "story.scn:3");
    goes_well(SERVED "crash\ncustomer anna expect state active\n");
}

static void a_repeat_fails_where_one_of_many_fails(void **state)
{
    UNUSED(state);
    goes_well("agent sam online\nagent sam work takes 1s..5s\nrepeat 20 customer v over 10s\ncustomer v open\ncustomer v ask-human\n"
              "customer v expect conversation.resolved within 10m\ndone\nsupervisor robin expect-board figures.resolved 20\n");
    fails("repeat 20 customer v over 10s\ncustomer v open\ncustomer v expect conversation.resolved within 1m\ndone\n", "story.scn:3");
}

static int set_up(void **state)
{
    struct err err;
    UNUSED(state);
    stage = virtual_new(&err, "demo");
    if (!stage) print_message("%s\n", err.text);
    return stage == NULL;
}

static int put_away(void **state)
{
    UNUSED(state);
    virtual_free(stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happens_is_seen),
        cmocka_unit_test(an_event_that_does_not_come_is_missed),
        cmocka_unit_test(the_order_of_lines_is_the_order_of_events),
        cmocka_unit_test(what_must_not_come_is_seen_when_it_comes),
        cmocka_unit_test(a_refusal_must_be_the_one_that_is_named),
        cmocka_unit_test(a_state_that_does_not_come_about_is_shown),
        cmocka_unit_test(time_goes_where_the_story_sends_it),
        cmocka_unit_test(a_repeat_fails_where_one_of_many_fails),
    };
    return cmocka_run_group_tests(tests, set_up, put_away);
}
