/* Every kind of event goes through the codec and comes back; hostile bytes never do harm. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/random.h"

static char texts[64][24];

/* An event of this kind with something different in every field. */
static struct event sample(enum event_kind kind, bool json)
{
    const struct event_row *row = &event_table[kind];
    struct event event = { .seq = 5, .at_ms = 1790000000000 + kind, .kind = kind, .conversation = 11, .customer = 12,
                           .agent = 13, .owner = 14, .cause = { { 15, 16 }, 17 } };
    for (size_t i = 0; i < row->field_count; i++) {
        const struct event_field *field = &row->fields[i];
        void *at = event_field_at(&event, field);
        bool is_json = field->type == EVENT_FIELD_JSON || field->type == EVENT_FIELD_PERSONAL_JSON;
        if (event_field_is_text(field->type)) {
            snprintf(texts[i], sizeof texts[i], json && is_json ? "{\"field\":%zu}" : "text %zu \"\n", i);
            *(struct str *)at = str_of(texts[i]);
        } else if (field->type == EVENT_FIELD_DIGEST) {
            *(struct digest *)at = (struct digest){ 1 + i, UINT64_MAX - i };
        } else {
            *(uint64_t *)at = 100 + i;
        }
    }
    return event;
}

static void assert_same(const struct event *a, const struct event *b)
{
    const struct event_row *row = &event_table[a->kind];
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->at_ms, b->at_ms);
    assert_int_equal(a->conversation, b->conversation);
    assert_int_equal(a->customer, b->customer);
    assert_int_equal(a->agent, b->agent);
    assert_int_equal(a->owner, b->owner);
    assert_memory_equal(&a->cause, &b->cause, sizeof a->cause);
    for (size_t i = 0; i < row->field_count; i++) {
        const struct event_field *field = &row->fields[i];
        if (event_field_is_text(field->type)) assert_true(str_equal(*event_text(a, field), *event_text(b, field)));
        else assert_memory_equal(event_field_at(a, field), event_field_at(b, field),
                                 field->type == EVENT_FIELD_DIGEST ? sizeof(struct digest) : sizeof(uint64_t));
    }
}

static void each_kind_comes_back(void **state)
{
    UNUSED(state);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        struct event full = sample((enum event_kind)kind, false), bare = { .seq = 5, .kind = (enum event_kind)kind };
        const struct event *events[] = { &full, &bare };
        for (size_t i = 0; i < ARRAY_LEN(events); i++) {
            struct event back = { .seq = 5 };
            struct buf record;
            struct err err;
            buf_init(&record, LIMIT_RECORD);
            event_encode(events[i], &record);
            if (!event_decode(&err, buf_str(&record), &back)) fail_msg("%s", err.text);
            assert_same(events[i], &back);
            buf_free(&record);
        }
    }
}

/* Cut between two fields it is a record of a beckon that knew only those: the others are empty. Anywhere else it is damaged. */
static void a_cut_or_longer_record_is_refused_but_not_an_older_one(void **state)
{
    UNUSED(state);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        struct event event = sample((enum event_kind)kind, false), back;
        struct buf record, again;
        struct err err;
        size_t older = 0;
        buf_init(&record, LIMIT_RECORD);
        event_encode(&event, &record);
        for (size_t len = 0; len < record.len; len++) {
            if (!event_decode(&err, str_make(record.data, len), &back)) continue;
            buf_init(&again, LIMIT_RECORD);
            event_encode(&back, &again);
            assert_true(again.len >= len && memcmp(again.data, record.data, len) == 0);
            buf_free(&again);
            older++;
        }
        assert_int_equal(older, event_table[kind].field_count);
        buf_add_char(&record, 'x');
        assert_false(event_decode(&err, buf_str(&record), &back));
        buf_free(&record);
    }
}

static void hostile_bytes_do_no_harm(void **state)
{
    UNUSED(state);
    struct random random = { 1 };
    for (int round = 0; round < 200000; round++) {
        char bytes[96];
        size_t len = random_below(&random, sizeof bytes);
        for (size_t i = 0; i < len; i++) bytes[i] = (char)random_next(&random);
        if (len > 2 && round % 2) {
            bytes[0] = (char)random_below(&random, EVENT_KINDS);
            bytes[1] = (char)random_below(&random, 32);
        }
        struct event event = { .seq = 1 };
        struct err err;
        struct buf json;
        buf_init(&json, LIMIT_RECORD);
        if (event_decode(&err, str_make(bytes, len), &event)) event_json(&event, VIEWER_SUPERVISOR, &json);
        buf_free(&json);
    }
}

static void flipped_bits_never_read_outside(void **state)
{
    UNUSED(state);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        struct event event = sample((enum event_kind)kind, false), back;
        struct buf record;
        struct err err;
        buf_init(&record, LIMIT_RECORD);
        event_encode(&event, &record);
        for (size_t bit = 0; bit < record.len * 8; bit++) {
            record.data[bit / 8] ^= (char)(1 << bit % 8);
            if (event_decode(&err, buf_str(&record), &back))
                assert_in_range(back.kind, 0, EVENT_KINDS - 1);
            record.data[bit / 8] ^= (char)(1 << bit % 8);
        }
        buf_free(&record);
    }
}

/* What clients get is JSON, whoever looks; secrets and digests are in none of it. */
static void json_of_each_kind_is_json(void **state)
{
    UNUSED(state);
    static const enum viewer_role roles[] = { VIEWER_CUSTOMER, VIEWER_AGENT, VIEWER_SUPERVISOR };
    for (int kind = 0; kind < EVENT_KINDS; kind++)
        for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
            struct event event = sample((enum event_kind)kind, true);
            struct buf json;
            json_error_t error;
            buf_init(&json, LIMIT_RECORD);
            event_json(&event, roles[i], &json);
            json_t *root = json_loadb(json.data, json.len, 0, &error);
            if (!root) fail_msg("%s: %s", buf_cstr(&json), error.text);
            assert_string_equal(json_string_value(json_object_get(root, "type")), event_table[kind].name);
            for (size_t field = 0; field < event_table[kind].field_count; field++) {
                enum event_field_type type = event_table[kind].fields[field].type;
                if (type == EVENT_FIELD_SECRET || type == EVENT_FIELD_DIGEST)
                    assert_null(json_object_get(root, event_table[kind].fields[field].name));
            }
            json_decref(root);
            buf_free(&json);
        }
}

static void names_and_fields_are_distinct(void **state)
{
    UNUSED(state);
    static const char *const head[] = { "seq", "at", "type", "conversation", "customer", "agent", "owner" };
    for (int a = 0; a < EVENT_KINDS; a++) {
        for (int b = 0; b < a; b++) assert_string_not_equal(event_table[a].name, event_table[b].name);
        for (size_t i = 0; i < event_table[a].field_count; i++)
            for (size_t j = 0; j < ARRAY_LEN(head); j++)
                assert_string_not_equal(event_table[a].fields[i].name, head[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_comes_back),
        cmocka_unit_test(a_cut_or_longer_record_is_refused_but_not_an_older_one),
        cmocka_unit_test(hostile_bytes_do_no_harm),
        cmocka_unit_test(flipped_bits_never_read_outside),
        cmocka_unit_test(json_of_each_kind_is_json),
        cmocka_unit_test(names_and_fields_are_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
