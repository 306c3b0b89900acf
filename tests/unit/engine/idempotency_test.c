/* A command that is given again is not done again. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/random.h"
#include "engine/idempotency.h"

#define DAY ((int64_t)86400000)

static void the_same_key_gives_the_same_answer(void **state)
{
    UNUSED(state);
    struct story s;
    story_begin(&s);
    uint64_t maria = story_customer(&s);
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    open.key = (struct command_key){ { 1, 1 }, 7 };
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    struct outcome first = s.outcome;
    assert_false(first.repeated);
    story_wait(&s, 3600000);
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    assert_events(&s, "");
    assert_true(s.outcome.repeated);
    assert_int_equal(s.outcome.seq, first.seq);
    assert_int_equal(s.outcome.conversation, first.conversation);
    open.key.body++;
    assert_refused(&s, &open, KEY_REUSED);
    open.key.key.low++;
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    assert_int_equal(s.outcome.conversation, first.conversation + 1);
    story_end(&s);
}

static void only_the_first_event_carries_the_key(void **state)
{
    UNUSED(state);
    struct story s;
    story_begin(&s);
    uint64_t maria = story_customer(&s), chat = story_open(&s, maria);
    struct command ask = story_by_customer(COMMAND_ASK_HUMAN, maria, chat);
    ask.key = (struct command_key){ { 3, 4 }, 5 };
    assert_int_equal(story_give(&s, &ask), REFUSAL_NONE);
    assert_memory_equal(&s.events.items[0].cause, &ask.key, sizeof ask.key);
    assert_int_equal(s.events.items[1].cause.key.high + s.events.items[1].cause.body, 0);
    story_end(&s);
}

static void a_refused_command_leaves_no_key(void **state)
{
    UNUSED(state);
    struct story s;
    story_begin(&s);
    uint64_t maria = story_customer(&s), chat = story_open(&s, maria);
    struct command say = story_by_customer(COMMAND_SAY, maria, chat);
    say.key = (struct command_key){ { 1, 1 }, 7 };
    assert_refused(&s, &say, EMPTY);
    say.say.text = STR("now with words");
    say.key.body = 8;
    assert_int_equal(story_give(&s, &say), REFUSAL_NONE);
    assert_false(s.outcome.repeated);
    story_end(&s);
}

static void after_a_day_a_key_is_forgotten(void **state)
{
    UNUSED(state);
    struct story s;
    story_begin(&s);
    uint64_t maria = story_customer(&s);
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    open.key = (struct command_key){ { 1, 1 }, 7 };
    assert_int_equal(story_give(&s, &open), REFUSAL_NONE);
    s.now_ms += DAY - 1;
    story_give(&s, &open);
    assert_true(s.outcome.repeated);
    s.now_ms += 1;
    story_give(&s, &open);
    assert_false(s.outcome.repeated);
    assert_events(&s, "conversation.opened");
    story_end(&s);
}

/* The structure alone, against a list. */
static void it_forgets_the_oldest_and_finds_the_rest(void **state)
{
    UNUSED(state);
    enum { KEYS = 5000 };
    struct idempotency idempotency = { 0 };
    struct random random = { 9 };
    for (uint64_t i = 0; i < KEYS; i++) {
        struct idempotency_entry entry = { .cause = { { random_next(&random) % 8, i + 1 }, i }, .seq = i + 1,
                                           .at_ms = (int64_t)i * 60000 };
        idempotency_add(&idempotency, &entry);
    }
    assert_int_equal(idempotency.count, KEYS);
    idempotency_forget(&idempotency, IDEMPOTENCY_MS + 1000 * 60000);
    assert_int_equal(idempotency.count, KEYS - 1001);
    random.state = 9;
    for (uint64_t i = 0; i < KEYS; i++) {
        struct digest key = { random_next(&random) % 8, i + 1 };
        const struct idempotency_entry *found = idempotency_find(&idempotency, key);
        assert_int_equal(found != NULL, i > 1000);
        if (found) assert_int_equal(found->seq, i + 1);
    }
    for (size_t i = 0; i < idempotency.count; i++) assert_int_equal(idempotency_at(&idempotency, i)->seq, 1002 + i);
    idempotency_free(&idempotency);
}

static void a_million_keys_and_no_more(void **state)
{
    UNUSED(state);
    struct idempotency idempotency = { 0 };
    for (uint64_t i = 1; i <= LIMIT_IDEMPOTENCY_KEYS + 1000; i++)
        idempotency_add(&idempotency, &(struct idempotency_entry){ .cause = { { 1, i }, 0 }, .seq = i });
    assert_int_equal(idempotency.count, LIMIT_IDEMPOTENCY_KEYS);
    assert_null(idempotency_find(&idempotency, (struct digest){ 1, 1000 }));
    assert_non_null(idempotency_find(&idempotency, (struct digest){ 1, 1001 }));
    assert_non_null(idempotency_find(&idempotency, (struct digest){ 1, LIMIT_IDEMPOTENCY_KEYS + 1000 }));
    idempotency_free(&idempotency);
}

/* The ring goes round several times. */
static void nothing_is_forgotten_too_early_or_found_too_late(void **state)
{
    UNUSED(state);
    struct idempotency idempotency = { 0 };
    struct random random = { 17 };
    uint64_t total = 3 * LIMIT_IDEMPOTENCY_KEYS;
    for (uint64_t i = 1; i <= total; i++) {
        idempotency_add(&idempotency, &(struct idempotency_entry){ .cause = { { i, 1 }, 0 }, .seq = i });
        if (i % 7) continue;
        uint64_t other = 1 + random_below(&random, i), oldest = idempotency_at(&idempotency, 0)->seq;
        const struct idempotency_entry *found = idempotency_find(&idempotency, (struct digest){ other, 1 });
        assert_int_equal(found ? found->seq : 0, other >= oldest ? other : 0);
        assert_null(idempotency_find(&idempotency, (struct digest){ i + 1, 1 }));
    }
    idempotency_forget(&idempotency, IDEMPOTENCY_MS);
    assert_int_equal(idempotency.count, 0);
    assert_null(idempotency_find(&idempotency, (struct digest){ total, 1 }));
    idempotency_add(&idempotency, &(struct idempotency_entry){ .cause = { { total, 1 }, 0 }, .seq = 5 });
    assert_int_equal(idempotency_find(&idempotency, (struct digest){ total, 1 })->seq, 5);
    idempotency_free(&idempotency);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_key_gives_the_same_answer), cmocka_unit_test(only_the_first_event_carries_the_key),
        cmocka_unit_test(a_refused_command_leaves_no_key), cmocka_unit_test(after_a_day_a_key_is_forgotten),
        cmocka_unit_test(it_forgets_the_oldest_and_finds_the_rest), cmocka_unit_test(a_million_keys_and_no_more),
        cmocka_unit_test(nothing_is_forgotten_too_early_or_found_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
