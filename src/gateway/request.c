#include "gateway/request.h"

#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/route.h"
#include "gateway/server.h"

struct request *request_new(struct connection *connection)
{
    struct request *request = MEMORY_NEW(struct request);
    request->gateway = connection->gateway;
    request->connection = connection;
    request->address = connection->address;
    request->secure = connection->gateway->tls;
    request->route_name = "-";
    request->path = request->name = request->origin = request->body = STR_EMPTY;
    request->reading = true;
    request->began_us = uv_hrtime() / 1000;
    buf_init(&request->body_buf, LIMIT_BODY);
    request->gateway->requests++;
    return request;
}

static void free_request(struct request *request)
{
    request->gateway->requests--;
    buf_free(&request->body_buf);
    arena_free(&request->arena);
    memory_free(request);
}

void request_malformed(struct request *request, int status)
{
    enum refusal refusal = status == 413 ? REFUSAL_TOO_LONG : REFUSAL_BAD_REQUEST;
    request->reading = false;
    request->last = true;
    answer_status(request, status, refusal);
}

/* The client's address and scheme as a trusted proxy reports them: the proxy adds at the right end
 * what it saw itself, so only the last address counts. */
static void believe_proxy(struct request *request)
{
    struct str piece = STR_EMPTY, next;
    /* The header may stand there more than once: together they are one list. */
    for (size_t i = 0; i < request->head.header_count; i++) {
        struct str forwarded = request->head.headers[i].value;
        if (!str_equal_nocase(request->head.headers[i].name, STR("x-forwarded-for"))) continue;
        while (str_split(&forwarded, ',', &next)) piece = str_trim(next);
    }
    struct address address;
    if (piece.len && address_parse(piece, &address)) request->address = address;
    request->secure = request->secure ||
                      str_equal_nocase(http_header(&request->head, STR("x-forwarded-proto")), STR("https"));
}

static void work(struct request *request)
{
    request->reading = false;
    request->body = buf_str(&request->body_buf);
    connection_works(request->connection);
    route_run(request);
}

/* More body than is ever taken. A route that does not look at bodies gives its own answer. */
static void too_long(struct request *request)
{
    struct route_match match = route_match(request->method, request->path);
    buf_clear(&request->body_buf);
    if (match.route && (match.route->flags & ROUTE_ANY_BODY)) {
        request->last = true;
        work(request);
    } else {
        request_malformed(request, 413);
    }
}

void request_head(struct request *request, struct str bytes)
{
    int status = http_parse(arena_copy(&request->arena, bytes), &request->head);
    request->method = request->head.method == HTTP_HEAD ? HTTP_GET : request->head.method;
    if (!status && !str_equal(request->head.path, STR("*")) &&
        !query_decode(&request->arena, request->head.path, false, &request->path)) status = 400;
    if (status) {
        request_malformed(request, status);
        return;
    }
    if (request->gateway->options.trust_proxy) believe_proxy(request);
    if (request->head.content_length > LIMIT_BODY || request->head.chunked) request->body_buf.max = route_body_max(request);
    if (request->head.content_length > request->body_buf.max) {
        too_long(request);
        return;
    }
    request->last = !request->head.keep_alive;
    if (!request->head.content_length && !request->head.chunked) work(request);
    else if (request->head.expects_continue)
        connection_send(request->connection, STR("HTTP/1.1 100 Continue\r\n\r\n"));
}

void request_body(struct request *request, struct str *bytes)
{
    if (!request->head.chunked) {
        size_t wanted = (size_t)request->head.content_length - request->body_buf.len;
        size_t take = bytes->len < wanted ? bytes->len : wanted;
        buf_add(&request->body_buf, bytes->data, take);
        *bytes = str_slice(*bytes, take, bytes->len);
        if (take == wanted) work(request);
        return;
    }
    switch (http_chunks_take(&request->chunks, bytes, &request->body_buf)) {
    case HTTP_BODY_MORE: break;
    case HTTP_BODY_ENDS: work(request); break;
    case HTTP_BODY_BAD: request_malformed(request, 400); break;
    case HTTP_BODY_TOO_LONG: too_long(request); break;
    }
}

void request_lost(struct request *request)
{
    request->connection = NULL;
    if (request->reading) free_request(request);
    else if (request->on_lost) request->on_lost(request);
}

struct buf *request_buf(struct request *request)
{
    buf_clear(&request->gateway->body);
    return &request->gateway->body;
}

void request_finish(struct request *request, int status, uint64_t sent)
{
    struct gateway *gateway = request->gateway;
    struct connection *connection = request->connection;
    bool last = request->last;
    uint64_t took_us = uv_hrtime() / 1000 - request->began_us;
    metrics_request(gateway, status, took_us);
    access_log_line(&gateway->log, &(struct access_line){
        .now_ms = node_now(gateway->node), .method = http_method_names[request->head.method],
        .route = request->route ? request->route->path : request->route_name,
        .session = session_name(&request->session), .status = status, .took_us = took_us, .bytes = sent });
    free_request(request);
    if (connection) connection_answered(connection, last);
}

void request_becomes_stream(struct request *request, struct stream *stream)
{
    struct connection *connection = request->connection;
    metrics_request(request->gateway, 200, uv_hrtime() / 1000 - request->began_us);
    free_request(request);
    connection_streams(connection, stream);
}
