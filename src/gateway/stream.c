#include "gateway/stream.h"

#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/stream_state.h"

#define PAGE 100           /* events read at once while catching up */
#define GATHER 32768u      /* bytes of several chunks that go out together */

struct held {
    struct held *next;
    struct chunk *chunk;
};

/* What the node's answer to a question for a page belongs to; the stream may be gone by then. */
struct reading {
    struct gateway *gateway;
    struct stream *stream;
    uint64_t told;         /* when it was asked: the page reaches at least so far */
};

static struct map *map_of(struct gateway *gateway, enum viewer_role role)
{
    return role == VIEWER_CUSTOMER ? &gateway->streams.customers : &gateway->streams.staff;
}

/* Customers' streams also stand in a list: what all of them are told, they are told in turns. */
static void enlist(struct stream *stream)
{
    struct streams *streams = &stream->gateway->streams;
    struct map *map = map_of(stream->gateway, stream->viewer.role);
    stream->same = map_get(map, stream->viewer.id);
    map_put(map, stream->viewer.id, stream);
    if (stream->viewer.role != VIEWER_CUSTOMER) return;
    stream->later = streams->all_customers;
    if (stream->later) stream->later->earlier = stream;
    streams->all_customers = stream;
}

static void strike_from_list(struct stream *stream)
{
    struct streams *streams = &stream->gateway->streams;
    for (size_t i = 0; i < STREAM_BROADCASTS; i++)
        if (streams->broadcasts[i].next == stream) streams->broadcasts[i].next = stream->later;
    if (stream->earlier) stream->earlier->later = stream->later;
    else streams->all_customers = stream->later;
    if (stream->later) stream->later->earlier = stream->earlier;
}

static void strike(struct stream *stream)
{
    struct map *map = map_of(stream->gateway, stream->viewer.role);
    struct stream *first = map_get(map, stream->viewer.id), **at = &first;
    while (*at && *at != stream) at = &(*at)->same;
    must(*at == stream);
    *at = stream->same;
    if (first) map_put(map, stream->viewer.id, first);
    else map_remove(map, stream->viewer.id);
    if (stream->viewer.role == VIEWER_CUSTOMER) strike_from_list(stream);
    if (!stream->is_touched) return;
    for (at = &stream->gateway->streams.touched; *at; at = &(*at)->touched) {
        if (*at != stream) continue;
        *at = stream->touched;
        break;
    }
}

static void drop_held(struct stream *stream)
{
    while (stream->first) {
        struct held *held = stream->first;
        stream->first = held->next;
        chunk_drop(held->chunk);
        memory_free(held);
    }
    stream->last = NULL;
    stream->backlog = 0;
}

void stream_destroy(struct stream *stream)
{
    strike(stream);
    drop_held(stream);
    if (stream->reading) stream->reading->stream = NULL;
    memory_free(stream);
}

/* --- sending --- */

static void send_held(struct stream *stream)
{
    struct buf *out = &stream->gateway->out;
    while (stream->first && connection_drained(stream->connection) && !stream->connection->closing) {
        buf_clear(out);
        struct held *held = stream->first;
        if (!held->next) {
            struct chunk *chunk = held->chunk;
            stream->first = stream->last = NULL;
            stream->backlog = 0;
            memory_free(held);
            stream->sent += chunk->len;
            connection_send(stream->connection, chunk_str(chunk));
            chunk_drop(chunk);
            return;
        }
        while ((held = stream->first) && (!out->len || out->len + held->chunk->len <= GATHER)) {
            buf_add_str(out, chunk_str(held->chunk));
            stream->first = held->next;
            if (!stream->first) stream->last = NULL;
            stream->backlog -= held->chunk->len;
            chunk_drop(held->chunk);
            memory_free(held);
        }
        must(!out->full);
        stream->sent += out->len;
        connection_send(stream->connection, buf_str(out));
    }
}

void stream_touch(struct stream *stream)
{
    if (stream->is_touched) return;
    struct streams *streams = &stream->gateway->streams;
    stream->is_touched = true;
    stream->touched = streams->touched;
    streams->touched = stream;
}

void stream_flush(struct gateway *gateway)
{
    struct stream *stream;
    while ((stream = gateway->streams.touched)) {
        gateway->streams.touched = stream->touched;
        stream->touched = NULL;
        stream->is_touched = false;
        if (stream->wake) stream->wake(stream->request, true);
        else if (!stream->reading && !stream->behind_log) send_held(stream);
    }
}

void stream_give(struct stream *stream, struct chunk *chunk)
{
    if (stream->ending) return;
    if (stream->backlog + chunk->len > LIMIT_STREAM_BACKLOG) {
        drop_held(stream);
        if (stream->reading || stream->behind_log) {
            stream->overrun = true; /* the log still has it */
            return;
        }
        stream->gateway->counters.cut_off++;
        stream->ending = true;
        connection_end(stream->connection, false);
        return;
    }
    struct held *held = MEMORY_NEW(struct held);
    held->chunk = chunk_hold(chunk);
    if (stream->last) stream->last->next = held;
    else stream->first = held;
    stream->last = held;
    stream->backlog += chunk->len;
    stream_touch(stream);
}

void stream_finish(struct stream *stream, struct str words)
{
    if (stream->ending || !stream->connection) return;
    if (!stream->reading && !stream->behind_log) send_held(stream);
    stream->ending = true;
    drop_held(stream);
    connection_send(stream->connection, words);
    connection_end(stream->connection, true);
}

