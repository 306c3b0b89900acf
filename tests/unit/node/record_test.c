/* Sealing: what stands in the log of a customer's words, and who can read it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/limits.h"
#include "node/record.h"

static const uint8_t master[VAULT_MASTER_LEN] = { 1, 2, 3 };

static bool no_key(void *context, uint64_t subject, struct buf *wrapped)
{
    UNUSED(context);
    UNUSED(subject);
    UNUSED(wrapped);
    return false;
}

static struct event message(const char *text)
{
    struct event event = { .seq = 7, .at_ms = 1000, .kind = EVENT_MESSAGE_SENT, .conversation = 3, .customer = 9 };
    event.message_sent.author = STR("customer");
    event.message_sent.text = str_of(text);
    return event;
}

static void a_message_is_sealed_and_opens_again(void **state)
{
    UNUSED(state);
    struct vault *vault = vault_new(master, 16, no_key, NULL);
    struct event sent = message("my card is 4111 1111 1111 1111"), read;
    struct buf record;
    struct arena arena = { 0 };
    struct err err;
    buf_init(&record, LIMIT_RECORD);
    record_encode(vault, &sent, &record);

    assert_int_equal(str_find(buf_str(&record), STR("4111"), 0), -1);
    assert_true(str_find(buf_str(&record), STR("customer"), 0) >= 0);
    assert_true(record_decode(&err, buf_str(&record), 7, &read));
    assert_false(str_equal(read.message_sent.text, sent.message_sent.text));
    assert_true(record_open(vault, &read, &arena));
    assert_true(str_equal(read.message_sent.text, sent.message_sent.text));
    assert_int_equal(read.customer, 9);

    arena_free(&arena);
    buf_free(&record);
    vault_free(vault);
}

static void without_the_key_the_text_is_gone_and_the_rest_stays(void **state)
{
    UNUSED(state);
    struct vault *vault = vault_new(master, 16, no_key, NULL);
    struct event sent = message("secret"), read;
    struct buf record, wrapped;
    struct arena arena = { 0 };
    struct err err;
    uint64_t subject;
    buf_init(&record, LIMIT_RECORD);
    buf_init(&wrapped, 1024);
    record_encode(vault, &sent, &record);
    assert_true(vault_take_new(vault, &subject, &wrapped));
    assert_int_equal(subject, vault_customer(9));
    vault_forget(vault, subject);

    assert_true(record_decode(&err, buf_str(&record), 7, &read));
    assert_false(record_open(vault, &read, &arena));
    assert_int_equal(read.message_sent.text.len, 0);
    assert_true(str_equal(read.message_sent.author, STR("customer")));

    arena_free(&arena);
    buf_free(&wrapped);
    buf_free(&record);
    vault_free(vault);
}

static void a_sealed_field_does_not_open_elsewhere(void **state)
{
    UNUSED(state);
    struct vault *vault = vault_new(master, 16, no_key, NULL);
    struct event sent = message("moved"), read, note = { .seq = 8, .kind = EVENT_NOTE_ADDED, .customer = 9 };
    struct buf record;
    struct arena arena = { 0 };
    struct err err;
    buf_init(&record, LIMIT_RECORD);
    record_encode(vault, &sent, &record);
    assert_true(record_decode(&err, buf_str(&record), 7, &read));
    note.note_added.text = read.message_sent.text;
    assert_false(record_open(vault, &note, &arena));
    struct event other = read;
    other.customer = 10;
    assert_false(record_open(vault, &other, &arena));

    arena_free(&arena);
    buf_free(&record);
    vault_free(vault);
}

static void a_copy_outlives_what_it_was_made_from(void **state)
{
    UNUSED(state);
    char text[] = "hello";
    struct arena arena = { 0 };
    struct event sent = message(text), copy = record_copy(&sent, &arena);
    text[0] = 'j';
    assert_true(str_equal(copy.message_sent.text, STR("hello")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_sealed_and_opens_again),
        cmocka_unit_test(without_the_key_the_text_is_gone_and_the_rest_stays),
        cmocka_unit_test(a_sealed_field_does_not_open_elsewhere),
        cmocka_unit_test(a_copy_outlives_what_it_was_made_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
