/* What the assistant remembers comes back from a log: garbage starts anew, and it never grows too large. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/dialogue.h"
#include "base/random.h"

static void what_is_written_comes_back(void **state)
{
    struct arena arena = { 0 };
    struct dialogue before = { .topic = STR("due-date"), .pending = PENDING_VALUE, .asked_topic = STR("extend"),
                               .parameter = STR("order"), .tries = 1 }, after;
    UNUSED(state);
    dialogue_said(&before, &arena, STR("I need more \"time\"\n\xc3\xa5"));
    dialogue_tried(&before, &arena, STR("next-payment: done"));
    dialogue_tried(&before, &arena, STR("Where is my order?"));
    dialogue_tried(&before, &arena, STR("next-payment: done"));
    dialogue_turn_to(&before, STR("refund"));
    dialogue_turn_to(&before, STR("fees"));
    dialogue_turn_to(&before, STR("refund"));
    before.later[before.later_count++] = STR("close-account");
    dialogue_set_value(&before, &arena, STR("days"), STR("14"));
    dialogue_set_value(&before, &arena, STR("days"), STR("30"));
    dialogue_show(&before, &arena, STR("order"), STR("W-20398"));
    dialogue_show(&before, &arena, STR("order"), STR("W-20417"));
    before.choices[before.choice_count++] = (struct dialogue_choice){ STR("A person"), STR_EMPTY };
    struct str json = dialogue_write(&arena, &before);
    dialogue_read(&arena, json, &after);
    assert_int_equal(after.pending, PENDING_VALUE);
    assert_int_equal(after.tries, 1);
    assert_int_equal(after.value_count, 1);
    assert_true(str_equal(dialogue_value(&after, STR("days")), STR("30")));
    assert_int_equal(after.tried_count, 2); /* what was tried twice stands once, last */
    assert_true(str_equal(after.tried[1], STR("next-payment: done")));
    assert_true(str_equal(after.topic, STR("refund")));
    assert_int_equal(after.earlier_count, 2);
    assert_true(str_equal(after.earlier[0], STR("due-date")) && str_equal(after.earlier[1], STR("fees")));
    assert_int_equal(after.later_count, 1);
    assert_true(str_equal(after.later[0], STR("close-account")));
    assert_true(str_equal(after.said[0], STR("I need more \"time\"\n\xc3\xa5")));
    assert_int_equal(after.choice_count, 1);
    assert_int_equal(after.shown_count, 1); /* the last one */
    assert_true(str_equal(dialogue_shown(&after, STR("order")), STR("W-20417")));
    assert_true(str_equal(dialogue_write(&arena, &after), json));
    arena_free(&arena);
}

static void garbage_starts_anew(void **state)
{
    static const char *const garbage[] = {
        "", "x", "null", "[]", "{}", "{\"v\":2,\"pending\":\"value\"}", "{\"v\":\"1\"}", "{\"v\":1,\"v\":1}", "{\"v\":1",
        "{\"v\":1,\"pending\":7,\"said\":{},\"values\":[1,[2,3],[\"a\"]],\"choices\":\"x\",\"tries\":-1,\"tried\":[[],1]}",
        "{\"v\":1,\"pending\":\"nonsense\",\"asked\":\"x\"}", "{\"v\":1,\"shown\":[1,[2,3],[\"a\"],[\"a\",\"\"],[\"\",\"b\"]]}",
    };
    struct arena arena = { 0 };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(garbage); i++) {
        struct dialogue dialogue;
        dialogue_read(&arena, str_of(garbage[i]), &dialogue);
        assert_int_equal(dialogue.pending, PENDING_NOTHING);
        assert_int_equal(dialogue.said_count + dialogue.tried_count + dialogue.value_count + dialogue.choice_count + dialogue.shown_count, 0);
    }
    arena_free(&arena);
}

static void it_stays_small_whatever_is_said(void **state)
{
    static char text[LIMIT_MESSAGE];
    struct arena arena = { 0 };
    struct dialogue dialogue = { .pending = PENDING_VALUE };
    UNUSED(state);
    memset(text, 1, sizeof text); /* six bytes each in JSON */
    for (int i = 0; i < 100; i++) {
        dialogue_said(&dialogue, &arena, str_make(text, sizeof text));
        dialogue_tried(&dialogue, &arena, str_make(text, sizeof text));
        dialogue_found(&dialogue, &arena, str_make(text, sizeof text));
        dialogue_set_value(&dialogue, &arena, arena_format(&arena, "p%d", i), str_make(text, sizeof text));
    }
    struct str json = dialogue_write(&arena, &dialogue);
    assert_true(json.len > 0 && json.len <= LIMIT_DIALOGUE);
    struct dialogue after;
    dialogue_read(&arena, json, &after);
    arena_free(&arena);
}

static void it_is_not_cut_inside_a_letter(void **state)
{
    struct arena arena = { 0 };
    struct dialogue dialogue = { .pending = PENDING_NOTHING };
    struct buf text;
    UNUSED(state);
    buf_init(&text, 10000);
    buf_add_char(&text, 'x');
    for (int i = 0; i < 1000; i++)
        buf_add_str(&text, STR("\xe2\x82\xac"));
    dialogue_said(&dialogue, &arena, buf_str(&text));
    assert_true(str_is_utf8(dialogue.said[0]));
    assert_true(dialogue.said[0].len > DIALOGUE_SAID_BYTES - 3);
    buf_free(&text);
    arena_free(&arena);
}

/* How long a flow has rested is reckoned with it: a time before all times would be more than a number can hold. */
static void a_time_that_was_never_is_no_time(void **state)
{
    struct arena arena = { 0 };
    struct dialogue dialogue;
    UNUSED(state);
    dialogue_read(&arena, STR("{\"v\":1,\"pending\":\"value\",\"asked\":\"t\",\"place\":{\"step\":1,\"at\":-9223372036854775808,\"version\":\"v\"}}"), &dialogue);
    assert_int_equal(dialogue.pending, PENDING_VALUE);
    assert_int_equal(dialogue.place.step, 1);
    assert_int_equal(dialogue.place.at_ms, 0);
    arena_free(&arena);
}

static void broken_json_of_every_kind_is_read_without_harm(void **state)
{
    struct arena arena = { 0 };
    struct random random = { 11 };
    struct dialogue whole = { .topic = STR("t"), .pending = PENDING_CHOICE, .asked_topic = STR("u") }, after;
    UNUSED(state);
    dialogue_said(&whole, &arena, STR("hello there"));
    whole.choices[whole.choice_count++] = (struct dialogue_choice){ STR("A"), STR("t") };
    struct str json = dialogue_write(&arena, &whole);
    for (int round = 0; round < 5000; round++) {
        struct str copy = arena_copy(&arena, json);
        for (int k = 0; k < 3; k++)
            ((char *)(uintptr_t)copy.data)[random_below(&random, copy.len)] = (char)random_next(&random);
        dialogue_read(&arena, str_slice(copy, 0, random_below(&random, copy.len + 1)), &after);
        assert_true(after.pending <= PENDING_CONFIRMATION);
        if (round % 500 == 0) {
            arena_reset(&arena);
            json = dialogue_write(&arena, &(struct dialogue){ .topic = STR("t"), .pending = PENDING_CHOICE });
        }
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_comes_back), cmocka_unit_test(garbage_starts_anew),
        cmocka_unit_test(it_stays_small_whatever_is_said), cmocka_unit_test(it_is_not_cut_inside_a_letter), cmocka_unit_test(a_time_that_was_never_is_no_time),
        cmocka_unit_test(broken_json_of_every_kind_is_read_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
