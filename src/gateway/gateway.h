/* gateway.h - the network: HTTP/1.1, event streams, sessions, pages. The only code that knows it.
 *
 * A request is a command or a question; the gateway knows who asks (session.h), what may be asked
 * (route.h) and what of it may be seen, and hands the rest to the node. Sockets, TLS and writing are
 * libwebsockets' on the node's loop; reading HTTP is our own and strict (http.h).
 *
 * Everything runs on the loop thread but password hashing, backups and the reading of published versions,
 * which have threads of libuv's pool. */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "node/node.h"

struct gateway;

/* Limits against too much from one side. 0: the default; negative: none. */
struct gateway_limits {
    int connections_per_address;  /* LIMIT_CONNECTIONS_PER_ADDRESS; none with trust_proxy */
    int requests_per_address_s;   /* GATEWAY_REQUESTS_PER_ADDRESS_S; bursts of five seconds' worth */
    int requests_per_session_s;   /* GATEWAY_REQUESTS_PER_SESSION_S; the same */
    int logins_per_minute;        /* GATEWAY_LOGINS_PER_MINUTE for one login name from one address */
};

#define GATEWAY_REQUESTS_PER_ADDRESS_S 200
#define GATEWAY_REQUESTS_PER_SESSION_S 40
#define GATEWAY_LOGINS_PER_MINUTE 10
/* What makes something that stays costs more: shares of the requests of an address, with bursts of 50 times. */
#define GATEWAY_NEW_CUSTOMERS_SHARE 50      /* 4 a second of 200 */
#define GATEWAY_NEW_CONVERSATIONS_SHARE 100 /* 2 a second of 200 */

struct gateway_options {
    struct node *node;
    uv_loop_t *loop;              /* the node's */
    const char *address;          /* IPv4 or IPv6; NULL: 127.0.0.1 */
    int port;                     /* 0: any free one, see gateway_port */
    const char *tls_cert, *tls_key; /* PEM files; both or none */
    bool trust_proxy;             /* take address and scheme from X-Forwarded-For and -Proto */
    int log_fd;                   /* where the line for each request goes; -1: nowhere */
    const char *operator_token;   /* "op_…" of data/operator.json; NULL: there is none */
    const char *directory;        /* the workspace's, for backups */
    const char *demo_backend;     /* in the demo, where its shop page finds the firm's back end; or NULL */
    struct gateway_limits limits;
};

/* Listens and serves from now on, as the loop runs. NULL and err on failure. `options` is copied. */
struct gateway *gateway_start(struct err *err, const struct gateway_options *options);

/* Stops accepting, lets requests under way end (at most ten seconds), ends the streams, whose clients
 * come back with their cursors, and closes. Runs the loop: call it from outside. The node must still be
 * open, and may be closed afterwards; gateway_free comes after node_close, since the node keeps its
 * subscribers until then. */
void gateway_stop(struct gateway *gateway);
void gateway_free(struct gateway *gateway);

/* The port it listens on. */
int gateway_port(const struct gateway *gateway);

/* "http://127.0.0.1:8080"; lives as long as the gateway. */
const char *gateway_url(const struct gateway *gateway);

/* docs/api.md and the OpenAPI description, from the tables. */
void gateway_docs(struct buf *out);
void gateway_openapi(struct buf *out);

#endif
