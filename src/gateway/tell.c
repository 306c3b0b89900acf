#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/stream_state.h"
#include "node/handle.h"

/* What the node says, told to whom it concerns: events to those who may see them, signals to those
 * they are meant for. */

#define TOLD_AT_ONCE 128   /* customers' streams in one turn of the loop */

/* --- events --- */

/* One event, in the form of each role; made when the first stream wants it. */
struct telling {
    const struct event *event;
    struct chunk *chunks[VIEWER_SUPERVISOR + 1];
};

static void tell(struct telling *telling, struct stream *stream)
{
    if (!event_visible(telling->event, stream->viewer)) return;
    if (stream->wake) {
        stream_poke(stream);
        return;
    }
    if (telling->event->seq <= stream->after) return;
    struct chunk **chunk = &telling->chunks[stream->viewer.role];
    if (!*chunk) *chunk = chunk_of_event(telling->event, stream->viewer.role);
    stream->gateway->counters.events_sent++;
    stream_give(stream, *chunk);
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
    tell_all(&telling, stream_first(&gateway->streams.customers, event->customer));
    for (size_t i = 0; map_next(&gateway->streams.staff, &i, &slot);) tell_all(&telling, slot.value);
    for (size_t i = 0; i < ARRAY_LEN(telling.chunks); i++) chunk_drop(telling.chunks[i]);
}

/* session 0: all of them. Whoever waits for a page is told 401 when it looks again. */
static void end_all(struct stream *first, uint64_t session)
{
    for (struct stream *stream = first; stream; stream = stream->same) {
        if (session && stream->session != session) continue;
        if (stream->wake) stream_poke(stream);
        else stream_bye(stream);
    }
}

/* A changed role changes what the open streams see. */
static void change_role(struct gateway *gateway, uint64_t agent)
{
    struct agent_view view;
    if (!engine_agent(node_engine(gateway->node), agent, &view)) return;
    bool plain = str_equal(view.role, STR("agent"));
    for (struct stream *stream = stream_first(&gateway->streams.staff, agent); stream; stream = stream->same)
        stream->viewer.role = plain ? VIEWER_AGENT : VIEWER_SUPERVISOR;
}

static void end_sessions(struct gateway *gateway, const struct event *event)
{
    const struct streams *streams = &gateway->streams;
    switch (event->kind) {
    case EVENT_SESSION_CLOSED:
        end_all(stream_first(&streams->staff, event->agent), event->session_closed.session);
        break;
    case EVENT_AGENT_REMOVED:
    case EVENT_AGENT_PASSWORD_SET: end_all(stream_first(&streams->staff, event->agent), 0); break;
    case EVENT_CUSTOMER_SESSIONS_ENDED:
    case EVENT_CUSTOMER_ERASED: end_all(stream_first(&streams->customers, event->customer), 0); break;
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
    stream_flush(gateway);
}

/* --- signals --- */

static void signal_one(struct stream *stream, struct chunk *chunk)
{
    if (stream->wake || stream->reading || stream->behind_log) return;
    stream->gateway->counters.signals_sent++;
    stream_give(stream, chunk);
}

static void signal_all(struct stream *first, struct chunk *chunk)
{
    for (struct stream *stream = first; stream; stream = stream->same) signal_one(stream, chunk);
}

static void end_broadcast(struct stream_broadcast *broadcast)
{
    chunk_drop(broadcast->chunk);
    *broadcast = (struct stream_broadcast){ 0 };
}

/* Some more of the customers hear what all are to hear. */
static void on_idle(uv_idle_t *idle)
{
    struct gateway *gateway = idle->data;
    struct streams *streams = &gateway->streams;
    bool more = false;
    for (size_t i = 0; i < STREAM_BROADCASTS; i++) {
        struct stream_broadcast *broadcast = &streams->broadcasts[i];
        if (!broadcast->chunk) continue;
        for (size_t told = 0; broadcast->next && told < TOLD_AT_ONCE; told++) {
            struct stream *stream = broadcast->next;
            broadcast->next = stream->later;
            signal_one(stream, broadcast->chunk);
        }
        if (broadcast->next) more = true;
        else end_broadcast(broadcast);
    }
    stream_flush(gateway);
    if (!more) uv_idle_stop(idle);
}

/* Ten thousand customers are not told in one go: everybody else would wait for it. A newer signal of
 * the same name takes the older one's place, since it says how things are now. */
static void broadcast(struct gateway *gateway, const char *name, struct chunk *chunk)
{
    struct streams *streams = &gateway->streams;
    struct stream_broadcast *place = NULL;
    for (size_t i = 0; i < STREAM_BROADCASTS; i++) {
        struct stream_broadcast *one = &streams->broadcasts[i];
        if (one->chunk && strcmp(one->name, name) == 0) place = one;
        if (!place && !one->chunk) place = one;
    }
    if (!place) place = &streams->broadcasts[0];
    end_broadcast(place);
    if (!streams->all_customers) return;
    *place = (struct stream_broadcast){ chunk_hold(chunk), streams->all_customers, "" };
    snprintf(place->name, sizeof place->name, "%s", name);
    uv_idle_start(streams->idle, on_idle);
}

static void on_signal(void *context, const struct signal *signal)
{
    struct gateway *gateway = context;
    const struct streams *streams = &gateway->streams;
    struct map_slot slot;
    if (gateway->stopping) return;
    struct chunk *chunk = chunk_of_signal(signal->name, signal->json);
    if (signal->customers) broadcast(gateway, signal->name, chunk);
    else signal_all(stream_first(&streams->customers, signal->customer), chunk);
    if (!signal->staff) signal_all(stream_first(&streams->staff, signal->agent), chunk);
    else for (size_t i = 0; map_next(&streams->staff, &i, &slot);) signal_all(slot.value, chunk);
    stream_flush(gateway);
    chunk_drop(chunk);
}

void streams_start(struct gateway *gateway)
{
    struct streams *streams = &gateway->streams;
    streams->told = node_committed(gateway->node);
    streams->idle = MEMORY_NEW(uv_idle_t);
    must(uv_idle_init(gateway->loop, streams->idle) == 0);
    streams->idle->data = gateway;
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
            else stream_finish(stream, STR(": the server stops\n\n"));
        }
}

void streams_stop(struct gateway *gateway)
{
    struct streams *streams = &gateway->streams;
    stop_map(&streams->customers);
    stop_map(&streams->staff);
    streams_tick(gateway, gateway_clock(gateway));
    for (size_t i = 0; i < STREAM_BROADCASTS; i++) end_broadcast(&streams->broadcasts[i]);
    if (!streams->idle) return; /* it never came so far as to start */
    handle_close(streams->idle);
    streams->idle = NULL;
}

void streams_free(struct gateway *gateway)
{
    map_free(&gateway->streams.customers);
    map_free(&gateway->streams.staff);
}
