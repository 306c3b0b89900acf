#include "gateway/connection.h"

#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "gateway/http.h"
#include "gateway/request.h"
#include "gateway/server.h"

#define SLICE 65536u          /* handed to the socket at once */
#define READ_AHEAD 32768u     /* bytes kept of requests that come before their turn */

static const int64_t patience_ms[CONNECTION_STATE_COUNT] = {
#define X(name, ms) [CONNECTION_##name] = ms,
    CONNECTION_STATES(X)
#undef X
};

static void leave(struct connection *connection)
{
    struct connection_list *list = &connection->gateway->waiting[connection->state];
    if (connection->before) connection->before->behind = connection->behind;
    else list->first = connection->behind;
    if (connection->behind) connection->behind->before = connection->before;
    else list->last = connection->before;
    connection->before = connection->behind = NULL;
}

static void join(struct connection *connection, enum connection_state state)
{
    struct connection_list *list = &connection->gateway->waiting[state];
    connection->state = (uint8_t)state;
    connection->until_ms = gateway_clock(connection->gateway) + patience_ms[state];
    connection->before = list->last;
    if (list->last) list->last->behind = connection;
    else list->first = connection;
    list->last = connection;
}

/* A state that is entered again begins its time anew. */
static void enter(struct connection *connection, enum connection_state state)
{
    leave(connection);
    join(connection, state);
}

static void drop_output(struct connection *connection)
{
    connection->gateway->output_waiting -= connection->out_len;
    memory_free(connection->out);
    connection->out = NULL;
    connection->out_len = connection->out_sent = 0;
}

void connection_open(struct connection *connection, struct gateway *gateway, struct lws *wsi, struct address address)
{
    *connection = (struct connection){ .gateway = gateway, .wsi = wsi, .address = address };
    join(connection, CONNECTION_HEAD);
    gateway->connections++;
    gateway->counters.accepted++;
    peers_come(&gateway->peers, address);
}

void connection_closed(struct connection *connection)
{
    struct gateway *gateway = connection->gateway;
    leave(connection);
    gateway->connections--;
    peers_go(&gateway->peers, connection->address);
    if (connection->request) request_lost(connection->request);
    if (connection->stream) stream_lost(connection->stream);
    memory_free(connection->in);
    drop_output(connection);
    *connection = (struct connection){ 0 };
}

/* --- output --- */

bool connection_drained(const struct connection *connection)
{
    return !connection->out && !lws_partial_buffered(connection->wsi);
}

/* Reading stops while output waits: libwebsockets would spin on input that it may not read. */
static void set_paused(struct connection *connection, bool paused)
{
    if (connection->paused == paused) return;
    connection->paused = paused;
    lws_rx_flow_control(connection->wsi, !paused);
}

static void keep_output(struct connection *connection, struct str bytes)
{
    if (!bytes.len) return;
    uint32_t waiting = connection->out_len - connection->out_sent;
    char *out = MEMORY_NEW_ARRAY(char, waiting + bytes.len);
    if (waiting) memcpy(out, connection->out + connection->out_sent, waiting);
    memcpy(out + waiting, bytes.data, bytes.len);
    drop_output(connection);
    connection->out = out;
    connection->out_len = waiting + (uint32_t)bytes.len;
    connection->gateway->output_waiting += connection->out_len;
}

/* Nobody's slowness may cost the memory that all others live in: those whose output has not moved for the
 * longest time are ended first. */
static void make_room(struct gateway *gateway)
{
    struct connection *slowest;
    while (gateway->output_waiting > LIMIT_OUTPUT && (slowest = gateway->waiting[CONNECTION_WRITE].first)) {
        gateway->counters.cut_off++;
        drop_output(slowest);
        connection_end(slowest, false);
        enter(slowest, CONNECTION_BUSY); /* ended: it waits for the socket's own close */
    }
}

/* How much of `bytes` was taken over. */
static size_t write_slice(struct connection *connection, struct str bytes)
{
    size_t len = bytes.len < SLICE ? bytes.len : SLICE;
    connection->gateway->counters.bytes_out += len;
    if (lws_write(connection->wsi, (unsigned char *)(uintptr_t)bytes.data, len, LWS_WRITE_RAW) < 0) {
        connection->closing = true;
        lws_callback_on_writable(connection->wsi);
        return bytes.len;
    }
    return len;
}

