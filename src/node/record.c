#include "node/record.h"

#include "base/limits.h"

uint64_t record_subject(const struct event *event)
{
    return event->customer ? vault_customer(event->customer) : vault_agent(event->agent);
}

/* What vault_seal binds in: the event's kind and the field's place in its list. */
static uint32_t field_kind(const struct event *event, size_t field)
{
    return (uint32_t)event->kind << 8 | (uint32_t)field;
}

void record_encode(struct vault *vault, const struct event *event, struct buf *out)
{
    const struct event_row *row = &event_table[event->kind];
    struct event sealed = *event;
    struct arena arena = { 0 };
    for (size_t i = 0; i < row->field_count; i++) {
        struct str *text = event_text(&sealed, &row->fields[i]);
        if (!event_field_is_personal(row->fields[i].type) || !text->len) continue;
        struct buf secret;
        buf_init(&secret, LIMIT_RECORD);
        vault_seal(vault, record_subject(event), field_kind(event, i), *text, &secret);
        *text = arena_copy(&arena, buf_str(&secret));
        buf_free(&secret);
    }
    event_encode(&sealed, out);
    arena_free(&arena);
}

bool record_decode(struct err *err, struct str record, uint64_t seq, struct event *event)
{
    event->seq = seq;
    return event_decode(err, record, event);
}

bool record_open(struct vault *vault, struct event *event, struct arena *arena)
{
    const struct event_row *row = &event_table[event->kind];
    bool all = true;
    for (size_t i = 0; i < row->field_count; i++) {
        struct str *text = event_text(event, &row->fields[i]);
        if (!event_field_is_personal(row->fields[i].type) || !text->len) continue;
        if (vault_open(vault, record_subject(event), field_kind(event, i), *text, arena, text)) continue;
        *text = STR_EMPTY;
        all = false;
    }
    return all;
}

struct event record_copy(const struct event *event, struct arena *arena)
{
    const struct event_row *row = &event_table[event->kind];
    struct event copy = *event;
    for (size_t i = 0; i < row->field_count; i++) {
        if (!event_field_is_text(row->fields[i].type)) continue;
        struct str *text = event_text(&copy, &row->fields[i]);
        if (text->len) *text = arena_copy(arena, *text);
        else *text = STR_EMPTY;
    }
    return copy;
}
