/* server.h - what the files of this folder share: the gateway's own state. Nobody else includes it. */
#ifndef GATEWAY_SERVER_H
#define GATEWAY_SERVER_H

#include "base/arena.h"
#include "base/map.h"
#include "gateway/access_log.h"
#include "gateway/connection.h"
#include "gateway/files.h"
#include "gateway/gateway.h"
#include "gateway/password.h"
#include "gateway/peer.h"
#include "gateway/rate.h"
#include "gateway/stream.h"

struct listener;

struct counters {
    uint64_t accepted, refused_connections, bytes_in, bytes_out;
    uint64_t answers[6];          /* by the first digit of the status */
    uint64_t limited, cut_off;    /* requests over a rate; clients too slow */
    uint64_t events_sent, signals_sent;
    uint64_t took[8];             /* requests by time, see metrics.c */
    uint64_t took_us_total;
};

struct gateway {
    struct arena arena;           /* lives as long as the gateway: copied options */
    struct gateway_options options;
    struct node *node;
    uv_loop_t *loop;
    struct lws_context *lws;
    struct lws_vhost *vhost;
    struct listener *listener;
    uv_timer_t *tick;
    struct connection_list waiting[CONNECTION_STATE_COUNT];
    size_t connections, requests;
    size_t output_waiting;        /* bytes that clients have not taken yet */
    struct peers peers;
    struct rate *rates;
    struct streams streams;
    struct passwords passwords;
    struct access_log log;
    struct files files;
    struct buf body, out;         /* one answer at a time is put together here */
    struct counters counters;
    int64_t started_ms;
    char url[128], date[40];
    int64_t date_s;
    int port;
    bool tls, stopping, stopped;
};

/* ms since the loop began: for time limits and rates, never set back. */
int64_t gateway_clock(const struct gateway *gateway);

/* metrics.c: counts an answered request. */
void metrics_request(struct gateway *gateway, int status, uint64_t took_us);

/* wire.c: libwebsockets. */
bool wire_start(struct err *err, struct gateway *gateway) WARN_UNUSED;
void wire_stop(struct gateway *gateway);
/* Takes over an accepted socket. */
void wire_adopt(struct gateway *gateway, int fd, struct address address);

/* listen.c: the listening socket. */
bool listen_start(struct err *err, struct gateway *gateway) WARN_UNUSED;
void listen_stop(struct gateway *gateway);

#endif
