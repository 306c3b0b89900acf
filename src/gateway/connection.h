/* connection.h - one client's connection: bytes in, requests out of them, answers back in order.
 *
 *   accepted --> HEAD --> (BODY) --> BUSY --> answered --> IDLE --> HEAD ...
 *                                      \--> STREAM          \--> LINGER (last answer, then closed)
 *
 * One request at a time: what a client sends ahead waits. While output waits for a slow client
 * nothing more is read from it. Each state but BUSY has a time limit; the connections of a state
 * stand in a list in the order of their limits, so that a tick looks at the few that are due.
 *
 * The struct lives in libwebsockets' memory for the connection and dies with it: whoever answers
 * later holds the request, whose `connection` is NULL once the client has gone. */
#ifndef GATEWAY_CONNECTION_H
#define GATEWAY_CONNECTION_H

#include <libwebsockets.h>

#include "base/buf.h"

struct gateway;
struct request;
struct stream;

/* X(NAME, ms until the connection is given up) */
#define CONNECTION_STATES(X) \
    X(HEAD, 10000)   /* a whole head must have come; also the TLS handshake */ \
    X(IDLE, 75000)   /* between requests */ \
    X(BODY, 20000)   /* a whole body must have come */ \
    X(WRITE, 30000)  /* without any progress of the output */ \
    X(LINGER, 2000)  /* the last answer is out; what still comes is thrown away */ \
    X(STREAM, 15000) /* not given up: told that the server is still there */ \
    X(BUSY, 0)       /* a request is being worked on, without a limit */

enum connection_state {
#define X(name, ms) CONNECTION_##name,
    CONNECTION_STATES(X)
#undef X
    CONNECTION_STATE_COUNT
};

struct address {
    uint8_t bytes[16]; /* IPv6, or IPv4 mapped into it */
};

struct connection {
    struct gateway *gateway;  /* NULL before it is adopted */
    struct lws *wsi;
    struct connection *before, *behind; /* in the list of its state */
    int64_t until_ms;
    struct request *request;  /* being read or worked on */
    struct stream *stream;
    char *in;                 /* bytes that came and are not used yet; NULL when there are none */
    char *out;                /* bytes that could not be sent yet; NULL when there are none */
    uint32_t in_len, out_len, out_sent;
    uint32_t scanned;         /* of `in`, by http_scan */
    struct address address;
    uint8_t state;
    bool paused, closing, close_after, running;
};

struct connection_list {
    struct connection *first, *last;
};

void connection_open(struct connection *connection, struct gateway *gateway, struct lws *wsi, struct address address);

/* Bytes came. False: close the connection now. */
bool connection_read(struct connection *connection, struct str bytes) WARN_UNUSED;
/* The socket takes output again. False: close the connection now. */
bool connection_writable(struct connection *connection) WARN_UNUSED;
/* The last call for a connection. */
void connection_closed(struct connection *connection);

/* Sends, or keeps what cannot be sent yet. */
void connection_send(struct connection *connection, struct str bytes);
/* All output has left this process. */
bool connection_drained(const struct connection *connection);

/* The request has come whole and is worked on. */
void connection_works(struct connection *connection);
/* The request has been answered; the next one may follow, unless `last`. */
void connection_answered(struct connection *connection, bool last);
/* The request became an event stream. */
void connection_streams(struct connection *connection, struct stream *stream);

/* Ends the connection soon, from anywhere; not before its output is out if `politely`. */
void connection_end(struct connection *connection, bool politely);

/* Gives up what is due; called about every second. */
void connections_tick(struct gateway *gateway, int64_t now_ms);

/* Ends all that are waiting for nothing; the busy ones end with their answers. */
void connections_stop(struct gateway *gateway, bool at_once);

/* The address as text, for logs and limits; IPv4 in its usual form. */
struct arena;
struct str address_text(struct arena *arena, struct address address);
bool address_parse(struct str text, struct address *address) WARN_UNUSED;
bool address_is_v4(struct address address);
bool address_is_loopback(struct address address);

#endif
