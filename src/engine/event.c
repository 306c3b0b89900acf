#include "engine/event.h"

#include "base/memory.h"

#define F(S, type, member, sees) \
    { #member, EVENT_FIELD_##type, offsetof(struct event_##S, member), sees },
#define E(kind, member, name, sees, meaning) \
    static const struct event_field fields_##member[] = { EVENT_FIELDS_##member(F, member) };
EVENTS(E)
#undef E
#undef F

const struct event_row event_table[EVENT_KINDS] = {
#define E(kind, member, name, sees, meaning) \
    [EVENT_##kind] = { name, meaning, sees, fields_##member, ARRAY_LEN(fields_##member) },
    EVENTS(E)
#undef E
};

/* Which head fields follow; a bit each, so that the usual event has a head of a few bytes. */
enum head { HEAD_CONVERSATION = 1, HEAD_CUSTOMER = 2, HEAD_AGENT = 4, HEAD_OWNER = 8, HEAD_CAUSE = 16,
            HEAD_ALL = 31 };

static bool has_cause(const struct event *event)
{
    return event->cause.key.high || event->cause.key.low || event->cause.body;
}

static void add_digest(struct buf *out, struct digest digest)
{
    buf_add(out, &digest.high, sizeof digest.high);
    buf_add(out, &digest.low, sizeof digest.low);
}

static struct digest read_digest(struct reader *reader)
{
    struct digest digest = { 0, 0 };
    if ((size_t)(reader->end - reader->at) < sizeof digest) {
        reader->bad = true;
        return digest;
    }
    memcpy(&digest, reader->at, sizeof digest);
    reader->at += sizeof digest;
    return digest;
}

static void encode_field(const struct event *event, const struct event_field *field, struct buf *out)
{
    const void *at = event_field_at(event, field);
    if (event_field_is_text(field->type)) {
        buf_add_bytes(out, *(const struct str *)at);
        return;
    }
    switch (field->type) {
    case EVENT_FIELD_I64:
    case EVENT_FIELD_TIME: buf_add_zigzag(out, *(const int64_t *)at); break;
    case EVENT_FIELD_DIGEST: add_digest(out, *(const struct digest *)at); break;
    default: buf_add_varint(out, *(const uint64_t *)at); break;
    }
}

static void decode_field(struct reader *reader, const struct event_field *field, struct event *event)
{
    void *at = event_field_at(event, field);
    if (event_field_is_text(field->type)) {
        *(struct str *)at = reader_bytes(reader);
        return;
    }
    switch (field->type) {
    case EVENT_FIELD_I64:
    case EVENT_FIELD_TIME: *(int64_t *)at = reader_zigzag(reader); break;
    case EVENT_FIELD_DIGEST: *(struct digest *)at = read_digest(reader); break;
    default: *(uint64_t *)at = reader_varint(reader); break;
    }
}

/* A record of an older beckon ends before the fields that have come since. */
static void event_field_clear(struct event *event, const struct event_field *field)
{
    if (event_field_is_text(field->type)) *(struct str *)event_field_at(event, field) = STR_EMPTY;
}

void event_encode(const struct event *event, struct buf *out)
{
    must(event->kind < EVENT_KINDS);
    const struct event_row *row = &event_table[event->kind];
    int head = (event->conversation ? HEAD_CONVERSATION : 0) | (event->customer ? HEAD_CUSTOMER : 0) |
               (event->agent ? HEAD_AGENT : 0) | (event->owner ? HEAD_OWNER : 0) |
               (has_cause(event) ? HEAD_CAUSE : 0);
    buf_add_varint(out, event->kind);
    buf_add_varint(out, (uint64_t)head);
    buf_add_zigzag(out, event->at_ms);
    if (event->conversation) buf_add_varint(out, event->conversation);
    if (event->customer) buf_add_varint(out, event->customer);
    if (event->agent) buf_add_varint(out, event->agent);
    if (event->owner) buf_add_varint(out, event->owner);
    if (head & HEAD_CAUSE) {
        add_digest(out, event->cause.key);
        buf_add_varint(out, event->cause.body);
    }
    for (size_t i = 0; i < row->field_count; i++) encode_field(event, &row->fields[i], out);
}

bool event_decode(struct err *err, struct str record, struct event *event)
{
    struct reader reader = reader_of(record);
    uint64_t seq = event->seq;
    *event = (struct event){ .seq = seq };
    uint64_t kind = reader_varint(&reader), head = reader_varint(&reader);
    if (reader.bad || kind >= EVENT_KINDS || head > HEAD_ALL)
        return err_set(err, "event %llu is of a kind that this beckon does not know (%llu); it was "
                       "written by a newer version or is damaged", (unsigned long long)seq,
                       (unsigned long long)kind);
    const struct event_row *row = &event_table[kind];
    event->kind = (enum event_kind)kind;
    event->at_ms = reader_zigzag(&reader);
    if (head & HEAD_CONVERSATION) event->conversation = reader_varint(&reader);
    if (head & HEAD_CUSTOMER) event->customer = reader_varint(&reader);
    if (head & HEAD_AGENT) event->agent = reader_varint(&reader);
    if (head & HEAD_OWNER) event->owner = reader_varint(&reader);
    if (head & HEAD_CAUSE) {
        event->cause.key = read_digest(&reader);
        event->cause.body = reader_varint(&reader);
    }
    for (size_t i = 0; i < row->field_count; i++) {
        if (reader.at == reader.end) event_field_clear(event, &row->fields[i]);
        else decode_field(&reader, &row->fields[i], event);
    }
    if (reader.bad)
        return err_set(err, "event %llu (%s) is damaged: its fields do not fit its length",
                       (unsigned long long)seq, row->name);
    if (reader.at != reader.end)
        return err_set(err, "event %llu (%s) has more fields than this beckon knows; it was written by a newer version or is damaged",
                       (unsigned long long)seq, row->name);
    return true;
}

bool event_visible(const struct event *event, struct viewer viewer)
{
    int sees = event_table[event->kind].sees;
    switch (viewer.role) {
    case VIEWER_CUSTOMER: return (sees & SEES_C) && viewer.id && event->customer == viewer.id;
    case VIEWER_AGENT:
        return viewer.id && (((sees & SEES_O) && event->owner == viewer.id) ||
                             ((sees & SEES_A) && event->agent == viewer.id) || (sees & SEES_T));
    case VIEWER_SUPERVISOR: return (sees & SEES_S) != 0;
    }
    return false;
}

static int role_mask(enum viewer_role role)
{
    return role == VIEWER_CUSTOMER ? SEES_C
         : role == VIEWER_AGENT ? SEES_O | SEES_A | SEES_T : SEES_S;
}

bool event_visible_in_history(const struct event *event, enum viewer_role role)
{
    int sees = event_table[event->kind].sees;
    return role == VIEWER_AGENT ? (sees & SEES_O) != 0 : (sees & role_mask(role)) != 0;
}

static void json_key(struct buf *out, const char *name)
{
    buf_add_str(out, STR(",\""));
    buf_add_str(out, str_of(name));
    buf_add_str(out, STR("\":"));
}

static void json_field(const struct event *event, const struct event_field *field, struct buf *out)
{
    const void *at = event_field_at(event, field);
    if (event_field_is_text(field->type) && !((const struct str *)at)->len) return;
    json_key(out, field->name);
    switch (field->type) {
    case EVENT_FIELD_JSON:
    case EVENT_FIELD_PERSONAL_JSON: buf_add_str(out, *(const struct str *)at); break;
    case EVENT_FIELD_TAG:
    case EVENT_FIELD_PERSONAL: buf_add_json_str(out, *(const struct str *)at); break;
    case EVENT_FIELD_I64:
    case EVENT_FIELD_TIME: buf_add_i64(out, *(const int64_t *)at); break;
    case EVENT_FIELD_U64:
    case EVENT_FIELD_COUNT: buf_add_u64(out, *(const uint64_t *)at); break;
    case EVENT_FIELD_SECRET:
    case EVENT_FIELD_DIGEST: must(!"secrets and digests have no JSON");
    }
}

void event_json(const struct event *event, enum viewer_role role, struct buf *out)
{
    const struct event_row *row = &event_table[event->kind];
    int mask = role_mask(role);
    buf_add_str(out, STR("{\"seq\":"));
    buf_add_u64(out, event->seq);
    json_key(out, "at");
    buf_add_i64(out, event->at_ms);
    json_key(out, "type");
    buf_add_json_str(out, str_of(row->name));
    if (event->conversation) { json_key(out, "conversation"); buf_add_u64(out, event->conversation); }
    if (event->customer) { json_key(out, "customer"); buf_add_u64(out, event->customer); }
    if (event->agent) { json_key(out, "agent"); buf_add_u64(out, event->agent); }
    for (size_t i = 0; i < row->field_count; i++) {
        const struct event_field *field = &row->fields[i];
        if (field->type == EVENT_FIELD_SECRET || field->type == EVENT_FIELD_DIGEST) continue;
        if (field->sees & mask) json_field(event, field, out);
    }
    buf_add_char(out, '}');
}

struct event *events_add(struct events *events)
{
    if (events->count == events->capacity) {
        events->capacity = events->capacity ? events->capacity * 2 : 8;
        events->items = memory_resize(events->items, events->capacity, sizeof *events->items);
    }
    struct event *event = &events->items[events->count++];
    *event = (struct event){ 0 };
    return event;
}

void events_clear(struct events *events)
{
    events->count = 0;
    arena_reset(&events->arena);
}

void events_free(struct events *events)
{
    memory_free(events->items);
    arena_free(&events->arena);
    *events = (struct events){ 0 };
}
