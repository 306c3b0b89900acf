#include "gateway/answer.h"

#include <time.h>

#include "gateway/route.h"
#include "gateway/server.h"

#define ONE_SEND 16384u /* a body up to this length goes out together with its head */

/* A page may load only what this server has, and nobody may frame it. The demo's shop also asks the
 * demo firm's back end. */
#define PAGE_POLICY \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " \
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " \
    "connect-src 'self'"
#define PAGE_COMMON "\r\n" \
    "Cross-Origin-Opener-Policy: same-origin\r\n" \
    "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
const char *answer_reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
    }
}

/* HTTP wants the time in every answer; it is put into words once a second. */
static const char *date_line(struct gateway *gateway)
{
    int64_t now_s = node_now(gateway->node) / 1000;
    if (now_s != gateway->date_s) {
        time_t now = (time_t)now_s;
        struct tm parts;
        gmtime_r(&now, &parts);
        strftime(gateway->date, sizeof gateway->date, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        gateway->date_s = now_s;
    }
    return gateway->date;
}

static void add_cors(const struct request *request, struct buf *out)
{
    if (!request->origin.len) return;
    buf_add_str(out, STR("Access-Control-Allow-Origin: "));
    buf_add_str(out, request->origin);
    buf_add_str(out, STR("\r\nAccess-Control-Expose-Headers: Retry-After\r\n"));
}

static void add_common(const struct request *request, struct buf *out)
{
    struct gateway *gateway = request->gateway;
    buf_add_str(out, str_of(date_line(gateway)));
    buf_add_str(out, STR(ANSWER_COMMON));
    add_cors(request, out);
    if (request->secure) buf_add_str(out, STR("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"));
}

static void add_page_policy(const char *demo_backend, struct buf *out)
{
    buf_add_str(out, STR(PAGE_POLICY));
    if (demo_backend) {
        buf_add_char(out, ' ');
        buf_add_str(out, str_of(demo_backend));
    }
    buf_add_str(out, STR(PAGE_COMMON));
}

static void add_cache(const struct answer *answer, struct buf *out)
{
    switch (answer->cache) {
    case ANSWER_NO_STORE:
        buf_add_str(out, STR("Cache-Control: no-store\r\nVary: Authorization, Cookie, Origin\r\n"));
        break;
    case ANSWER_REVALIDATE: buf_add_str(out, STR("Cache-Control: no-cache\r\nVary: Accept-Encoding\r\n")); break;
    case ANSWER_IMMUTABLE:
        buf_add_str(out, STR("Cache-Control: public, max-age=31536000, immutable\r\nVary: Accept-Encoding\r\n"));
        break;
    }
}

static void add_head(const struct request *request, const struct answer *answer, struct buf *out)
{
    buf_add_str(out, STR("HTTP/1.1 "));
    buf_add_u64(out, (uint64_t)answer->status);
    buf_add_char(out, ' ');
    buf_add_str(out, str_of(answer_reason(answer->status)));
    buf_add_str(out, STR("\r\n"));
    add_common(request, out);
    add_cache(answer, out);
    if (answer->page) add_page_policy(request->gateway->options.demo_backend, out);
    else buf_add_str(out, STR(ANSWER_DATA_POLICY));
    buf_add_str(out, answer->embedded ? STR("Cross-Origin-Resource-Policy: cross-origin\r\n"
                                            "Access-Control-Allow-Origin: *\r\n")
                                      : STR("Cross-Origin-Resource-Policy: same-origin\r\n"));
    if (!answer->no_body) {
        buf_add_str(out, STR("Content-Type: "));
        buf_add_str(out, answer->type ? str_of(answer->type) : STR("application/json"));
        buf_add_str(out, STR("\r\nContent-Length: "));
        buf_add_u64(out, answer->body.len);
        buf_add_str(out, STR("\r\n"));
    }
    buf_add_str(out, answer->headers.data ? answer->headers : STR_EMPTY);
    if (request->last || request->gateway->stopping) buf_add_str(out, STR("Connection: close\r\n"));
    else if (request->head.http10) buf_add_str(out, STR("Connection: keep-alive\r\n"));
    buf_add_str(out, STR("\r\n"));
}

void answer_send(struct request *request, const struct answer *answer)
{
    struct buf *out = &request->gateway->out;
    buf_clear(out);
    add_head(request, answer, out);
    struct str body = answer->no_body || request->head.method == HTTP_HEAD ? STR_EMPTY : answer->body;
    uint64_t sent = out->len + body.len;
    if (request->connection) {
        if (body.len <= ONE_SEND) {
            buf_add_str(out, body);
            body = STR_EMPTY;
        }
        must(!out->full);
        connection_send(request->connection, buf_str(out));
        connection_send(request->connection, body);
    }
    request_finish(request, answer->status, sent);
}

void answer_json(struct request *request, struct str json)
{
    answer_send(request, &(struct answer){ .status = 200, .body = json });
}

void answer_empty(struct request *request)
{
    answer_json(request, STR("{}"));
}

static void refuse(struct request *request, int status, enum refusal refusal, const char *field, struct str headers)
{
    const struct refusal_row *row = &refusal_table[refusal];
    struct buf *body = request_buf(request);
    buf_add_format(body, "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"", row->code, row->sentence);
    if (field) {
        buf_add_str(body, STR(",\"field\":"));
        buf_add_json_str(body, str_of(field));
    }
    if (request->route && request->route->who == WHO_PROGRAM) /* clients of the chat protocol read these, too */
        buf_add_format(body, ",\"type\":\"%s\",\"param\":null", status == 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error");
    buf_add_str(body, STR("}}"));
    answer_send(request, &(struct answer){ .status = status, .body = buf_str(body), .headers = headers });
}

void answer_refusal(struct request *request, enum refusal refusal, const char *field)
{
    int status = refusal_table[refusal].status;
    struct str headers = status == 401 ? STR("WWW-Authenticate: Bearer\r\n")
                       : status == 503 ? STR("Retry-After: 1\r\n")
                       : status == 429 ? STR("Retry-After: 5\r\n") : STR_EMPTY;
    refuse(request, status, refusal, field, headers);
}

void answer_status(struct request *request, int status, enum refusal refusal)
{
    refuse(request, status, refusal, NULL, STR_EMPTY);
}

void answer_limited(struct request *request, enum refusal refusal, int64_t wait_ms)
{
    request->gateway->counters.limited++;
    refuse(request, 429, refusal, NULL,
           arena_format(&request->arena, "Retry-After: %lld\r\n", (long long)(wait_ms + 999) / 1000));
}

void answer_not_allowed(struct request *request, struct str allow)
{
    refuse(request, 405, REFUSAL_METHOD_NOT_ALLOWED, NULL,
           arena_format(&request->arena, "Allow: %.*s\r\n", STR_ARG(allow)));
}

void answer_stream_head(const struct request *request, struct buf *out)
{
    buf_add_str(out, STR("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                         "Cache-Control: no-store\r\nVary: Authorization, Cookie, Origin\r\n"
                         "X-Accel-Buffering: no\r\nConnection: close\r\n" ANSWER_DATA_POLICY
                         "Cross-Origin-Resource-Policy: same-origin\r\n"));
    add_common(request, out);
    buf_add_str(out, STR("\r\n"));
}
