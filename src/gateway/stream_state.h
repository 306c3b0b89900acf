/* stream_state.h - what stream.c, stream_wait.c and tell.c share. Nobody else includes it. */
#ifndef GATEWAY_STREAM_STATE_H
#define GATEWAY_STREAM_STATE_H

#include "gateway/chunk.h"
#include "gateway/server.h"
#include "gateway/stream.h"

struct held;
struct reading;

struct stream {
    struct gateway *gateway;
    struct stream *same;          /* the next one of the same customer or agent */
    struct stream *touched;       /* the next one that has something to send */
    struct stream *earlier, *later; /* in the list of all customers' streams */
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
    bool is_touched, poked, armed, ending;
    bool behind_log, overrun;     /* the log has more than the stream was given */
};

/* The first stream of a customer, of an agent; NULL if there is none. */
static inline struct stream *stream_first(const struct map *map, uint64_t id)
{
    return id ? map_get(map, id) : NULL;
}

struct stream *stream_new(struct request *request);
void stream_destroy(struct stream *stream);
/* Puts the chunk behind what the stream has to send; stream_flush sends. */
void stream_give(struct stream *stream, struct chunk *chunk);
void stream_touch(struct stream *stream);
/* The session has ended. */
void stream_bye(struct stream *stream);
void stream_finish(struct stream *stream, struct str words);
/* Something happened that a waiting request may want to see. */
void stream_poke(struct stream *stream);
/* Sends what has come together: several events of one batch go out as one. */
void stream_flush(struct gateway *gateway);

#endif
