#include "demo/backend.h"

#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/memory.h"
#include "demo/firm_routes.h"

struct demo_backend {
    struct firm firm;
    struct lws_context *context;
    int port;
    atomic_bool stopping;
    uv_thread_t thread;
};

/* One HTTP request: allocated at its headers, freed when the connection drops it. */
struct exchange {
    struct arena arena;
    struct firm_request request;
    struct str origin;
    struct buf body;
};

struct session {
    struct exchange *exchange;
};

static void exchange_free(struct exchange *exchange)
{
    if (!exchange) return;
    buf_free(&exchange->body);
    arena_free(&exchange->arena);
    memory_free(exchange);
}

/* The library frees the session when a transaction is completed: what is being answered must not
 * hang on it any more. */
static struct exchange *take(struct session *session)
{
    struct exchange *exchange = session->exchange;
    session->exchange = NULL;
    return exchange;
}

static struct str header(struct lws *wsi, struct arena *arena, enum lws_token_indexes token)
{
    int len = lws_hdr_total_length(wsi, token);
    if (len <= 0) return STR_EMPTY;
    char *text = arena_take(arena, (size_t)len + 1);
    int copied = lws_hdr_copy(wsi, text, len + 1, token);
    return copied > 0 ? str_make(text, (size_t)copied) : STR_EMPTY;
}

static struct str custom_header(struct lws *wsi, struct arena *arena, struct str name)
{
    int len = lws_hdr_custom_length(wsi, name.data, (int)name.len);
    if (len <= 0) return STR_EMPTY;
    char *text = arena_take(arena, (size_t)len + 1);
    int copied = lws_hdr_custom_copy(wsi, text, len + 1, name.data, (int)name.len);
    return copied > 0 ? str_make(text, (size_t)copied) : STR_EMPTY;
}

/* The query as it was written: lws keeps it in pieces, decoded at '&'. */
static struct str query_of(struct lws *wsi, struct arena *arena)
{
    struct buf query;
    char piece[512];
    buf_init(&query, 4096);
    for (int i = 0; lws_hdr_copy_fragment(wsi, piece, sizeof piece, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++) {
        if (i) buf_add_char(&query, '&');
        buf_add_str(&query, str_of(piece));
    }
    struct str copy = arena_copy(arena, buf_str(&query));
    buf_free(&query);
    return copy;
}

static void begin(struct lws *wsi, struct session *session, struct str path)
{
    exchange_free(take(session));
    struct exchange *exchange = session->exchange = MEMORY_NEW(struct exchange);
    struct arena *arena = &exchange->arena;
    struct str token = header(wsi, arena, WSI_TOKEN_HTTP_AUTHORIZATION);
    buf_init(&exchange->body, FIRM_BODY_MAX);
    exchange->origin = header(wsi, arena, WSI_TOKEN_ORIGIN);
    exchange->request = (struct firm_request){
        .arena = arena,
        .path = arena_copy(arena, path),
        .query = query_of(wsi, arena),
        .token = str_starts(token, STR("Bearer ")) ? str_slice(token, 7, token.len) : STR_EMPTY,
        .key = custom_header(wsi, arena, STR("idempotency-key:")),
        .method = lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0 ? STR("GET")
            : lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0    ? STR("POST") : STR("other"),
    };
}

/* Pages of this machine may read what the shop page needs; everything else is for the token only. */
static bool origin_allowed(const struct exchange *exchange)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
    struct str origin = exchange->origin;
    if (!str_starts(exchange->request.path, STR("/shop/"))) return false;
    if (!str_starts(origin, STR("http://")) && !str_starts(origin, STR("https://"))) return false;
    struct str host = str_slice(origin, (size_t)str_find(origin, STR("//"), 0) + 2, origin.len);
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        if (!str_starts(host, str_of(hosts[i]))) continue;
        struct str rest = str_slice(host, strlen(hosts[i]), host.len);
        if (!rest.len || rest.data[0] == ':') return true;
    }
    return false;
}

/* The head of an answer as it is written, piece by piece. */
struct head {
    struct lws *wsi;
    unsigned char *at, *end;
    bool full;
};

static void add_header(struct head *head, const char *name, struct str value)
{
    head->full = head->full ||
        lws_add_http_header_by_name(head->wsi, (const unsigned char *)name, (const unsigned char *)value.data,
                                    (int)value.len, &head->at, head->end);
}

