#include "gateway/stream.h"

#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/chunk.h"
#include "gateway/server.h"

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

struct stream {
    struct gateway *gateway;
    struct stream *same;          /* the next one of the same subject */
    struct stream *touched;       /* the next one that has something to send */
    struct connection *connection;/* NULL: a request that waits for a page */
    struct request *request;
    stream_wake_fn *wake;
    struct reading *reading;      /* a page has been asked for */
    struct held *first, *last;
    uint64_t after;               /* everything up to here has been sent */
    uint64_t session;
    int64_t until_ms;             /* of the session; or of the wait, by gateway_clock */
    int64_t began_ms;
    uint64_t sent;
    size_t backlog;
    struct viewer viewer;
    const char *who;
    bool is_touched, behind, overrun, poked, armed, ending;
};

static struct map *map_of(struct gateway *gateway, enum viewer_role role)
{
    return role == VIEWER_CUSTOMER ? &gateway->streams.customers : &gateway->streams.staff;
}

static struct stream *first_in(const struct map *map, uint64_t id)
{
    return id ? map_get(map, id) : NULL;
}

static void enlist(struct stream *stream)
{
    struct map *map = map_of(stream->gateway, stream->viewer.role);
    stream->same = map_get(map, stream->viewer.id);
    map_put(map, stream->viewer.id, stream);
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

static void destroy(struct stream *stream)
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

static void touch(struct stream *stream)
{
    if (stream->is_touched) return;
    struct streams *streams = &stream->gateway->streams;
    stream->is_touched = true;
    stream->touched = streams->touched;
    streams->touched = stream;
}

/* Sends what the batch has left with the streams: several events of one batch go out together. */
static void flush(struct gateway *gateway)
{
    struct stream *stream;
    while ((stream = gateway->streams.touched)) {
        gateway->streams.touched = stream->touched;
        stream->touched = NULL;
        stream->is_touched = false;
        if (stream->wake) stream->wake(stream->request, true);
        else if (!stream->reading && !stream->behind) send_held(stream);
    }
}

static void give(struct stream *stream, struct chunk *chunk)
{
    if (stream->ending) return;
    if (stream->backlog + chunk->len > LIMIT_STREAM_BACKLOG) {
        drop_held(stream);
        if (stream->reading || stream->behind) {
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
    touch(stream);
}

/* The last words, and the end. */
static void finish(struct stream *stream, struct str words)
{
    if (stream->ending || !stream->connection) return;
    if (!stream->reading && !stream->behind) send_held(stream);
    stream->ending = true;
    drop_held(stream);
    connection_send(stream->connection, words);
    connection_end(stream->connection, true);
}

static void bye(struct stream *stream)
{
    finish(stream, STR("event: bye\ndata: {\"code\":\"not_logged_in\"}\n\n"));
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
        if (events[i].seq > stream->after) chunk_write_event(&events[i], stream->viewer.role, &page);
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
    if (whole && last < told) {
        /* The log could not be read: the client comes back with its cursor. */
        connection_end(stream->connection, false);
        return;
    }
    send_page(stream, events, count);
    uint64_t seen = whole ? last : events[count - 1].seq;
    if (seen > stream->after) stream->after = seen;
    stream->behind = !whole || stream->overrun;
    if (stream->behind) drop_held(stream);
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
    if (stream->behind) read_page(stream);
    else send_held(stream);
}

/* --- opening --- */

static struct stream *stream_new(struct request *request)
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
    for (struct stream *stream = first_in(map, viewer.id); stream; stream = stream->same)
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
    stream->behind = stream->after < committed;
    stream->sent = out->len;
    gateway->streams.count++;
    connection_send(connection, buf_str(out));
    request_becomes_stream(request, stream);
    if (stream->behind && connection_drained(connection)) read_page(stream);
}

void stream_lost(struct stream *stream)
{
    struct gateway *gateway = stream->gateway;
    gateway->streams.count--;
    access_log_line(&gateway->log, &(struct access_line){
        .now_ms = node_now(gateway->node), .method = "GET", .route = "/v1/events", .status = 200,
        .session = stream->who, .bytes = stream->sent,
        .took_us = (uint64_t)(gateway_clock(gateway) - stream->began_ms) * 1000 });
    destroy(stream);
}

void stream_alive(struct stream *stream)
{
    if (stream->ending) {
        connection_end(stream->connection, false);
        return;
    }
    if (stream->until_ms && stream->until_ms <= node_now(stream->gateway->node)) {
        bye(stream);
        return;
    }
    connection_send(stream->connection, STR(":\n\n"));
    stream->sent += 3;
}

/* --- waiting for a page --- */

struct stream *stream_wait(struct request *request, stream_wake_fn *wake, int64_t until_ms)
{
    struct stream *stream = stream_new(request);
    stream->request = request;
    stream->wake = wake;
    stream->until_ms = until_ms;
    stream->gateway->streams.waiting++;
    return stream;
}

bool stream_poked(struct stream *stream)
{
    bool poked = stream->poked;
    stream->poked = false;
    return poked;
}

void stream_arm(struct stream *stream)
{
    stream->armed = true;
}

bool stream_is_armed(const struct stream *stream)
{
    return stream->armed;
}

void stream_forget(struct stream *stream)
{
    stream->gateway->streams.waiting--;
    destroy(stream);
}

static void poke(struct stream *stream)
{
    stream->poked = true;
    if (!stream->armed) return;
    stream->armed = false;
    touch(stream);
}

static void wake_late(struct map *map, int64_t now_ms)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(map, &i, &slot);)
        for (struct stream *stream = slot.value; stream; stream = stream->same)
            if (stream->wake && stream->armed && stream->until_ms <= now_ms) {
                stream->armed = false;
                touch(stream);
            }
}