void connection_send(struct connection *connection, struct str bytes)
{
    if (connection->closing || !bytes.len) return;
    if (connection_drained(connection)) bytes = str_slice(bytes, write_slice(connection, bytes), bytes.len);
    keep_output(connection, bytes);
    if (connection_drained(connection)) return;
    set_paused(connection, true);
    lws_callback_on_writable(connection->wsi);
    if (connection->state == CONNECTION_STREAM) enter(connection, CONNECTION_WRITE);
    make_room(connection->gateway);
}

static void send_more(struct connection *connection)
{
    if (!connection->out || lws_partial_buffered(connection->wsi)) return;
    struct str rest = str_make(connection->out + connection->out_sent, connection->out_len - connection->out_sent);
    connection->out_sent += (uint32_t)write_slice(connection, rest);
    if (connection->out_sent < connection->out_len) {
        lws_callback_on_writable(connection->wsi);
        return;
    }
    drop_output(connection);
}

/* --- input --- */

static void keep_input(struct connection *connection, struct str bytes)
{
    char *in = bytes.len ? memory_copy(bytes.data, bytes.len) : NULL;
    memory_free(connection->in);
    connection->in = in;
    connection->in_len = (uint32_t)bytes.len;
}

/* The head is malformed or too long: say so and end. */
static void refuse_head(struct connection *connection, int status)
{
    connection->request = request_new(connection);
    enter(connection, CONNECTION_BUSY);
    request_malformed(connection->request, status);
}

/* Takes a head off the front of *bytes. False: more must come first. */
static bool take_head(struct connection *connection, struct str *bytes)
{
    size_t scanned = connection->scanned;
    enum http_scan scan = http_scan(*bytes, &scanned);
    connection->scanned = (uint32_t)scanned;
    if (scan == HTTP_BAD || (scan == HTTP_MORE && bytes->len > LIMIT_HEAD) || scanned > LIMIT_HEAD) {
        bool in_line = scan == HTTP_MORE && str_find(*bytes, STR("\r\n"), 0) < 0;
        *bytes = STR_EMPTY;
        connection->scanned = 0;
        refuse_head(connection, scan == HTTP_BAD ? 400 : in_line ? 414 : 431);
        return true;
    }
    if (scan == HTTP_MORE) return false;
    struct str head = str_slice(*bytes, 0, scanned);
    *bytes = str_slice(*bytes, scanned, bytes->len);
    connection->scanned = 0;
    connection->request = request_new(connection);
    enter(connection, CONNECTION_BODY);
    request_head(connection->request, head);
    return true;
}

/* As many whole requests as there are, one after the other. */
static void use_input(struct connection *connection, struct str *bytes)
{
    while (bytes->len && !connection->closing) {
        if (connection->state == CONNECTION_LINGER || connection->close_after) {
            *bytes = STR_EMPTY;
        } else if (connection->stream) {
            *bytes = STR_EMPTY; /* a client has nothing to say behind a request for a stream */
        } else if (connection->state == CONNECTION_HEAD || connection->state == CONNECTION_IDLE) {
            if (connection->state == CONNECTION_IDLE) enter(connection, CONNECTION_HEAD);
            if (!connection_drained(connection) || !take_head(connection, bytes)) return;
        } else if (connection->state == CONNECTION_BODY) {
            request_body(connection->request, bytes);
        } else {
            return;
        }
    }
}

/* Answers may come from within request_head and request_body; `running` keeps them from running the
 * input once more inside it. */
static void run(struct connection *connection, struct str bytes)
{
    connection->running = true;
    use_input(connection, &bytes);
    connection->running = false;
    keep_input(connection, bytes);
    if (connection->in_len > READ_AHEAD && connection->state == CONNECTION_BUSY) set_paused(connection, true);
}

bool connection_read(struct connection *connection, struct str bytes)
{
    lws_set_timeout(connection->wsi, NO_PENDING_TIMEOUT, 0); /* libwebsockets' own, after the handshake */
    connection->gateway->counters.bytes_in += bytes.len;
    if (!connection->in) {
        run(connection, bytes);
    } else {
        size_t len = connection->in_len + bytes.len;
        char *joined = MEMORY_NEW_ARRAY(char, len);
        memcpy(joined, connection->in, connection->in_len);
        memcpy(joined + connection->in_len, bytes.data, bytes.len);
        memory_free(connection->in);
        connection->in = NULL;
        run(connection, str_make(joined, len));
        memory_free(joined);
    }
    return !connection->closing;
}