void stream_bye(struct stream *stream)
{
    stream_finish(stream, STR("event: bye\ndata: {\"code\":\"not_logged_in\"}\n\n"));
}

/* --- catching up --- */

static void read_page(struct stream *stream);

/* What was held back and stands in the page already is not told again. */
static void drop_told(struct stream *stream)
{
    while (stream->first && stream->first->chunk->seq && stream->first->chunk->seq <= stream->after) {
        struct held *held = stream->first;
        stream->first = held->next;
        if (!stream->first) stream->last = NULL;
        stream->backlog -= held->chunk->len;
        chunk_drop(held->chunk);
        memory_free(held);
    }
}

static void send_page(struct stream *stream, const struct event *events, size_t count)
{
    struct buf page;
    buf_init(&page, (size_t)PAGE * 2 * LIMIT_RECORD);
    for (size_t i = 0; i < count; i++)
        /* Visible now: the role may have changed while the page was read. */
        if (events[i].seq > stream->after && event_visible(&events[i], stream->viewer))
            chunk_write_event(&events[i], stream->viewer.role, &page);
    stream->sent += page.len;
    connection_send(stream->connection, buf_str(&page));
    buf_free(&page);
}

static void on_page(void *context, const struct event *events, size_t count, uint64_t last)
{
    struct reading *reading = context;
    struct stream *stream = reading->stream;
    uint64_t told = reading->told;
    memory_free(reading);
    if (!stream) return;
    stream->reading = NULL;
    if (stream->ending) return;
    bool whole = count < PAGE;
    if (!events || (whole && last < told)) {
        /* The log could not be read: the client comes back with its cursor. */
        connection_end(stream->connection, false);
        return;
    }
    send_page(stream, events, count);
    uint64_t seen = whole ? last : events[count - 1].seq;
    if (seen > stream->after) stream->after = seen;
    stream->behind_log = !whole || stream->overrun;
    if (stream->behind_log) drop_held(stream);
    else drop_told(stream);
    if (connection_drained(stream->connection)) stream_drained(stream);
}

static void read_page(struct stream *stream)
{
    struct reading *reading = MEMORY_NEW(struct reading);
    *reading = (struct reading){ stream->gateway, stream, stream->gateway->streams.told };
    stream->reading = reading;
    stream->overrun = false;
    struct node_page page = { .viewer = stream->viewer, .after = stream->after, .max = PAGE };
    node_read(stream->gateway->node, &page, on_page, reading);
}

void stream_drained(struct stream *stream)
{
    if (stream->ending || stream->reading) return;
    if (stream->behind_log) read_page(stream);
    else send_held(stream);
}

/* --- opening --- */

struct stream *stream_new(struct request *request)
{
    struct stream *stream = MEMORY_NEW(struct stream);
    stream->gateway = request->gateway;
    stream->viewer = session_viewer(&request->session);
    stream->session = request->session.session;
    stream->until_ms = request->session.expires_at;
    stream->who = session_name(&request->session);
    stream->began_ms = gateway_clock(request->gateway);
    enlist(stream);
    return stream;
}

static bool too_many(const struct request *request)
{
    size_t count = 0;
    struct viewer viewer = session_viewer(&request->session);
    const struct map *map = map_of(request->gateway, viewer.role);
    for (struct stream *stream = stream_first(map, viewer.id); stream; stream = stream->same)
        if (stream->session == request->session.session) count++;
    return count >= LIMIT_STREAMS_PER_SESSION;
}

void stream_open(struct request *request, uint64_t after, bool present)
{
    struct gateway *gateway = request->gateway;
    if (too_many(request)) {
        answer_refusal(request, REFUSAL_TOO_MANY_CONNECTIONS, NULL);
        return;
    }
    uint64_t committed = node_committed(gateway->node);
    struct buf *out = &gateway->out;
    buf_clear(out);
    answer_stream_head(request, out);
    buf_add_format(out, ": connected\n\nevent: hello\ndata: {\"seq\":%llu,\"now\":%lld}\n\n",
                   (unsigned long long)committed, (long long)node_now(gateway->node));
    struct connection *connection = request->connection;
    struct stream *stream = stream_new(request);
    stream->connection = connection;
    stream->after = present || after > committed ? committed : after;
    stream->behind_log = stream->after < committed;
    stream->sent = out->len;
    gateway->streams.count++;
    connection_send(connection, buf_str(out));
    request_becomes_stream(request, stream);
    if (stream->behind_log && connection_drained(connection)) read_page(stream);
}

void stream_lost(struct stream *stream)
{
    struct gateway *gateway = stream->gateway;
    gateway->streams.count--;
    access_log_line(&gateway->log, &(struct access_line){
        .now_ms = node_now(gateway->node), .method = "GET", .route = "/v1/events", .status = 200,
        .session = stream->who, .bytes = stream->sent,
        .took_us = (uint64_t)(gateway_clock(gateway) - stream->began_ms) * 1000 });
    stream_destroy(stream);
}

void stream_alive(struct stream *stream)
{
    if (stream->ending) {
        connection_end(stream->connection, false);
        return;
    }
    if (stream->until_ms && stream->until_ms <= node_now(stream->gateway->node)) {
        stream_bye(stream);
        return;
    }
    connection_send(stream->connection, STR(":\n\n"));
    stream->sent += 3;
}