void streams_tick(struct gateway *gateway, int64_t now_ms)
{
    if (!gateway->streams.waiting) return;
    wake_late(&gateway->streams.customers, now_ms);
    wake_late(&gateway->streams.staff, now_ms);
    flush(gateway);
}

/* --- what happens --- */

/* One event, in the form of each role; made when the first stream wants it. */
struct telling {
    const struct event *event;
    struct chunk *chunks[VIEWER_SUPERVISOR + 1];
};

static void tell(struct telling *telling, struct stream *stream)
{
    if (!event_visible(telling->event, stream->viewer)) return;
    if (stream->wake) {
        poke(stream);
        return;
    }
    if (telling->event->seq <= stream->after) return;
    struct chunk **chunk = &telling->chunks[stream->viewer.role];
    if (!*chunk) *chunk = chunk_of_event(telling->event, stream->viewer.role);
    stream->gateway->counters.events_sent++;
    give(stream, *chunk);
}

static void tell_all(struct telling *telling, struct stream *first)
{
    for (struct stream *stream = first; stream; stream = stream->same) tell(telling, stream);
}

/* Staff are few, so an event is held against each of their streams; customers are many, so it is
 * held against its own customer's only. Whether a stream sees it, event_visible says. */
static void tell_event(struct gateway *gateway, const struct event *event)
{
    struct telling telling = { event, { NULL } };
    struct map_slot slot;
    tell_all(&telling, first_in(&gateway->streams.customers, event->customer));
    for (size_t i = 0; map_next(&gateway->streams.staff, &i, &slot);) tell_all(&telling, slot.value);
    for (size_t i = 0; i < ARRAY_LEN(telling.chunks); i++) chunk_drop(telling.chunks[i]);
}

/* session 0: all of them. Whoever waits for a page is told 401 when it looks again. */
static void end_all(struct stream *first, uint64_t session)
{
    for (struct stream *stream = first; stream; stream = stream->same) {
        if (session && stream->session != session) continue;
        if (stream->wake) poke(stream);
        else bye(stream);
    }
}

/* A changed role changes what the open streams see. */
static void change_role(struct gateway *gateway, uint64_t agent)
{
    struct agent_view view;
    if (!engine_agent(node_engine(gateway->node), agent, &view)) return;
    bool plain = str_equal(view.role, STR("agent"));
    for (struct stream *stream = first_in(&gateway->streams.staff, agent); stream; stream = stream->same)
        stream->viewer.role = plain ? VIEWER_AGENT : VIEWER_SUPERVISOR;
}

static void end_sessions(struct gateway *gateway, const struct event *event)
{
    const struct streams *streams = &gateway->streams;
    switch (event->kind) {
    case EVENT_SESSION_CLOSED:
        end_all(first_in(&streams->staff, event->agent), event->session_closed.session);
        break;
    case EVENT_AGENT_REMOVED:
    case EVENT_AGENT_PASSWORD_SET: end_all(first_in(&streams->staff, event->agent), 0); break;
    case EVENT_CUSTOMER_SESSIONS_ENDED:
    case EVENT_CUSTOMER_ERASED: end_all(first_in(&streams->customers, event->customer), 0); break;
    case EVENT_AGENT_CHANGED: change_role(gateway, event->agent); break;
    default: break;
    }
}

static void on_events(void *context, const struct event *events, size_t count)
{
    struct gateway *gateway = context;
    if (gateway->stopped) return;
    for (size_t i = 0; i < count; i++) {
        tell_event(gateway, &events[i]);
        end_sessions(gateway, &events[i]);
        gateway->streams.told = events[i].seq;
    }
    flush(gateway);
}

/* --- signals --- */

static void signal_all(struct gateway *gateway, struct stream *first, struct chunk *chunk)
{
    for (struct stream *stream = first; stream; stream = stream->same) {
        if (stream->wake || stream->reading || stream->behind) continue;
        gateway->counters.signals_sent++;
        give(stream, chunk);
    }
}

static void signal_map(struct gateway *gateway, const struct map *map, struct chunk *chunk)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(map, &i, &slot);) signal_all(gateway, slot.value, chunk);
}

static void on_signal(void *context, const struct signal *signal)
{
    struct gateway *gateway = context;
    const struct streams *streams = &gateway->streams;
    if (gateway->stopped) return;
    struct chunk *chunk = chunk_of_signal(signal->name, signal->json);
    if (signal->customers) signal_map(gateway, &streams->customers, chunk);
    else signal_all(gateway, first_in(&streams->customers, signal->customer), chunk);
    if (signal->staff) signal_map(gateway, &streams->staff, chunk);
    else signal_all(gateway, first_in(&streams->staff, signal->agent), chunk);
    flush(gateway);
    chunk_drop(chunk);
}

void streams_start(struct gateway *gateway)
{
    gateway->streams.told = node_committed(gateway->node);
    node_subscribe(gateway->node, on_events, gateway);
    node_on_signal(gateway->node, on_signal, gateway);
}

/* No `bye`: the sessions go on. Whoever listens finds the line closed and comes back with its cursor. */
static void stop_map(struct map *map)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(map, &i, &slot);)
        for (struct stream *stream = slot.value; stream; stream = stream->same) {
            if (stream->wake) stream->until_ms = 0;
            else finish(stream, STR(": the server stops\n\n"));
        }
}

void streams_stop(struct gateway *gateway)
{
    stop_map(&gateway->streams.customers);
    stop_map(&gateway->streams.staff);
    streams_tick(gateway, gateway_clock(gateway));
}

void streams_free(struct gateway *gateway)
{
    map_free(&gateway->streams.customers);
    map_free(&gateway->streams.staff);
}