static void go_on(struct connection *connection)
{
    if (connection->running || connection->closing || !connection->in) return;
    char *in = connection->in;
    size_t len = connection->in_len;
    connection->in = NULL;
    run(connection, str_make(in, len));
    memory_free(in);
}

/* --- what an answer leaves --- */

static void linger(struct connection *connection)
{
    SSL *ssl = lws_is_ssl(connection->wsi) ? lws_get_ssl(connection->wsi) : NULL;
    if (ssl) SSL_shutdown(ssl);
    shutdown(lws_get_socket_fd(connection->wsi), SHUT_WR);
    set_paused(connection, false);
    enter(connection, CONNECTION_LINGER);
}

/* The output is out: what was waiting for that goes on. */
static void drained(struct connection *connection)
{
    if (connection->state == CONNECTION_WRITE)
        enter(connection, connection->stream ? CONNECTION_STREAM : CONNECTION_IDLE);
    if (connection->close_after) {
        if (connection->state != CONNECTION_LINGER) linger(connection);
        return;
    }
    set_paused(connection, false);
    if (connection->stream) stream_drained(connection->stream);
    else go_on(connection);
}

bool connection_writable(struct connection *connection)
{
    if (connection->closing) return false;
    if (connection->state == CONNECTION_WRITE) enter(connection, CONNECTION_WRITE);
    send_more(connection);
    if (!connection->closing && connection_drained(connection)) drained(connection);
    return !connection->closing;
}

void connection_works(struct connection *connection)
{
    enter(connection, CONNECTION_BUSY);
}

void connection_answered(struct connection *connection, bool last)
{
    connection->request = NULL;
    connection->close_after = connection->close_after || last || connection->gateway->stopping;
    if (!connection_drained(connection)) {
        enter(connection, CONNECTION_WRITE);
    } else if (connection->close_after) {
        linger(connection);
    } else {
        enter(connection, CONNECTION_IDLE);
        set_paused(connection, false);
        go_on(connection);
    }
}

void connection_streams(struct connection *connection, struct stream *stream)
{
    connection->request = NULL;
    connection->stream = stream;
    enter(connection, connection_drained(connection) ? CONNECTION_STREAM : CONNECTION_WRITE);
}

void connection_end(struct connection *connection, bool politely)
{
    if (connection->closing) return;
    if (politely) {
        connection->close_after = true;
        if (connection_drained(connection)) linger(connection);
        else if (connection->state != CONNECTION_WRITE) enter(connection, CONNECTION_WRITE);
        return;
    }
    connection->closing = true;
    shutdown(lws_get_socket_fd(connection->wsi), SHUT_RDWR);
    set_paused(connection, false);
    lws_callback_on_writable(connection->wsi);
}

/* --- time --- */

static void due(struct connection *connection)
{
    switch ((enum connection_state)connection->state) {
    case CONNECTION_STREAM:
        enter(connection, CONNECTION_STREAM);
        stream_alive(connection->stream);
        return;
    case CONNECTION_BODY:
        enter(connection, CONNECTION_BUSY);
        request_malformed(connection->request, 408);
        return;
    case CONNECTION_HEAD:
        /* Without any byte it may be a handshake that does not end: nothing can be said then. */
        if (connection->in) {
            refuse_head(connection, 408);
            return;
        }
        connection_end(connection, false);
        break;
    case CONNECTION_IDLE:
    case CONNECTION_WRITE:
    case CONNECTION_LINGER: connection_end(connection, false); break;
    case CONNECTION_BUSY:
    case CONNECTION_STATE_COUNT: break;
    }
    leave(connection);
    join(connection, CONNECTION_BUSY); /* ended: it waits for the socket's own close */
}

void connections_tick(struct gateway *gateway, int64_t now_ms)
{
    for (int state = 0; state < CONNECTION_BUSY; state++) {
        struct connection *connection;
        while ((connection = gateway->waiting[state].first) && connection->until_ms <= now_ms) due(connection);
    }
}

static void stop_list(struct connection_list *list, bool at_once)
{
    for (struct connection *connection = list->first, *next; connection; connection = next) {
        next = connection->behind;
        connection_end(connection, !at_once);
    }
}

void connections_stop(struct gateway *gateway, bool at_once)
{
    for (int state = 0; state < CONNECTION_STATE_COUNT; state++) {
        if (!at_once && state != CONNECTION_HEAD && state != CONNECTION_IDLE) continue;
        stop_list(&gateway->waiting[state], at_once || state == CONNECTION_HEAD);
    }
}