static int send_answer(const struct exchange *exchange, struct lws *wsi, int status, const char *type, struct str body)
{
    unsigned char bytes[LWS_PRE + 1024], *start = bytes + LWS_PRE;
    struct head head = { wsi, start, bytes + sizeof bytes - 1, false };
    head.full = lws_add_http_common_headers(wsi, (unsigned)status, type, body.len, &head.at, head.end);
    add_header(&head, "cache-control:", STR("no-store"));
    add_header(&head, "content-security-policy:", STR("default-src 'none'; style-src 'unsafe-inline'"));
    add_header(&head, "vary:", STR("Origin"));
    if (origin_allowed(exchange)) add_header(&head, "access-control-allow-origin:", exchange->origin);
    if (head.full || lws_finalize_write_http_header(wsi, start, &head.at, head.end)) return 1;

    static const unsigned char before[LWS_PRE];
    struct buf out;
    buf_init(&out, LWS_PRE + FIRM_ANSWER_MAX);
    buf_add(&out, before, sizeof before);
    buf_add_str(&out, body);
    int sent = lws_write(wsi, (unsigned char *)out.data + LWS_PRE, body.len, LWS_WRITE_HTTP_FINAL);
    buf_free(&out);
    return sent < 0 || lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int answer(struct lws *wsi, struct demo_backend *backend, struct session *session)
{
    struct exchange *exchange = take(session);
    struct firm_answer result;
    exchange->request.body = buf_str(&exchange->body);
    if (exchange->body.full) {
        result = (struct firm_answer){ 0 };
        buf_init(&result.page, FIRM_ANSWER_MAX);
        firm_refuse(&result, 413, "too_long", "The body is longer than allowed.");
    } else firm_handle(&backend->firm, &exchange->request, &result);
    const char *type = result.json ? "application/json" : "text/html; charset=utf-8";
    if (result.json) firm_json_text(result.json, &result.page);
    int failed = send_answer(exchange, wsi, result.status, type, buf_str(&result.page));
    firm_answer_free(&result);
    exchange_free(exchange);
    return failed;
}

static bool has_body(struct lws *wsi, struct arena *arena)
{
    struct str length = header(wsi, arena, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    return lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0 && length.len && !str_equal(length, STR("0"));
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct session *session = user;
    struct demo_backend *backend = lws_context_user(lws_get_context(wsi));
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        begin(wsi, session, str_make(in, len));
        /* What has a body is answered when the body is there. */
        return has_body(wsi, &session->exchange->arena) ? 0 : answer(wsi, backend, session);
    case LWS_CALLBACK_HTTP_BODY:
        if (session->exchange) buf_add(&session->exchange->body, in, len);
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return session->exchange ? answer(wsi, backend, session) : 0;
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (session) exchange_free(take(session));
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static const struct lws_protocols protocols[] = {
    { "http", on_http, sizeof(struct session), 0, 0, NULL, 0 },
    { NULL, NULL, 0, 0, 0, NULL, 0 },
};

static void serve(void *context)
{
    struct demo_backend *backend = context;
    while (!atomic_load(&backend->stopping))
        if (lws_service(backend->context, 0) < 0) break;
}

/* Asked before the library is: it forgets to free what it has when it cannot listen. */
static bool port_free(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (fd < 0) return false;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool free_now = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0;
    close(fd);
    return free_now;
}

static bool listen_on(struct err *err, struct demo_backend *backend, int port)
{
    struct lws_context_creation_info info = {
        .port = port,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .user = backend,
        .options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
        .keepalive_timeout = 30,
        .pt_serv_buf_size = 16384,
        .max_http_header_data = 8192,
    };
    /* Whoever has chosen a log level keeps it; otherwise the library's chatter stays off stderr. */
    if (lwsl_visible(LLL_NOTICE)) lws_set_log_level(0, NULL);
    backend->context = port_free(port) ? lws_create_context(&info) : NULL;
    struct lws_vhost *vhost = backend->context ? lws_get_vhost_by_name(backend->context, "default") : NULL;
    if (!vhost)
        return err_set(err, "the demo's back end cannot listen on 127.0.0.1:%d; is something else there?", port);
    backend->port = lws_get_vhost_listen_port(vhost);
    return true;
}

struct demo_backend *demo_backend_start(struct err *err, const char *database, int port, const char *directory)
{
    struct demo_backend *backend = MEMORY_NEW(struct demo_backend);
    bool opened = firm_open(err, &backend->firm, database, 0);
    if (opened && firm_read_secrets(err, &backend->firm, directory) && listen_on(err, backend, port)) {
        backend->firm.url = arena_format(&backend->firm.arena, "http://127.0.0.1:%d", backend->port);
        if (uv_thread_create(&backend->thread, serve, backend) == 0) return backend;
        err_set(err, "the demo's back end could not start its thread");
    }
    if (backend->context) lws_context_destroy(backend->context);
    firm_close(&backend->firm);
    memory_free(backend);
    return NULL;
}

int demo_backend_port(const struct demo_backend *backend)
{
    return backend->port;
}

void demo_backend_stop(struct demo_backend *backend)
{
    if (!backend) return;
    atomic_store(&backend->stopping, true);
    lws_cancel_service(backend->context);
    uv_thread_join(&backend->thread);
    lws_context_destroy(backend->context);
    firm_close(&backend->firm);
    memory_free(backend);
}
