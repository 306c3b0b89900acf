/* From the assistant's reply to the engine's command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "assistant/reply_command.h"

static struct command_assistant_reply command_of(struct reply reply, struct arena *arena)
{
    struct command_assistant_reply command = { .turn = 7 };
    reply.language = STR("sv");
    reply_command(&reply, arena, &command);
    return command;
}

static void an_answer_is_passed_on_as_it_is(void **state)
{
    struct arena arena = { 0 };
    UNUSED(state);
    struct command_assistant_reply command = command_of((struct reply){ .decision = DECISION_ASK, .text = STR("Which order?") }, &arena);
    assert_true(str_equal(command.decision, STR("ask")) && str_equal(command.text, STR("Which order?")));
    assert_int_equal(command.failed, 0);
    arena_free(&arena);
}

static void nothing_to_say_brings_a_person_at_once(void **state)
{
    struct arena arena = { 0 };
    UNUSED(state);
    for (int d = DECISION_ANSWER; d <= DECISION_ACT; d++) {
        struct command_assistant_reply command = command_of((struct reply){ .decision = (enum decision)d, .text = STR_EMPTY }, &arena);
        assert_true(str_equal(command.decision, STR("hand_over")) && str_equal(command.reason, STR("assistant_failed")));
        assert_true(str_find(command.text, STR("människa"), 0) >= 0);
        assert_int_equal(command.failed, 1);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_passed_on_as_it_is), cmocka_unit_test(nothing_to_say_brings_a_person_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
