/* stream.h - GET /v1/events as an event stream, and whoever waits for a page.
 *
 * An event is written once for each role (customer, agent, supervisor) into a chunk that all streams
 * share by counting; an idle stream owns no buffer. A stream that begins in the past reads pages from
 * the node, and what happens meanwhile is held behind them and told after them, each event once:
 *
 *   told: all that this gateway has seen ----------------------------.
 *   page: read after it was asked for, so it reaches at least to here -> [page][held, above the page]
 *
 * A client that does not keep up is cut off at LIMIT_STREAM_BACKLOG; it comes back with its cursor.
 * A session that ends takes its streams with it: `bye`, and the end. */
#ifndef GATEWAY_STREAM_H
#define GATEWAY_STREAM_H

#include "base/map.h"
#include "gateway/session.h"
#include "node/node.h"

struct gateway;
struct request;
struct stream;
struct chunk;

#define STREAM_BROADCASTS 4

/* A signal for all customers that is being told. */
struct stream_broadcast {
    struct chunk *chunk;      /* NULL: none */
    struct stream *next;      /* who hears it next */
    char name[32];
};

struct streams {
    struct map customers, staff; /* id -> its first stream; many and few */
    struct stream *all_customers;  /* the customers' streams, one behind the other */
    struct stream_broadcast broadcasts[STREAM_BROADCASTS];
    uv_idle_t *idle;          /* runs while something is broadcast */
    struct stream *touched;   /* have something to send since the batch began */
    size_t count, waiting;    /* streams; requests that wait for a page */
    uint64_t told;            /* seq of the last event that came by */
};

void streams_start(struct gateway *gateway);

/* Makes the request a stream from `after` on (0 with `present`: from now), and answers it. */
void stream_open(struct request *request, uint64_t after, bool present);

/* Waits for an event that the request's session may see, at most until `until_ms` (gateway_clock).
 * `wake` is called once, unless the client goes away first. */
typedef void stream_wake_fn(struct request *request, bool in_time);
struct stream *stream_wait(struct request *request, stream_wake_fn *wake, int64_t until_ms);
/* Whether something came since stream_wait, or since this was asked last. */
bool stream_poked(struct stream *stream);
/* Calls `wake` at the next event or the end of time; `stream_forget` ends the waiting. */
void stream_arm(struct stream *stream);
bool stream_is_armed(const struct stream *stream);
void stream_forget(struct stream *stream);

/* From the connection: it is gone; its output is out; 15 quiet seconds have passed. */
void stream_lost(struct stream *stream);
void stream_drained(struct stream *stream);
void stream_alive(struct stream *stream);

/* Ends waits whose time is over; called about every second. */
void streams_tick(struct gateway *gateway, int64_t now_ms);
/* Ends all: the server stops. */
void streams_stop(struct gateway *gateway);
void streams_free(struct gateway *gateway);

#endif
