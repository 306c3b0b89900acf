/* request.h - one request, from its head to its answer.
 *
 * All its memory is its own and is freed whole when it is answered. A handler answers exactly once,
 * with a function of answer.h; after that the request is gone. It may do so later: the request stays
 * valid until then, also when its client has gone (the answer then goes nowhere). */
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include "base/arena.h"
#include "engine/command.h"
#include "gateway/connection.h"
#include "gateway/http.h"
#include "gateway/query.h"
#include "gateway/session.h"

struct route;

struct request {
    struct arena arena;
    struct gateway *gateway;
    struct connection *connection;  /* NULL: the client has gone */
    struct http_head head;
    enum http_method method;        /* GET for HEAD */
    struct str path;                /* decoded */
    struct query query;
    struct buf body_buf;
    struct http_chunks chunks;
    struct str body;
    const struct route *route;      /* NULL: none fits, or it is a file */
    const char *route_name;         /* for the log */
    uint64_t conversation, target;  /* from the path: target is an offer, an agent or a customer */
    struct str name;                /* from the path */
    struct session session;
    struct address address;         /* of the client, as a trusted proxy says it */
    struct str origin;              /* allowed by CORS; empty: no CORS headers */
    struct command command;         /* of routes that are commands */
    bool secure;                    /* came over TLS, here or at a trusted proxy */
    bool reading;                   /* its body is still coming in: nobody works on it */
    bool last;                      /* nothing may follow on this connection */
    uint64_t began_us;
    void (*on_lost)(struct request *request); /* the client has gone: end whatever waits. May be NULL */
    void *work;                     /* the handler's own */
};

struct request *request_new(struct connection *connection);

/* The head has come whole; `bytes` as http_scan found it. */
void request_head(struct request *request, struct str bytes);
/* Takes what belongs to this request off the front of *bytes. */
void request_body(struct request *request, struct str *bytes);
/* What came is not HTTP, or took too long: answers with this status and ends the connection. */
void request_malformed(struct request *request, int status);
/* The client has gone. */
void request_lost(struct request *request);

/* Ends the request after its answer: counts, logs, frees. `sent` is the answer's length. */
void request_finish(struct request *request, int status, uint64_t sent);
/* The same when it lives on as a stream. The line is written when the stream ends. */
void request_becomes_stream(struct request *request, struct stream *stream);

/* A buffer to write one answer's body into; valid until the answer is sent. */
struct buf *request_buf(struct request *request);

#endif
